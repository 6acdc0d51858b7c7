// How a Book is compared with itself and with another: from its entries alone, by other code than what keeps it.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "ledger/book/book.h"

namespace turnabout {
namespace {

absl::Status Disagree(const std::string& problem) { return Refuse(Reason::kBooksDisagree, {{"problem", problem}}); }

std::string TextOf(const Account& account) {
  return absl::StrCat(account.posted, " ", account.held_out, " ", account.held_in, " ", account.given, " ",
                      account.received, " ", account.limits.floor, " ", account.limits.ceiling);
}

}  // namespace

Sha256Digest Book::Digest() const {
  std::map<AccountKey, const Account*> accounts;
  for (const auto& [key, account] : accounts_.base()) accounts.emplace(key, &account);
  Sha256Digest digest{};
  for (const auto& [key, account] : accounts) {
    digest = Sha256({AsView(digest), EncodeAccountChange({key, account->limits}), TextOf(*account)});
  }
  std::map<uint32_t, const std::vector<EntryId>*> schemes;
  for (const auto& [scheme, entries] : entries_of_scheme_) schemes.emplace(scheme, &entries);
  for (const auto& [scheme, entries] : schemes) {
    for (const EntryId& id : *entries) {
      const EntryRow& row = *FindEntry(id, Layer::kDurable);
      digest = Sha256(
          {AsView(digest), EncodeEntry(row.entry), row.resolution.view(), row.reversal.view(), NameOf(row.current)});
    }
  }
  return digest;
}

absl::Status Book::CheckBalances() const {
  std::map<AccountKey, int64_t> posted;
  std::map<std::pair<uint32_t, Unit>, int64_t> sums;
  // What each set of open holds comes to for each account.
  std::map<std::pair<EntryId, AccountKey>, int64_t> reserved;
  for (const EntryRow& row : entries_.base()) {
    const Entry& entry = row.entry;
    if (entry.state == EntryState::kPosted) {
      posted[entry.from_key()] -= entry.amount;
      posted[entry.to_key()] += entry.amount;
    } else if (entry.state == EntryState::kHeld && row.current == EntryState::kHeld) {
      reserved[{entry.related, entry.from_key()}] -= entry.amount;
      reserved[{entry.related, entry.to_key()}] += entry.amount;
    }
  }
  std::map<AccountKey, std::pair<int64_t, int64_t>> held;  // out, in
  for (const auto& [key, net] : reserved) {
    held[key.second].first += std::max<int64_t>(-net, 0);
    held[key.second].second += std::max<int64_t>(net, 0);
  }
  for (const auto& [key, account] : accounts_.base()) {
    sums[{key.scheme, key.unit}] += account.posted;
    if (account.posted != posted[key]) return Disagree(absl::StrCat("balance of ", AccountText(key)));
    if (account.held_out != held[key].first || account.held_in != held[key].second) {
      return Disagree(absl::StrCat("holds of ", AccountText(key)));
    }
    const auto history = history_of_account_.find(key);
    const Balances last = history == history_of_account_.end() ? Balances{} : history->second.after.back();
    if (last != Balances{account.posted, account.held_out, account.held_in}) {
      return Disagree(absl::StrCat("history of ", AccountText(key)));
    }
    if (account.given - account.received != account.posted) {
      return Disagree(absl::StrCat("given and received of ", AccountText(key)));
    }
  }
  for (const auto& [key, sum] : sums) {
    if (sum != 0) return Disagree(absl::StrCat("scheme ", key.first, "'s ", NameOf(key.second), " sum to ", sum));
  }
  return absl::OkStatus();
}

}  // namespace turnabout
