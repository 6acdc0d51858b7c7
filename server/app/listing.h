// How every list of the API is read: a range of keys, a filter, and a page of it.
#ifndef TURNABOUT_SERVER_APP_LISTING_H_
#define TURNABOUT_SERVER_APP_LISTING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "server/app/filter.h"
#include "server/app/pages.h"
#include "store/keyspace.h"
#include "store/txn.h"

namespace turnabout {

// What a caller asked of a list.
struct ListQuery {
  int32_t page_size = 0;
  std::string page_token;
  std::string filter;
  std::string arguments;  // whatever else must be the same for every page
};

template <typename Request>
ListQuery QueryOf(const Request& request) {
  ListQuery query{request.page_size(), request.page_token(), "", request.GetDescriptor()->full_name()};
  if constexpr (requires { request.filter(); }) query.filter = request.filter();
  if constexpr (requires { request.parent(); }) absl::StrAppend(&query.arguments, "|", request.parent());
  absl::StrAppend(&query.arguments, "|", query.filter);
  return query;
}

// Visits rows of `range` after the page before until a page is full. `visit` gets a row and the filter, and returns
// true when the row is one of the list's. Returns the next page's token, empty at the end.
inline absl::StatusOr<std::string> ReadList(
    const Snapshot& snapshot, const KeyRange& range, const ListQuery& query, absl::Span<const absl::string_view> fields,
    absl::FunctionRef<bool(absl::string_view key, absl::string_view value, const Filter& filter)> visit) {
  ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(query.filter, fields));
  ASSIGN_OR_RETURN(const Page page, ReadPage(query.page_size, query.page_token, query.arguments));
  const std::string begin =
      page.after.empty() ? range.begin : std::max(range.begin, absl::StrCat(page.after, std::string(1, '\0')));
  std::string last;
  int found = 0;
  bool more = false;
  snapshot.Scan(begin, range.end, [&](absl::string_view key, absl::string_view value) {
    if (found == page.size) {
      more = true;
      return false;
    }
    if (visit(key, value, filter)) {
      ++found;
      last = std::string(key);
    }
    return true;
  });
  return more ? PageToken(last, query.arguments) : std::string();
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_LISTING_H_
