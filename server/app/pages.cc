#include "server/app/pages.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/sha256.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

constexpr absl::string_view kVersion = "\x01";
constexpr size_t kDigestLength = 8;
static_assert(kPageTokenOverhead == kVersion.size() + kDigestLength);

// Of the arguments and of the key too, so that a token with any byte changed is refused. The arguments go in as their
// own digest, so that no byte can move from them into the key.
std::string DigestOf(absl::string_view last, absl::string_view arguments) {
  const Sha256Digest digest = Sha256({kVersion, AsView(Sha256({arguments})), last});
  return std::string(AsView(digest).substr(0, kDigestLength));
}

absl::StatusOr<std::string> KeyIn(absl::string_view page_token, absl::string_view arguments) {
  std::string bytes;
  if (page_token.size() > kPageTokenLengthMax || !absl::WebSafeBase64Unescape(page_token, &bytes) ||
      bytes.size() <= kPageTokenOverhead) {
    return Refuse(Reason::kBadPageToken);
  }
  std::string last = bytes.substr(kPageTokenOverhead);
  // Writing it again checks the version and the digest, and that there is one spelling.
  if (last.size() > kPageKeyLengthMax || PageToken(last, arguments) != page_token) {
    return Refuse(Reason::kBadPageToken);
  }
  return last;
}

}  // namespace

absl::StatusOr<Page> ReadPage(int32_t page_size, absl::string_view page_token, absl::string_view arguments) {
  if (page_size < 0) {
    return RefuseFields({{"page_size", absl::StrCat("Enter a number from 0 to ", kPageSizeMax)}});
  }
  Page page;
  if (page_size > 0) page.size = std::min<int>(page_size, kPageSizeMax);
  if (page_token.empty()) return page;
  ASSIGN_OR_RETURN(page.after, KeyIn(page_token, arguments));
  return page;
}

std::string PageToken(absl::string_view last, absl::string_view arguments) {
  TURNABOUT_CHECK(!last.empty() && last.size() <= kPageKeyLengthMax);
  return absl::WebSafeBase64Escape(absl::StrCat(kVersion, DigestOf(last, arguments), last));
}

}  // namespace turnabout
