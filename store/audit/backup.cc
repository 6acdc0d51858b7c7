#include "store/audit/backup.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/audit/backup_list.h"
#include "store/audit/prove.h"
#include "store/journal/chain.h"
#include "store/journal/damage.h"
#include "store/journal/folder_journal.h"
#include "store/journal/posix_file.h"

namespace turnabout {
namespace {

constexpr size_t kBodyBytesAt = 28;  // where a header says how long its body is

absl::Status BadPath(absl::string_view description) { return RefuseFields({{"path", std::string(description)}}); }

bool IsMissingOrEmpty(const std::string& path) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::not_found) return true;
  return kind == std::filesystem::file_type::directory && std::filesystem::is_empty(path, error) && !error;
}

// The list of the earlier backup in `path`, or of none.
absl::StatusOr<BackupList> ListToAddTo(const std::string& path, const Journal& journal, const Head& head) {
  if (!absl::StartsWith(path, "/")) return BadPath("Give an absolute path on the server's machine");
  if (IsMissingOrEmpty(path)) return BackupList();
  ASSIGN_OR_RETURN(const std::optional<BackupList> list, ReadBackupList(path));
  if (!list.has_value()) return BadPath("Give a path of nothing yet, of an empty folder, or of an earlier backup");
  const SignedHead& then = list->head;
  if (then.block == 0) return *list;
  ASSIGN_OR_RETURN(const std::vector<std::string> header, then.block > head.number
                                                              ? std::vector<std::string>()
                                                              : ReadHeaders(journal, then.block, then.block));
  if (header.size() != 1 || Sha256({header[0]}) != then.hash) return BadPath("It holds a backup of another journal");
  return *list;
}

// Gathers blocks into files.
class BackupWriter {
 public:
  BackupWriter(std::string folder, BackupList& list) : folder_(std::move(folder)), list_(list) {}

  absl::Status Add(const Block& block) {
    if (bytes_.empty()) first_ = block.header.number;
    bytes_ += EncodeBlock(block);
    last_ = block.header.number;
    return bytes_.size() >= kBackupFileBytes ? Flush() : absl::OkStatus();
  }

  // Writes what was gathered, durably.
  absl::Status Flush() {
    if (bytes_.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(WriteFileDurably(folder_, BackupFileName(first_), bytes_));
    list_.files.push_back({.first = first_, .last = last_, .bytes = bytes_.size()});
    bytes_.clear();
    return absl::OkStatus();
  }

 private:
  const std::string folder_;
  BackupList& list_;
  std::string bytes_;
  uint64_t first_ = 0;
  uint64_t last_ = 0;
};

class BackupJournal : public Journal {
 public:
  BackupJournal(std::string folder, BackupList list) : folder_(std::move(folder)), list_(std::move(list)) {}

  absl::string_view backend() const override { return "backup"; }
  absl::Status Append(const Block&) override {
    return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}, {"problem", "it is a backup"}});
  }
  absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const override;
  absl::StatusOr<Head> ReadHead() const override {
    const SignedHead& head = list_.head;
    return Head{
        .number = head.block, .last_sequence = head.last_sequence, .hash = head.hash, .time_micros = head.time_micros};
  }

 private:
  absl::Status ReadFileInto(const BackupFile& file, ChainReader& chain,
                            absl::FunctionRef<absl::Status(const Block&)> visit) const;

  const std::string folder_;
  const BackupList list_;
};

absl::Status BackupJournal::Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const {
  if (from > list_.head.block) return absl::OkStatus();
  ChainReader chain(from);
  const auto check_head = [&](const Block& block) -> absl::Status {
    if (block.header.number == list_.head.block && block.AsHead().hash != list_.head.hash) {
      return DamagedBlock(block.header.number, "it is not the block that the file BACKUP names as its head");
    }
    return visit(block);
  };
  for (const BackupFile& file : list_.files) {
    if (file.last >= chain.first()) RETURN_IF_ERROR(ReadFileInto(file, chain, check_head));
  }
  return absl::OkStatus();
}

absl::Status BackupJournal::ReadFileInto(const BackupFile& file, ChainReader& chain,
                                         absl::FunctionRef<absl::Status(const Block&)> visit) const {
  const std::string name = BackupFileName(file.first);
  if (!FileExists(absl::StrCat(folder_, "/", name))) return DamagedBlock(file.first, absl::StrCat(name, " is missing"));
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(absl::StrCat(folder_, "/", name)));
  if (bytes.size() != file.bytes)
    return DamagedBlock(file.first, absl::StrCat(name, " has another length than it should"));
  absl::string_view rest = bytes;
  for (uint64_t number = file.first; number <= file.last; ++number) {
    if (rest.size() < kBlockHeaderBytes) return DamagedBlock(number, absl::StrCat(name, " ends before it"));
    uint64_t size = kBlockHeaderBytes;
    for (size_t i = 0; i < 4; ++i) size += uint64_t{static_cast<uint8_t>(rest[kBodyBytesAt + i])} << (8 * i);
    if (rest.size() < size) return DamagedBlock(number, absl::StrCat(name, " ends inside it"));
    if (number >= chain.first()) RETURN_IF_ERROR(chain.Next(rest.substr(0, size), visit));
    rest.remove_prefix(size);
  }
  return rest.empty() ? absl::OkStatus() : DamagedBlock(file.last, absl::StrCat(name, " goes on after it"));
}

absl::StatusOr<BackupList> ListOf(const std::string& path) {
  ASSIGN_OR_RETURN(const std::optional<BackupList> list, ReadBackupList(path));
  if (list.has_value()) return *list;
  const std::string problem = absl::StrCat(path, " is no backup: it has no file BACKUP");
  return Refuse(Reason::kJournalUnavailable, {{"verb", "opened"}, {"problem", problem}});
}

}  // namespace

absl::StatusOr<BackupDone> WriteBackup(const Journal& journal, const Head& head, const SigningKey& key,
                                       const std::string& path) {
  ASSIGN_OR_RETURN(BackupList list, ListToAddTo(path, journal, head));
  RETURN_IF_ERROR(MakeFolder(path));
  const uint64_t have = list.head.block;
  BackupDone done;
  for (const BackupFile& file : list.files) done.added_bytes -= file.bytes;
  BackupWriter writer(path, list);
  const absl::Status read = journal.Read(have + 1, [&](const Block& block) -> absl::Status {
    if (block.header.number > head.number) return absl::OutOfRangeError("past the head");
    return writer.Add(block);
  });
  if (!read.ok() && !absl::IsOutOfRange(read)) return read;
  RETURN_IF_ERROR(writer.Flush());
  for (const BackupFile& file : list.files) done.added_bytes += file.bytes;
  done.added_blocks = head.number - have;
  list.head = done.head = SignedHeadOf(head, key);
  RETURN_IF_ERROR(WriteBackupList(path, list));
  return done;
}

absl::StatusOr<std::unique_ptr<Journal>> OpenBackup(const std::string& path) {
  ASSIGN_OR_RETURN(BackupList list, ListOf(path));
  return std::make_unique<BackupJournal>(path, std::move(list));
}

absl::StatusOr<SignedHead> ReadBackupHead(const std::string& path) {
  ASSIGN_OR_RETURN(const BackupList list, ListOf(path));
  return list.head;
}

absl::Status RestoreBackup(const Journal& backup, const std::string& folder) {
  if (!IsMissingOrEmpty(folder)) {
    return absl::FailedPreconditionError(absl::StrCat(folder, " is not empty: restore into a new folder."));
  }
  std::string trimmed = folder;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const std::string partial = trimmed + ".restoring";
  if (FileExists(partial)) {
    return absl::FailedPreconditionError(
        absl::StrCat(partial, " is there from a restore that was cut short: remove it first."));
  }
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Journal> journal, MakeFolderJournal(partial));
    RETURN_IF_ERROR(backup.Read(1, [&](const Block& block) { return journal->Append(block); }));
  }
  std::error_code error;
  std::filesystem::rename(partial, trimmed, error);
  if (!error) return absl::OkStatus();
  return Refuse(Reason::kJournalUnavailable,
                {{"verb", "written"}, {"problem", absl::StrCat(trimmed, ": ", error.message())}});
}

}  // namespace turnabout
