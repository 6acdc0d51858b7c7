// Holds that are open, by when they end.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "server/app/books.h"
#include "server/app/books_movement.h"
#include "server/app/pages.h"

namespace turnabout {
namespace {

// Sorts holds by their end, those without one last, and tells them apart.
std::string OrderOf(const Entry& hold) {
  const int64_t end = hold.hold_seconds == 0 ? INT64_MAX : absl::ToUnixMicros(hold.expires());
  return absl::StrCat(absl::StrFormat("%020d", end), hold.id.ToString());
}

// Which of a scheme's holds are asked for.
struct Wanted {
  std::optional<AccountKey> account;
  absl::Time before = absl::InfiniteFuture();

  bool Holds(const Entry& hold) const {
    if (before != absl::InfiniteFuture() && hold.expires() >= before) return false;
    return !account.has_value() || hold.from_key() == *account || hold.to_key() == *account;
  }
};

}  // namespace

absl::StatusOr<v1::ListHoldsResponse> Books::ListHolds(const v1::ListHoldsRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  if (!request.account().empty()) CheckAccountName("account", request.account(), problems);
  RETURN_IF_ERROR(problems.ToStatus());
  const google::protobuf::Timestamp& before = request.expire_before_time();
  const std::string arguments =
      absl::StrCat("ListHolds|", request.parent(), "|", request.account(), "|", before.ShortDebugString());
  return RunRead<v1::ListHoldsResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListHoldsResponse& response) -> absl::Status {
        const Book& book = context_.book();
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const Page page, ReadPage(request.page_size(), request.page_token(), arguments));
        Wanted wanted;
        if (!request.account().empty()) {
          ASSIGN_OR_RETURN(wanted.account, AccountNamed(*scheme, request.account()));
          if (book.FindAccount(*wanted.account, snapshot.layer()) == nullptr) {
            return Refuse(Reason::kAccountNotFound, {{"name", request.account()}});
          }
        }
        if (request.has_expire_before_time()) {
          wanted.before = absl::FromUnixSeconds(before.seconds()) + absl::Nanoseconds(before.nanos());
        }
        std::vector<std::pair<std::string, EntryId>> holds;
        for (const OpenHold* hold : book.OpenHolds(scheme->number())) {
          if (wanted.Holds(hold->entry)) holds.emplace_back(OrderOf(hold->entry), hold->entry.id);
        }
        std::sort(holds.begin(), holds.end());
        std::string last;
        for (const auto& [order, id] : holds) {
          if (order <= page.after) continue;
          if (response.holds_size() == page.size) {
            response.set_next_page_token(PageToken(last, arguments));
            break;
          }
          *response.add_holds() = ToApi(book, snapshot, *scheme, *book.FindEntry(id, snapshot.layer()));
          last = order;
        }
        return absl::OkStatus();
      });
}

}  // namespace turnabout
