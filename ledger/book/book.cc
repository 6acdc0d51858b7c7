#include "ledger/book/book.h"

#include <algorithm>

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
  const EntryRow row{entry, record.sequence, {}, entry.state, {}};
  entries_.Put(entry.id, row);
  fresh_entries_.push_back(entry.id);
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
  return absl::OkStatus();
}

absl::Status Book::StageHold(const EntryRow& row) {
  if (row.entry.related.empty()) return Damaged(row.sequence, "a hold belongs to no set");
  ChangeSet(row.entry.related, row.entry, true);
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
  ChangeSet(hold.entry.related, hold.entry, false);
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

int64_t Book::NetOfSet(const Set& set, const AccountKey& account) const {
  int64_t net = 0;
  for (const EntryId& id : set) {
    const Entry& hold = FindEntry(id, Layer::kWorking)->entry;
    if (hold.to_key() == account) net += hold.amount;
    if (hold.from_key() == account) net -= hold.amount;
  }
  return net;
}

void Book::Reserve(const AccountKey& key, int64_t net_before, int64_t net_after) {
  Account account = *FindAccount(key, Layer::kWorking);
  account.held_in += std::max<int64_t>(net_after, 0) - std::max<int64_t>(net_before, 0);
  account.held_out += std::max<int64_t>(-net_after, 0) - std::max<int64_t>(-net_before, 0);
  TURNABOUT_CHECK(account.held_in >= 0 && account.held_out >= 0);
  accounts_.Put(key, account);
}

void Book::ChangeSet(const EntryId& set_id, const Entry& hold, bool open) {
  const Set* found = sets_.Find(set_id, Layer::kWorking);
  Set set = found == nullptr ? Set{} : *found;
  const int64_t from_before = NetOfSet(set, hold.from_key());
  const int64_t to_before = NetOfSet(set, hold.to_key());
  if (open) {
    set.push_back(hold.id);
  } else {
    set.erase(std::remove(set.begin(), set.end(), hold.id), set.end());
  }
  Reserve(hold.from_key(), from_before, NetOfSet(set, hold.from_key()));
  Reserve(hold.to_key(), to_before, NetOfSet(set, hold.to_key()));
  if (set.empty()) {
    sets_.Erase(set_id);
  } else {
    sets_.Put(set_id, std::move(set));
  }
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
  schemes_.Keep();
  expiries_.Keep();
  kept_entries_ = fresh_entries_.size();
  kept_accounts_ = fresh_accounts_.size();
}

void Book::Drop() {
  accounts_.Drop();
  entries_.Drop();
  sets_.Drop();
  schemes_.Drop();
  expiries_.Drop();
  fresh_entries_.resize(kept_entries_);
  fresh_accounts_.resize(kept_accounts_);
}

void Book::Discard() {
  accounts_.Discard();
  entries_.Discard();
  sets_.Discard();
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
  schemes_.Publish();
  expiries_.Publish();
  for (const AccountKey& key : fresh_accounts_) accounts_of_scheme_[key.scheme].push_back(key);
  for (const EntryId& id : fresh_entries_) {
    const Entry& entry = FindEntry(id, Layer::kDurable)->entry;
    entries_of_scheme_[entry.scheme].push_back(id);
    entries_of_account_[entry.from_key()].push_back(id);
    entries_of_account_[entry.to_key()].push_back(id);
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
  const Set* set = sets_.Find(hold.entry.related, layer);
  return set == nullptr ? Set{} : *set;
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
  return ListOf(entries_of_account_, account);
}

}  // namespace turnabout
