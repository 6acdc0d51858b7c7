#include "ledger/ledger.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "ledger/rules/limits.h"

namespace turnabout {
namespace {

// What the drafts that can be refused for balance come to for one account.
struct Effect {
  AccountKey key;
  const Account* account;
  int64_t net;
};

// Of each account, in the order named. Most drafts stand alone or with few.
class Effects {
 public:
  void Add(const AccountKey& key, const Account* account, int64_t amount) {
    const auto place = FindPlace(account);
    if (place == all_.size()) all_.push_back({key, account, 0});
    all_[place].net += amount;
  }
  const auto& all() const { return all_; }

 private:
  static constexpr size_t kFew = 8;

  size_t FindPlace(const Account* account) {
    if (all_.size() < kFew) {
      const auto same = [&](const Effect& effect) { return effect.account == account; };
      return static_cast<size_t>(std::find_if(all_.begin(), all_.end(), same) - all_.begin());
    }
    for (size_t place = places_.size(); place < all_.size(); ++place) places_.emplace(all_[place].account, place);
    const auto found = places_.find(account);
    return found == places_.end() ? all_.size() : found->second;
  }

  absl::InlinedVector<Effect, 2> all_;
  absl::flat_hash_map<const Account*, size_t> places_;  // of those at first, once there are more than a few
};

absl::Status CheckAmount(int64_t amount) {
  if (amount < 1) return Refuse(Reason::kAmountNotPositive, {{"amount", absl::StrCat(amount)}});
  if (amount > kEntryAmountMax) {
    return Refuse(Reason::kAmountOverLimit,
                  {{"amount", absl::StrCat(amount)}, {"limit", absl::StrCat(kEntryAmountMax)}});
  }
  return absl::OkStatus();
}

// Whether the draft could be written at all; adds what it comes to.
absl::Status CheckShape(const Draft& draft, const Book& book, Effects& effects) {
  const AccountKey from{draft.scheme, draft.unit, draft.from};
  const AccountKey to{draft.scheme, draft.unit, draft.to};
  const Account* payer = book.FindAccount(from, Layer::kWorking);
  if (payer == nullptr) return Refuse(Reason::kAccountNotFound, {{"name", AccountText(from)}});
  const Account* payee = book.FindAccount(to, Layer::kWorking);
  if (payee == nullptr) return Refuse(Reason::kAccountNotFound, {{"name", AccountText(to)}});
  if (draft.from == draft.to) return Refuse(Reason::kSameAccount);
  RETURN_IF_ERROR(CheckAmount(draft.amount));
  if (draft.overridden) return absl::OkStatus();
  effects.Add(from, payer, -draft.amount);
  effects.Add(to, payee, draft.amount);
  return absl::OkStatus();
}

using Ids = absl::InlinedVector<EntryId, 4>;

// Ids ascend from entry to entry. Any other is a mistake of the server's own, found before it reaches the journal.
absl::Status CheckIds(const Ids& ids, const Book& book) {
  EntryId latest = book.LatestEntry(Layer::kWorking);
  for (const EntryId& id : ids) {
    if (!IsBefore(latest.bytes(), id.bytes())) {
      Log(Severity::kError, "an entry was given an id that is not above all before it", {{"entry", id.ToString()}});
      return Refuse(Reason::kInternal);
    }
    latest = id;
  }
  return absl::OkStatus();
}

Ids IdsOf(absl::Span<const Draft> drafts) {
  Ids ids;
  for (const Draft& draft : drafts) ids.push_back(draft.id);
  return ids;
}

// 0 stands for no end on disk, so that the shortest hold is one second.
uint32_t HoldSeconds(absl::Duration hold_for) {
  if (hold_for == absl::InfiniteDuration()) return 0;
  constexpr int64_t kLongest = std::numeric_limits<uint32_t>::max();
  return static_cast<uint32_t>(std::clamp<int64_t>(absl::ToInt64Seconds(hold_for), 1, kLongest));
}

Entry EntryOf(const Draft& draft, EntryState state) {
  Entry entry;
  entry.id = draft.id;
  entry.scheme = draft.scheme;
  entry.kind = draft.kind;
  entry.state = state;
  entry.unit = draft.unit;
  entry.overridden = draft.overridden;
  entry.amount = draft.amount;
  entry.from = draft.from;
  entry.to = draft.to;
  entry.happened_on = draft.happened_on;
  entry.category = draft.category;
  entry.subject = draft.subject;
  return entry;
}

// The first of the drafts that moves the account the way that all of them together do. REQUIRES: net is not 0.
size_t FirstToMove(absl::Span<const Draft> drafts, const AccountKey& key, int64_t net) {
  const auto moves = [&](const Draft& draft) {
    return !draft.overridden && key == AccountKey{draft.scheme, draft.unit, net < 0 ? draft.from : draft.to};
  };
  return static_cast<size_t>(std::find_if(drafts.begin(), drafts.end(), moves) - drafts.begin());
}

}  // namespace

void Ledger::SetLimits(const AccountKey& key, const AccountLimits& limits, Txn& txn) const {
  TURNABOUT_CHECK(limits.floor <= limits.ceiling);
  const Account* account = book_.FindAccount(key, Layer::kWorking);
  if (account != nullptr && account->limits == limits) return;
  txn.Append(RecordKind::kAccount, EncodeAccountChange({key, limits}));
}

absl::Status Ledger::Judge(absl::Span<const Draft> drafts, size_t* refused) const {
  TURNABOUT_CHECK(!drafts.empty());
  Effects effects;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (refused != nullptr) *refused = i;
    RETURN_IF_ERROR(CheckShape(drafts[i], book_, effects));
  }
  for (const Effect& effect : effects.all()) {
    const absl::Status judged = JudgeLimits(effect.key, *effect.account, effect.net);
    if (judged.ok()) continue;
    if (refused != nullptr) *refused = FirstToMove(drafts, effect.key, effect.net);
    return judged;
  }
  return absl::OkStatus();
}

Entry Ledger::Write(Entry entry, Txn& txn) const {
  entry.number = book_.FindScheme(entry.scheme, Layer::kWorking).entries + 1;
  entry.time_micros = absl::ToUnixMicros(txn.now());
  if (entry.happened_on == 0) entry.happened_on = DayNumber(DayOf(txn.now()));
  txn.Append(RecordKind::kEntry, EncodeEntry(entry));
  return entry;
}

absl::StatusOr<std::vector<Entry>> Ledger::Post(absl::Span<const Draft> drafts, Txn& txn, size_t* refused) const {
  RETURN_IF_ERROR(CheckIds(IdsOf(drafts), book_));
  RETURN_IF_ERROR(Judge(drafts, refused));
  std::vector<Entry> entries;
  entries.reserve(drafts.size());
  for (const Draft& draft : drafts) entries.push_back(Write(EntryOf(draft, EntryState::kPosted), txn));
  return entries;
}

absl::StatusOr<std::vector<Entry>> Ledger::Hold(absl::Span<const Draft> drafts, absl::Duration hold_for,
                                                Txn& txn) const {
  RETURN_IF_ERROR(CheckIds(IdsOf(drafts), book_));
  RETURN_IF_ERROR(Judge(drafts));
  std::vector<Entry> entries;
  for (const Draft& draft : drafts) {
    Entry entry = EntryOf(draft, EntryState::kHeld);
    entry.related = drafts.front().id;
    entry.hold_seconds = HoldSeconds(hold_for);
    entries.push_back(Write(std::move(entry), txn));
  }
  return entries;
}

absl::StatusOr<EntryRow> Ledger::OpenHold(const EntryId& hold, EntryState how, const Txn& txn) const {
  const std::optional<EntryRow> row = book_.FindEntry(hold, Layer::kWorking);
  if (!row.has_value() || row->entry.state != EntryState::kHeld) {
    return Refuse(Reason::kEntryNotFound, {{"name", hold.ToString()}});
  }
  if (row->current != EntryState::kHeld) {
    return Refuse(Reason::kHoldAlreadyResolved, {{"entry", hold.ToString()}, {"state", NameOf(row->current)}});
  }
  // Past its time a hold can only expire, whether or not somebody has come round to that.
  if (how != EntryState::kExpired && row->entry.expires() <= txn.now()) {
    const absl::string_view state = NameOf(EntryState::kExpired);
    return Refuse(Reason::kHoldAlreadyResolved, {{"entry", hold.ToString()}, {"state", state}});
  }
  return *row;
}

Entry Ledger::WriteResolution(const Entry& hold, EntryState how, int64_t amount, const EntryId& id, Txn& txn) const {
  Entry entry = hold;
  entry.id = id;
  entry.state = how;
  entry.amount = amount;
  entry.related = hold.id;
  entry.hold_seconds = 0;
  return Write(std::move(entry), txn);
}

absl::StatusOr<Entry> Ledger::PostHold(const EntryId& hold, int64_t amount, const EntryId& id, Txn& txn) const {
  RETURN_IF_ERROR(CheckIds({id}, book_));
  if (amount < 0) return Refuse(Reason::kAmountNotPositive, {{"amount", absl::StrCat(amount)}});
  ASSIGN_OR_RETURN(const EntryRow row, OpenHold(hold, EntryState::kPosted, txn));
  const Entry& held = row.entry;
  const size_t linked = book_.LinkedHolds(held, Layer::kWorking).size();
  if (linked > 1) {
    return Refuse(Reason::kHoldLinked, {{"entry", hold.ToString()}, {"count", absl::StrCat(linked - 1)}});
  }
  if (amount > held.amount) {
    return Refuse(Reason::kPartOverHold, {{"amount", absl::StrCat(amount)}, {"held", absl::StrCat(held.amount)}});
  }
  return WriteResolution(held, EntryState::kPosted, amount == 0 ? held.amount : amount, id, txn);
}

absl::StatusOr<std::vector<Entry>> Ledger::ResolveSet(const EntryId& hold, EntryState how,
                                                      absl::FunctionRef<EntryId()> next_id, Txn& txn) const {
  TURNABOUT_CHECK(how != EntryState::kHeld);
  ASSIGN_OR_RETURN(const EntryRow row, OpenHold(hold, how, txn));
  const std::vector<EntryId> holds = book_.LinkedHolds(row.entry, Layer::kWorking);
  Ids ids;
  for (size_t i = 0; i < holds.size(); ++i) ids.push_back(next_id());
  RETURN_IF_ERROR(CheckIds(ids, book_));
  std::vector<Entry> entries;
  for (size_t i = 0; i < holds.size(); ++i) {
    // Read again, since it may be on a shelf that turns out to be damaged.
    ASSIGN_OR_RETURN(const EntryRow held, OpenHold(holds[i], how, txn));
    entries.push_back(WriteResolution(held.entry, how, held.entry.amount, ids[i], txn));
  }
  return entries;
}

absl::StatusOr<Entry> Ledger::Reverse(const EntryId& id_of_entry, const EntryId& id, bool overridden, Txn& txn) const {
  RETURN_IF_ERROR(CheckIds({id}, book_));
  const std::optional<EntryRow> row = book_.FindEntry(id_of_entry, Layer::kWorking);
  const std::string text = id_of_entry.ToString();
  if (!row.has_value()) return Refuse(Reason::kEntryNotFound, {{"name", text}});
  const Entry original = row->entry;
  if (original.state != EntryState::kPosted || original.kind == EntryKind::kReversal) {
    const absl::string_view state =
        original.kind == EntryKind::kReversal ? absl::string_view("a reversal") : NameOf(original.state);
    return Refuse(Reason::kNotReversible, {{"entry", text}, {"state", state}});
  }
  if (!row->reversal.empty()) {
    return Refuse(Reason::kAlreadyReversed, {{"entry", text}, {"reversal", row->reversal.ToString()}});
  }
  Draft draft{.id = id,
              .scheme = original.scheme,
              .kind = EntryKind::kReversal,
              .unit = original.unit,
              .from = original.to,
              .to = original.from,
              .amount = original.amount,
              .category = original.category,
              .subject = original.subject,
              .overridden = overridden};
  RETURN_IF_ERROR(Judge({draft}));
  Entry entry = EntryOf(draft, EntryState::kPosted);
  entry.related = original.id;
  return Write(std::move(entry), txn);
}

absl::Status Ledger::CheckFloor(const AccountKey& key, Txn&) const {
  const Account* account = book_.FindAccount(key, Layer::kWorking);
  if (account == nullptr) return Refuse(Reason::kAccountNotFound, {{"name", AccountText(key)}});
  if (account->posted - account->held_out >= account->limits.floor) return absl::OkStatus();
  // Nothing more may go out, so that asking for one more is refused for the reason that applies.
  return JudgeLimits(key, *account, -1);
}

}  // namespace turnabout
