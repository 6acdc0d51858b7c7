// A backup is a folder with copies of a journal's blocks and a signed list of them. It is written while the server
// runs, needs no database to be read, and grows by what is new.
//
//   WriteBackup(journal, head, key, "/backups/riverside");     // everything, or what is new since the last time
//   absl::StatusOr<std::unique_ptr<Journal>> copy = OpenBackup("/backups/riverside");   // to be read as a journal
//   RestoreBackup(**copy, "/srv/new-data");
//
// docs/internals/format.md draws the files.
#ifndef TURNABOUT_STORE_AUDIT_BACKUP_H_
#define TURNABOUT_STORE_AUDIT_BACKUP_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/entry_proof.h"
#include "store/journal/journal.h"

namespace turnabout {

// A file of blocks is ended once it is this long.
inline constexpr uint64_t kBackupFileBytes = uint64_t{64} << 20;

struct BackupDone {
  uint64_t added_blocks = 0;
  uint64_t added_bytes = 0;
  SignedHead head;  // where the backup ends
};

// Copies the blocks up to `head` that are not in `path` yet, and then says so in its list, durably: a backup that is
// cut short leaves the earlier one. BAD_FIELDS for "path" unless it is absolute and leads to nothing, to an empty
// folder, or to an earlier backup of this journal; JOURNAL_UNAVAILABLE when it cannot be written; errors of
// Journal::Read.
absl::StatusOr<BackupDone> WriteBackup(const Journal& journal, const Head& head, const SigningKey& key,
                                       const std::string& path);

// The blocks of a backup as a journal that can only be read. JOURNAL_DAMAGED when the list is not as it was signed or a
// file is missing; JOURNAL_UNAVAILABLE when it is no backup or cannot be read.
absl::StatusOr<std::unique_ptr<Journal>> OpenBackup(const std::string& path);

// The head that the backup's list states, with its signature, which was checked. Errors: those of OpenBackup.
absl::StatusOr<SignedHead> ReadBackupHead(const std::string& path);

// Writes every block of `backup` into a new data folder, which has its name only once it is whole.
// FAILED_PRECONDITION, in plain words, unless `folder` is missing or empty; errors of Journal.
absl::Status RestoreBackup(const Journal& backup, const std::string& folder);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_BACKUP_H_
