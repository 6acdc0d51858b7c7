// Pages of a list: reading which one is asked for, and writing the token that asks for the next (AIP-158).
//
//   const std::string arguments = absl::StrCat("ListMembers\n", parent, "\n", filter);
//   ASSIGN_OR_RETURN(Page page, ReadPage(request.page_size(), request.page_token(), arguments));
//   ... at most page.size items whose keys come after page.after ...
//   if (more) response.set_next_page_token(PageToken(last_key, arguments));
//
// A token says where the page before it ended, not how many items there were, so items that are added or taken away
// meanwhile make no other item appear twice or not at all.
//
// Threads: the functions are safe for concurrent use.
#ifndef TURNABOUT_SERVER_APP_PAGES_H_
#define TURNABOUT_SERVER_APP_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"

namespace turnabout {

// A token is base64url, without padding, of: one byte of version, eight of digest, then the key.
inline constexpr size_t kPageTokenOverhead = 9;
// The longest key whose token is within kPageTokenLengthMax.
inline constexpr size_t kPageKeyLengthMax = kPageTokenLengthMax * 3 / 4 - kPageTokenOverhead;

struct Page {
  int size = kPageSizeDefault;  // items at most; 1 to kPageSizeMax
  std::string after;            // the key that the page before ended with; empty for the first page
};

// The page that a request asks for. `arguments` is any text that has to be the same for all pages of one list: the
// method, the parent, the filter. A page_size of 0 is kPageSizeDefault, and one over kPageSizeMax is kPageSizeMax.
//
// Returns BAD_FIELDS for a negative page_size; then BAD_PAGE_TOKEN for a token that PageToken did not write for these
// arguments. The digest finds mistakes, not malice: anybody can work one out, so `after` says only where to start and
// must never decide what the caller may see.
absl::StatusOr<Page> ReadPage(int32_t page_size, absl::string_view page_token, absl::string_view arguments);

// The token for the page after the one that ended with the key `last`, which may hold any bytes. Never empty.
// REQUIRES: 0 < last.size() <= kPageKeyLengthMax.
std::string PageToken(absl::string_view last, absl::string_view arguments);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_PAGES_H_
