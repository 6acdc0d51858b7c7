// The Book is compared with itself: its accounts with its entries, by other code than what keeps them.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "ledger/book/book.h"

namespace turnabout {
namespace {

absl::Status Disagree(const std::string& problem) { return Refuse(Reason::kBooksDisagree, {{"problem", problem}}); }

}  // namespace

// What all entries together come to.
struct Book::Sums {
  absl::flat_hash_map<AccountKey, int64_t> posted;
  std::map<std::pair<EntryId, AccountKey>, int64_t> reserved;  // by a set of open holds, for an account
  std::map<AccountKey, std::pair<int64_t, int64_t>> held;      // out, in
};

Book::Sums Book::SumEntries() const {
  Sums sums;
  for (const auto& [scheme, totals] : schemes_.base()) {
    entries_.VisitScheme(scheme, 1, [&](const Entry& entry, uint64_t sequence) {
      if (entry.state == EntryState::kPosted) {
        sums.posted[entry.from_key()] -= entry.amount;
        sums.posted[entry.to_key()] += entry.amount;
      } else if (entry.state == EntryState::kHeld &&
                 RowOf(entry, sequence, Layer::kDurable).current == EntryState::kHeld) {
        sums.reserved[{entry.related, entry.from_key()}] -= entry.amount;
        sums.reserved[{entry.related, entry.to_key()}] += entry.amount;
      }
      return true;
    });
  }
  for (const auto& [key, net] : sums.reserved) {
    sums.held[key.second].first += std::max<int64_t>(-net, 0);
    sums.held[key.second].second += std::max<int64_t>(net, 0);
  }
  return sums;
}

absl::Status Book::CheckAccount(const Accounts::Slot& slot, Sums& sums) const {
  const Account& account = slot.durable.account;
  const std::string text = AccountText(slot.key);
  if (account.posted != sums.posted[slot.key]) return Disagree(absl::StrCat("balance of ", text));
  if (std::make_pair(account.held_out, account.held_in) != sums.held[slot.key]) {
    return Disagree(absl::StrCat("holds of ", text));
  }
  if (BalancesAt(slot.key, kLatestSequence) != Balances{account.posted, account.held_out, account.held_in}) {
    return Disagree(absl::StrCat("history of ", text));
  }
  if (account.given - account.received != account.posted) {
    return Disagree(absl::StrCat("given and received of ", text));
  }
  return absl::OkStatus();
}

absl::Status Book::Check() const {
  Sums sums = SumEntries();
  std::map<std::pair<uint32_t, Unit>, int64_t> totals;
  absl::Status checked;
  accounts_.ForEach([&](const Accounts::Slot& slot) {
    if (checked.ok()) checked = CheckAccount(slot, sums);
    if (checked.ok()) totals[{slot.key.scheme, slot.key.unit}] += slot.durable.account.posted;
  });
  RETURN_IF_ERROR(checked);
  for (const auto& [key, sum] : totals) {
    if (sum != 0) return Disagree(absl::StrCat("scheme ", key.first, "'s ", NameOf(key.second), " sum to ", sum));
  }
  return absl::OkStatus();
}

}  // namespace turnabout
