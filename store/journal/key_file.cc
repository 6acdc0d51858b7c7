#include "store/journal/key_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"
#include "store/journal/posix_file.h"

namespace turnabout {
namespace {

constexpr char kName[] = "KEY";
constexpr unsigned kOwnerOnly = 0600;

// The public part is there so that a damaged file is told from another key.
std::string TextOf(const SigningKey& key) {
  return absl::StrCat("turnabout key 1\nsecret ", BytesToHex(key.secret()), "\npublic ", BytesToHex(key.public_key()),
                      "\n");
}

absl::StatusOr<SigningKey> ReadKey(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, absl::ByAnyChar(" \n"));
  SecretKey secret{};
  if (words.size() > 4 && BytesFromHex(words[4], secret)) {
    const SigningKey key(secret);
    if (TextOf(key) == text) return key;
  }
  return DamagedPlace("the file KEY", "it is not as it was written");
}

}  // namespace

absl::StatusOr<SigningKey> OpenKeyFile(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kName);
  if (FileExists(path)) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    return ReadKey(text);
  }
  const SigningKey key = SigningKey::Draw();
  RETURN_IF_ERROR(WriteFileDurably(folder, kName, TextOf(key), kOwnerOnly));
  return key;
}

}  // namespace turnabout
