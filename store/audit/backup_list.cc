#include "store/audit/backup_list.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"
#include "store/journal/posix_file.h"

namespace turnabout {
namespace {

constexpr char kName[] = "BACKUP";

absl::Status Damaged(absl::string_view problem) { return DamagedPlace("the file BACKUP", problem); }

// Everything but the last line, which is the digest of what is before it.
std::string TextOf(const BackupList& list) {
  const SignedHead& head = list.head;
  std::string text = absl::StrCat("turnabout backup 1\nhead ", head.block, " ", head.last_sequence, " ",
                                  head.time_micros, " ", ToHex(head.hash), "\npublic-key ", BytesToHex(head.public_key),
                                  "\nsignature ", BytesToHex(head.signature), "\n");
  for (const BackupFile& file : list.files) {
    absl::StrAppend(&text, "blocks ", file.first, " ", file.last, " ", file.bytes, "\n");
  }
  return text;
}

std::string WithDigest(const std::string& text) { return absl::StrCat(text, "digest ", ToHex(Sha256({text})), "\n"); }

bool ReadFields(const std::vector<absl::string_view>& words, BackupList& list) {
  SignedHead& head = list.head;
  if (words.size() == 5 && words[0] == "head") {
    return absl::SimpleAtoi(words[1], &head.block) && absl::SimpleAtoi(words[2], &head.last_sequence) &&
           absl::SimpleAtoi(words[3], &head.time_micros) && BytesFromHex(words[4], head.hash);
  }
  if (words.size() == 2 && words[0] == "public-key") return BytesFromHex(words[1], head.public_key);
  if (words.size() == 2 && words[0] == "signature") return BytesFromHex(words[1], head.signature);
  if (words.size() != 4 || words[0] != "blocks") return false;
  BackupFile file;
  if (!absl::SimpleAtoi(words[1], &file.first) || !absl::SimpleAtoi(words[2], &file.last)) return false;
  const uint64_t expected = list.files.empty() ? 1 : list.files.back().last + 1;
  if (!absl::SimpleAtoi(words[3], &file.bytes) || file.first != expected || file.last < file.first) return false;
  list.files.push_back(file);
  return true;
}

}  // namespace

std::string BackupFileName(uint64_t first_block) { return absl::StrFormat("blocks-%020d", first_block); }

absl::StatusOr<std::optional<BackupList>> ReadBackupList(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kName);
  if (!FileExists(path)) return std::optional<BackupList>();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  BackupList list;
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  for (size_t i = 1; i + 2 < lines.size(); ++i) {
    if (!ReadFields(absl::StrSplit(lines[i], ' '), list)) return Damaged("it cannot be read");
  }
  if (WithDigest(TextOf(list)) != text) return Damaged("it is not as it was written");
  const uint64_t last = list.files.empty() ? 0 : list.files.back().last;
  if (last != list.head.block) return Damaged("it names other blocks than lead to its head");
  if (!IsHeadSigned(list.head)) return Damaged("its head is not signed by the key it names");
  return std::make_optional(std::move(list));
}

absl::Status WriteBackupList(const std::string& folder, const BackupList& list) {
  return WriteFileDurably(folder, kName, WithDigest(TextOf(list)));
}

}  // namespace turnabout
