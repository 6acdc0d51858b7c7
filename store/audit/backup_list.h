// The list of a backup: the file BACKUP, a few lines of text that say which files hold which blocks, and where the
// journal ended, signed by the server.
#ifndef TURNABOUT_STORE_AUDIT_BACKUP_LIST_H_
#define TURNABOUT_STORE_AUDIT_BACKUP_LIST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/entry_proof.h"

namespace turnabout {

// One file of blocks, one after the other. Its name follows from its first block.
struct BackupFile {
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t bytes = 0;
  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupList {
  SignedHead head;
  std::vector<BackupFile> files;
};

// "blocks-00000000000000000001"
std::string BackupFileName(uint64_t first_block);

// Reads `folder`/BACKUP; nothing when there is no such file. JOURNAL_DAMAGED unless it is exactly what was written,
// signed, and without gaps.
absl::StatusOr<std::optional<BackupList>> ReadBackupList(const std::string& folder);

// Replaces `folder`/BACKUP, durably.
absl::Status WriteBackupList(const std::string& folder, const BackupList& list);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_BACKUP_LIST_H_
