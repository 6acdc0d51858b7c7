#include "ledger/book/book.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

absl::Status Damaged(uint64_t sequence, absl::string_view problem) {
  return Refuse(Reason::kJournalDamaged,
                {{"block", "?"}, {"problem", absl::StrCat("record ", sequence, ": ", problem)}});
}

template <typename Map, typename Key>
const auto& ListOf(const Map& map, const Key& key) {
  static const auto* const empty = new typename Map::mapped_type();
  const auto found = map.find(key);
  return found == map.end() ? *empty : found->second;
}

}  // namespace

absl::Status Book::Stage(const RecordView& record) {
  if (record.kind == RecordKind::kAccount) return StageAccount(record);
  if (record.kind == RecordKind::kEntry) return StageEntry(record);
  return absl::OkStatus();
}

absl::Status Book::StageAccount(const RecordView& record) {
  ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(record.payload));
  const Account* before = FindAccount(change.key, Layer::kWorking);
  Account after = before == nullptr ? Account{} : *before;
  after.limits = change.limits;
  if (before == nullptr) fresh_accounts_.push_back(change.key);
  accounts_.Put(change.key, after);
  return absl::OkStatus();
}

absl::Status Book::StageEntry(const RecordView& record) {
  ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(record.payload));
  if (FindAccount(entry.from_key(), Layer::kWorking) == nullptr ||
      FindAccount(entry.to_key(), Layer::kWorking) == nullptr) {
    return Damaged(record.sequence, "an entry's account was never opened");
  }
  if (FindEntry(entry.id, Layer::kWorking) != nullptr) return Damaged(record.sequence, "an entry's id comes twice");
  if (entry.number != FindScheme(entry.scheme, Layer::kWorking).entries + 1) {
    return Damaged(record.sequence, "an entry's number is not the next");
  }
  EntryRow row{entry, record.sequence, {}, entry.state, {}, 0};
  const Set* set = entry.state == EntryState::kHeld ? sets_.Find(entry.related, Layer::kWorking) : nullptr;
  if (set != nullptr) row.place = set->holds;
  entries_.Put(entry.id, row);
  if (entry.state == EntryState::kHeld) {
    RETURN_IF_ERROR(StageHold(row));
  } else if (entry.kind == EntryKind::kReversal) {
    RETURN_IF_ERROR(StageReversal(entry));
  } else if (!entry.related.empty()) {
    RETURN_IF_ERROR(StageResolution(entry));
  } else if (entry.state != EntryState::kPosted) {
    return Damaged(record.sequence, "an entry releases a hold without naming it");
  }
  if (entry.state == EntryState::kPosted) Move(entry);
  Count(entry);
  fresh_entries_.push_back({entry.id, BalancesNow(entry.from_key()), BalancesNow(entry.to_key())});
  return absl::OkStatus();
}

absl::Status Book::StageHold(const EntryRow& row) {
  if (row.entry.related.empty()) return Damaged(row.sequence, "a hold belongs to no set");
  JoinSet(row);
  if (row.entry.hold_seconds > 0) expiries_.Put({absl::ToUnixMicros(row.entry.expires()), row.entry.id}, true);
  return absl::OkStatus();
}

absl::Status Book::StageResolution(const Entry& entry) {
  const EntryRow* found = FindEntry(entry.related, Layer::kWorking);
  if (found == nullptr || found->current != EntryState::kHeld || found->entry.amount < entry.amount ||
      found->entry.from_key() != entry.from_key() || found->entry.to_key() != entry.to_key()) {
    return Damaged(0, absl::StrCat("entry ", entry.number, " resolves no open hold of its own"));
  }
  EntryRow hold = *found;
  hold.resolution = entry.id;
  hold.current = entry.state;
  entries_.Put(hold.entry.id, hold);
  LeaveSet(hold);
  if (hold.entry.hold_seconds > 0) expiries_.Erase({absl::ToUnixMicros(hold.entry.expires()), hold.entry.id});
  return absl::OkStatus();
}

absl::Status Book::StageReversal(const Entry& entry) {
  const EntryRow* found = FindEntry(entry.related, Layer::kWorking);
  if (found == nullptr || found->entry.state != EntryState::kPosted || !found->reversal.empty() ||
      found->entry.kind == EntryKind::kReversal || found->entry.amount != entry.amount ||
      found->entry.from_key() != entry.to_key() || found->entry.to_key() != entry.from_key()) {
    return Damaged(0, absl::StrCat("entry ", entry.number, " reverses no posted entry"));
  }
  EntryRow reversed = *found;
  reversed.reversal = entry.id;
  entries_.Put(reversed.entry.id, reversed);
  return absl::OkStatus();
}

// Moves a posted amount. A reversal takes back what was given and received rather than adding to it.
void Book::Move(const Entry& entry) {
  const bool back = entry.kind == EntryKind::kReversal;
  Account from = *FindAccount(entry.from_key(), Layer::kWorking);
  from.posted -= entry.amount;
  (back ? from.given : from.received) += back ? -entry.amount : entry.amount;
  accounts_.Put(entry.from_key(), from);
  Account to = *FindAccount(entry.to_key(), Layer::kWorking);
  to.posted += entry.amount;
  (back ? to.received : to.given) += back ? -entry.amount : entry.amount;
  accounts_.Put(entry.to_key(), to);
}

// Changes what a set of open holds comes to for an account, and with it what the account has reserved.
void Book::Reserve(const EntryId& set_id, const AccountKey& key, int64_t change) {
  const NetKey net_key{set_id, key};
  const int64_t* found = nets_.Find(net_key, Layer::kWorking);
  const int64_t before = found == nullptr ? 0 : *found;
  const int64_t after = before + change;
  if (after == 0) {
    nets_.Erase(net_key);
  } else {
    nets_.Put(net_key, after);
  }
  Account account = *FindAccount(key, Layer::kWorking);
  account.held_in += std::max<int64_t>(after, 0) - std::max<int64_t>(before, 0);
  account.held_out += std::max<int64_t>(-after, 0) - std::max<int64_t>(-before, 0);
  TURNABOUT_CHECK(account.held_in >= 0 && account.held_out >= 0);
  accounts_.Put(key, account);
}

void Book::JoinSet(const EntryRow& hold) {
  const Entry& entry = hold.entry;
  const Set* found = sets_.Find(entry.related, Layer::kWorking);
  const Set before = found == nullptr ? Set{} : *found;
  sets_.Put(entry.related, {before.holds + 1, before.open + 1});
  in_sets_.Put({entry.related, hold.place}, entry.id);
  Reserve(entry.related, entry.from_key(), -entry.amount);
  Reserve(entry.related, entry.to_key(), entry.amount);
}

void Book::LeaveSet(const EntryRow& hold) {
  const Entry& entry = hold.entry;
  const Set before = *sets_.Find(entry.related, Layer::kWorking);
  if (before.open == 1) {
    sets_.Erase(entry.related);
  } else {
    sets_.Put(entry.related, {before.holds, before.open - 1});
  }
  in_sets_.Erase({entry.related, hold.place});
  Reserve(entry.related, entry.from_key(), entry.amount);
  Reserve(entry.related, entry.to_key(), -entry.amount);
}

void Book::Count(const Entry& entry) {
  SchemeBook scheme = FindScheme(entry.scheme, Layer::kWorking);
  ++scheme.entries;
  if (entry.state == EntryState::kPosted && entry.unit == Unit::kMinutes) {
    const bool back = entry.kind == EntryKind::kReversal;
    const EntryKind kind = back ? FindEntry(entry.related, Layer::kWorking)->entry.kind : entry.kind;
    if (kind == EntryKind::kExchange || kind == EntryKind::kActivity) {
      scheme.minutes_of_help += back ? -entry.amount : entry.amount;
    }
  }
  schemes_.Put(entry.scheme, scheme);
}

void Book::Keep() {
  accounts_.Keep();
  entries_.Keep();
  sets_.Keep();
  in_sets_.Keep();
  nets_.Keep();
  schemes_.Keep();
  expiries_.Keep();
  kept_entries_ = fresh_entries_.size();
  kept_accounts_ = fresh_accounts_.size();
}

void Book::Drop() {
  accounts_.Drop();
  entries_.Drop();
  sets_.Drop();
  in_sets_.Drop();
  nets_.Drop();
  schemes_.Drop();
  expiries_.Drop();
  fresh_entries_.resize(kept_entries_);
  fresh_accounts_.resize(kept_accounts_);
}

void Book::Discard() {
  accounts_.Discard();
  entries_.Discard();
  sets_.Discard();
  in_sets_.Discard();
  nets_.Discard();
  schemes_.Discard();
  expiries_.Discard();
  fresh_entries_.clear();
  fresh_accounts_.clear();
  kept_entries_ = 0;
  kept_accounts_ = 0;
}

void Book::Publish() {
  accounts_.Publish();
  entries_.Publish();
  sets_.Publish();
  in_sets_.Publish();
  nets_.Publish();
  schemes_.Publish();
  expiries_.Publish();
  for (const AccountKey& key : fresh_accounts_) accounts_of_scheme_[key.scheme].push_back(key);
  for (const Fresh& fresh : fresh_entries_) {
    const Entry& entry = FindEntry(fresh.id, Layer::kDurable)->entry;
    entries_of_scheme_[entry.scheme].push_back(fresh.id);
    for (const bool to : {false, true}) {
      History& history = history_of_account_[to ? entry.to_key() : entry.from_key()];
      history.entries.push_back(fresh.id);
      history.after.push_back(to ? fresh.to : fresh.from);
    }
  }
  fresh_entries_.clear();
  fresh_accounts_.clear();
  kept_entries_ = 0;
  kept_accounts_ = 0;
}

SchemeBook Book::FindScheme(uint32_t scheme, Layer layer) const {
  const SchemeBook* found = schemes_.Find(scheme, layer);
  return found == nullptr ? SchemeBook{} : *found;
}

std::vector<EntryId> Book::LinkedHolds(const EntryRow& hold, Layer layer) const {
  std::vector<EntryId> linked;
  const Set* set = sets_.Find(hold.entry.related, layer);
  for (uint32_t place = 0; set != nullptr && place < set->holds; ++place) {
    const EntryId* each = in_sets_.Find(PlaceKey{hold.entry.related, place}, layer);
    if (each != nullptr) linked.push_back(*each);
  }
  return linked;
}

std::vector<EntryId> Book::LapsedHolds(absl::Time now, size_t most) const {
  std::vector<EntryId> lapsed;
  for (const auto& [key, held] : expiries_.base()) {
    if (absl::FromUnixMicros(key.first) > now || lapsed.size() >= most) break;
    lapsed.push_back(key.second);
  }
  return lapsed;
}

const std::vector<AccountKey>& Book::AccountsOf(uint32_t scheme) const { return ListOf(accounts_of_scheme_, scheme); }
const std::vector<EntryId>& Book::EntriesOf(uint32_t scheme) const { return ListOf(entries_of_scheme_, scheme); }
const std::vector<EntryId>& Book::EntriesOf(const AccountKey& account) const {
  static const auto* const empty = new std::vector<EntryId>();
  const auto found = history_of_account_.find(account);
  return found == history_of_account_.end() ? *empty : found->second.entries;
}

Balances Book::BalancesNow(const AccountKey& key) const {
  const Account& account = *FindAccount(key, Layer::kWorking);
  return {account.posted, account.held_out, account.held_in};
}

// What the account had before the first of its entries that `is_later`; every one after that is later too.
Balances Book::BalancesBefore(const AccountKey& account, absl::FunctionRef<bool(const EntryRow&)> is_later) const {
  const auto found = history_of_account_.find(account);
  if (found == history_of_account_.end()) return {};
  const History& history = found->second;
  const auto later = std::partition_point(history.entries.begin(), history.entries.end(), [&](const EntryId& id) {
    return !is_later(*FindEntry(id, Layer::kDurable));
  });
  if (later == history.entries.begin()) return {};
  return history.after[static_cast<size_t>(later - history.entries.begin()) - 1];
}

Balances Book::BalancesAt(const AccountKey& account, uint64_t sequence) const {
  return BalancesBefore(account, [&](const EntryRow& row) { return row.sequence > sequence; });
}

Balances Book::BalancesAt(const AccountKey& account, absl::Time time) const {
  const int64_t micros = absl::ToUnixMicros(time);
  return BalancesBefore(account, [&](const EntryRow& row) { return row.entry.time_micros > micros; });
}

std::vector<EntryId> Book::OpenHolds(uint32_t scheme) const {
  std::vector<EntryId> open;
  for (const auto& [place, id] : in_sets_.base()) {
    if (FindEntry(id, Layer::kDurable)->entry.scheme == scheme) open.push_back(id);
  }
  return open;
}

}  // namespace turnabout
