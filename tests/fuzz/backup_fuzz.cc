// Any bytes as the list of a backup, and any bytes as its blocks under a list that is right: a backup is read as it was
// written up to the first block that is not, or is refused.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/reason.h"
#include "store/audit/backup.h"
#include "store/audit/backup_list.h"
#include "store/codec.h"
#include "store/journal/block.h"
#include "tests/fuzz/scratch.h"

namespace turnabout {
namespace {

constexpr size_t kBodyBytesAt = 28;  // where a header says how long its body is

void ReadBlocks(const Scratch& folder) {
  const absl::StatusOr<std::unique_ptr<Journal>> backup = OpenBackup(folder.path());
  TURNABOUT_CHECK(backup.ok() || IsRefusedFor(backup.status(), Reason::kJournalDamaged));
  if (!backup.ok()) return;
  Head end;
  const absl::Status read = (*backup)->Read(1, [&](const Block& block) {
    TURNABOUT_CHECK(CheckFollows(block, end).ok());
    end = block.AsHead();
    return absl::OkStatus();
  });
  TURNABOUT_CHECK(read.ok() || IsRefusedFor(read, Reason::kJournalDamaged));
  if (read.ok()) TURNABOUT_CHECK(end.number == (*backup)->ReadHead()->number);
}

// As the list: as it is, or with the digest that belongs to it at its end, which chance does not find.
void ReadAsList(const Scratch& folder, const std::string& bytes, bool with_digest) {
  folder.Write("BACKUP", with_digest ? absl::StrCat(bytes, "digest ", ToHex(Sha256({bytes})), "\n") : bytes);
  ReadBlocks(folder);
}

// As one file of blocks, with a list that was signed over the last of them.
void ReadAsBlocks(const Scratch& folder, const std::string& bytes) {
  BackupList list;
  absl::string_view header;
  for (absl::string_view rest = bytes; rest.size() >= kBlockHeaderBytes;) {
    header = rest.substr(0, kBlockHeaderBytes);
    rest.remove_prefix(kBlockHeaderBytes);
    rest.remove_prefix(std::min<size_t>(rest.size(), Cursor(header.substr(kBodyBytesAt)).Fixed32()));
    ++list.head.block;
  }
  list.head.hash = Sha256({header});
  if (list.head.block > 0) list.files.push_back({.first = 1, .last = list.head.block, .bytes = bytes.size()});
  SignHead(SigningKey(SecretKey{7}), list.head);
  folder.Write(BackupFileName(1), bytes);
  TURNABOUT_CHECK(WriteBackupList(folder.path(), list).ok());
  const absl::StatusOr<SignedHead> head = ReadBackupHead(folder.path());
  TURNABOUT_CHECK(head.ok() && head->hash == list.head.hash);
  ReadBlocks(folder);
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  static const auto* const folder = new Scratch();
  folder->Clear();
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 2) {
    ReadAsBlocks(*folder, bytes);
  } else {
    ReadAsList(*folder, bytes, data[0] % 3 == 1);
  }
  return 0;
}
