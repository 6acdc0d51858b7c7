#include "ledger/rules/limits.h"

#include "absl/strings/str_cat.h"
#include "base/minutes.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

absl::Status BelowFloor(const AccountKey& key, int64_t would_be, int64_t floor) {
  const std::string account = AccountText(key);
  const std::string after = absl::StrCat(would_be);
  if (key.unit == Unit::kMinutes) {
    return Refuse(Reason::kCreditLimitReached,
                  {{"account", account}, {"would_be", after}, {"limit", absl::StrCat(floor)}});
  }
  if (floor >= 0) return Refuse(Reason::kPledgeNeeded, {{"account", account}, {"would_be", after}});
  return Refuse(Reason::kTurnNeeded, {{"account", account}, {"would_be", after}, {"limit", absl::StrCat(-floor)}});
}

}  // namespace

absl::Status JudgeLimits(const AccountKey& key, const Account& account, int64_t net) {
  ASSIGN_OR_RETURN(const int64_t posted, CheckedAdd(account.posted, net));
  if (net < 0) {
    ASSIGN_OR_RETURN(const int64_t lowest, CheckedAdd(posted, -account.held_out));
    if (lowest < account.limits.floor) return BelowFloor(key, lowest, account.limits.floor);
  }
  if (net > 0) {
    ASSIGN_OR_RETURN(const int64_t highest, CheckedAdd(posted, account.held_in));
    if (highest > account.limits.ceiling) {
      return Refuse(Reason::kCeilingReached, {{"account", AccountText(key)},
                                              {"would_be", absl::StrCat(highest)},
                                              {"limit", absl::StrCat(account.limits.ceiling)}});
    }
  }
  return absl::OkStatus();
}

}  // namespace turnabout
