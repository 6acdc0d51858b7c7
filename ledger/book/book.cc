#include "ledger/book/book.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "ledger/book/rows.h"
#include "store/journal/damage.h"

namespace turnabout {
namespace {

constexpr ShelfTable kSchemes = {"Bc", RowOrder::kChanging, "sums of schemes"};

absl::Status Damaged(absl::string_view problem) { return DamagedPlace("a record", problem); }

// Sorts the accounts by key, and adds the row of each.
void AddAccountRows(std::vector<Accounts::Slot>& accounts, RowBatch& rows) {
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  for (const Accounts::Slot& slot : accounts) AddAccountRow(slot, rows);
}

}  // namespace

absl::Status Book::Stage(const RecordView& record) {
  if (record.kind == RecordKind::kAccount) return StageAccount(record);
  if (record.kind == RecordKind::kEntry) return StageEntry(record);
  return absl::OkStatus();
}

absl::Status Book::StageAccount(const RecordView& record) {
  ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(record.payload));
  Accounts::Slot* slot = accounts_.FindWorking(change.key);
  if (slot == nullptr) slot = &accounts_.Open(change.key, record.sequence);
  accounts_.Change(*slot).account.limits = change.limits;
  return absl::OkStatus();
}

absl::Status Book::StageEntry(const RecordView& record) {
  ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(record.payload));
  Accounts::Slot* from = accounts_.FindWorking(entry.from_key());
  Accounts::Slot* to = accounts_.FindWorking(entry.to_key());
  if (from == nullptr || to == nullptr) return Damaged("an entry's account was never opened");
  const EntryId& latest = LatestEntry(Layer::kWorking);
  if (!IsBefore(latest.bytes(), entry.id.bytes())) return Damaged("an entry's id is not above all before it");
  if (entry.number != FindScheme(entry.scheme, Layer::kWorking).entries + 1) {
    return Damaged("an entry's number is not the next");
  }
  if (entry.kind == EntryKind::kReversal && entry.state != EntryState::kPosted) {
    return Damaged("a reversal that moves nothing");
  }
  AccountState& payer = accounts_.Change(*from);
  AccountState& payee = accounts_.Change(*to);
  if (entry.state == EntryState::kPosted) Move(entry, payer.account, payee.account);
  if (entry.state == EntryState::kHeld) {
    RETURN_IF_ERROR(StageHold(entry, record.sequence));
  } else if (entry.kind == EntryKind::kReversal) {
    RETURN_IF_ERROR(StageReversal(entry, record.sequence));
  } else if (!entry.related.empty()) {
    RETURN_IF_ERROR(StageResolution(entry));
  } else if (entry.state != EntryState::kPosted) {
    return Damaged("an entry releases a hold without naming it");
  }
  if (entry.kind != EntryKind::kReversal) Count(entry, entry.kind);
  Log(entry, record.sequence, payer, payee);
  return absl::OkStatus();
}

absl::Status Book::StageHold(const Entry& entry, uint64_t sequence) {
  if (entry.related.empty()) return Damaged("a hold belongs to no set");
  const auto [from, to] = holds_.Open(entry, sequence);
  Reserve(from);
  Reserve(to);
  return absl::OkStatus();
}

absl::Status Book::StageResolution(const Entry& entry) {
  const OpenHold* hold = holds_.Find(entry.related, Layer::kWorking);
  if (hold == nullptr || hold->entry.amount < entry.amount || hold->entry.from_key() != entry.from_key() ||
      hold->entry.to_key() != entry.to_key()) {
    return Damaged(absl::StrCat("entry ", entry.number, " resolves no open hold of its own"));
  }
  entries_.SetMark(entry.related, {.current = entry.state, .resolution = entry.id, .reversal = {}});
  const auto [from, to] = holds_.Close(*hold);
  Reserve(from);
  Reserve(to);
  return absl::OkStatus();
}

absl::Status Book::StageReversal(const Entry& entry, uint64_t sequence) {
  const std::optional<EntryRow> found = FindEntry(entry.related, Layer::kWorking);
  if (!found.has_value() || found->sequence >= sequence || found->entry.state != EntryState::kPosted ||
      !found->reversal.empty() || found->entry.kind == EntryKind::kReversal || found->entry.amount != entry.amount ||
      found->entry.from_key() != entry.to_key() || found->entry.to_key() != entry.from_key()) {
    return Damaged(absl::StrCat("entry ", entry.number, " reverses no posted entry"));
  }
  entries_.SetMark(entry.related, {.current = found->current, .resolution = found->resolution, .reversal = entry.id});
  Count(entry, found->entry.kind);
  return absl::OkStatus();
}

// Moves a posted amount. A reversal takes back what was given and received rather than adding to it.
void Book::Move(const Entry& entry, Account& payer, Account& payee) {
  const bool back = entry.kind == EntryKind::kReversal;
  payer.posted -= entry.amount;
  (back ? payer.given : payer.received) += back ? -entry.amount : entry.amount;
  payee.posted += entry.amount;
  (back ? payee.received : payee.given) += back ? -entry.amount : entry.amount;
}

// Changes what an account has reserved by as much as a set of holds comes to more or less.
void Book::Reserve(const Holds::Change& change) {
  Account& account = accounts_.Change(*accounts_.FindWorking(change.account)).account;
  account.held_in += std::max<int64_t>(change.after, 0) - std::max<int64_t>(change.before, 0);
  account.held_out += std::max<int64_t>(-change.after, 0) - std::max<int64_t>(-change.before, 0);
  TURNABOUT_CHECK(account.held_in >= 0 && account.held_out >= 0);
}

// `kind` is the entry's own or, of a reversal, that of what it undoes.
void Book::Count(const Entry& entry, EntryKind kind) {
  SchemeBook scheme = FindScheme(entry.scheme, Layer::kWorking);
  ++scheme.entries;
  const bool help = kind == EntryKind::kExchange || kind == EntryKind::kActivity;
  if (help && entry.state == EntryState::kPosted && entry.unit == Unit::kMinutes) {
    scheme.minutes_of_help += entry.kind == EntryKind::kReversal ? -entry.amount : entry.amount;
  }
  schemes_.Put(entry.scheme, scheme);
}

void Book::Log(const Entry& entry, uint64_t sequence, AccountState& payer, AccountState& payee) {
  const auto balances = [](const Account& account) {
    return Balances{account.posted, account.held_out, account.held_in};
  };
  const uint64_t place =
      entries_.Add({entry, sequence, balances(payer.account), balances(payee.account), payer.latest, payee.latest});
  payer.latest = place;
  payee.latest = place;
}

void Book::Keep() {
  accounts_.Keep();
  entries_.Keep();
  holds_.Keep();
  schemes_.Keep();
}

void Book::Drop() {
  accounts_.Drop();
  entries_.Drop();
  holds_.Drop();
  schemes_.Drop();
}

void Book::Seal() {
  accounts_.Seal();
  entries_.Seal();
  holds_.Seal();
  schemes_.Seal();
}

void Book::Publish() {
  accounts_.Publish();
  entries_.Publish();
  holds_.Publish();
  schemes_.Publish();
}

void Book::Discard() {
  accounts_.Discard();
  entries_.Discard();
  holds_.Discard();
  schemes_.Discard();
}

absl::Status Book::LoadSchemes(const ShelfView& shelf) {
  schemes_.Clear();
  bool readable = true;
  shelf.Scan(kSchemes, "", "", [&](absl::string_view key, absl::string_view value) {
    uint32_t number = 0;
    SchemeBook scheme;
    readable = ReadSchemeRow(key, value, number, scheme);
    schemes_.Load(number, scheme);
    return readable;
  });
  if (!readable) return Refuse(Reason::kShelfDamaged, {{"problem", "a scheme's sums cannot be read"}});
  return shelf.damage();
}

// Whether accounts and open holds, which change together, say the same of what is reserved.
bool Book::ReservesWhatIsHeld() const {
  auto reserved = holds_.Reserved();
  bool same = true;
  accounts_.ForEach([&](const Accounts::Slot& slot) {
    const Account& account = slot.durable.account;
    if (account.held_out == 0 && account.held_in == 0) return;
    const auto held = reserved.find(slot.key);
    same = same && held != reserved.end() && held->second == std::make_pair(account.held_out, account.held_in);
    if (held != reserved.end()) reserved.erase(held);
  });
  return same && reserved.empty();
}

absl::Status Book::Load(const ShelfView& shelf) {
  RETURN_IF_ERROR(accounts_.Load(shelf));
  RETURN_IF_ERROR(holds_.Load(shelf));
  RETURN_IF_ERROR(LoadSchemes(shelf));
  if (!ReservesWhatIsHeld()) {
    return Refuse(Reason::kShelfDamaged, {{"problem", "what accounts have reserved is not what is held"}});
  }
  entries_.UseShelf(shelf);
  return shelf.damage();
}

Cut Book::TakeCut() {
  RowBatch schemes;
  for (const auto& [number, scheme] : schemes_.base()) AddSchemeRow(kSchemes, number, scheme, schemes);
  return [accounts = accounts_.TakeChanged(), add_entries = entries_.TakeCut(), holds = holds_.TakeCut(),
          schemes = std::move(schemes)](RowBatch& rows) mutable {
    AddAccountRows(accounts, rows);
    add_entries(accounts, rows);
    holds(rows);
    rows.Append(schemes);
  };
}

void Book::Shelved() {
  entries_.Shelved();
  holds_.Shelved();
}

absl::Span<const ShelfTable> Book::tables() const {
  static const ShelfTable all[] = {Accounts::kTable,  kSchemes,        Entries::kByNumber,   Holds::kTable,
                                   Entries::kNumbers, Entries::kMarks, Entries::kStatements, Entries::kTimes};
  return all;
}

void Book::AddRowsInMemory(RowBatch& rows) const {
  std::vector<Accounts::Slot> accounts = accounts_.All();
  AddAccountRows(accounts, rows);
  entries_.AddRowsInMemory(accounts, rows);
  holds_.AddRowsInMemory(rows);
  for (const auto& [number, scheme] : schemes_.base()) AddSchemeRow(kSchemes, number, scheme, rows);
}

EntryRow Book::RowOf(const Entry& entry, uint64_t sequence, Layer layer) const {
  EntryRow row{.entry = entry, .sequence = sequence, .resolution = {}, .current = entry.state, .reversal = {}};
  const std::optional<EntryMark> mark = entries_.MarkOf(entry.id, layer);
  if (!mark.has_value()) return row;
  row.resolution = mark->resolution;
  row.current = mark->current;
  row.reversal = mark->reversal;
  return row;
}

std::optional<EntryRow> Book::FindEntry(const EntryId& id, Layer layer) const {
  const std::optional<Entries::Found> found = entries_.Find(id, layer);
  if (!found.has_value()) return std::nullopt;
  return RowOf(found->entry, found->sequence, layer);
}

SchemeBook Book::FindScheme(uint32_t scheme, Layer layer) const {
  const SchemeBook* found = schemes_.Find(scheme, layer);
  return found == nullptr ? SchemeBook{} : *found;
}

int64_t Book::EntryCount() const {
  int64_t count = 0;
  for (const auto& [number, scheme] : schemes_.base()) count += scheme.entries;
  return count;
}

void Book::VisitEntries(uint32_t scheme, int64_t first, absl::FunctionRef<bool(const EntryRow&)> visit) const {
  entries_.VisitScheme(scheme, first, [&](const Entry& entry, uint64_t sequence) {
    return visit(RowOf(entry, sequence, Layer::kDurable));
  });
}

void Book::VisitStatement(const AccountKey& account, uint64_t last,
                          absl::FunctionRef<bool(const EntryRow&, const Balances&)> visit) const {
  const Accounts::Slot* slot = accounts_.Find(account, Layer::kDurable);
  if (slot == nullptr) return;
  entries_.VisitAccount(account, slot->durable.latest, last, [&](const StatementLine& line) {
    const std::optional<Entries::Found> found = entries_.At(account.scheme, line.number);
    return found.has_value() && visit(RowOf(found->entry, line.sequence, Layer::kDurable), line.after);
  });
}

Balances Book::BalancesAt(const AccountKey& account, uint64_t sequence) const {
  Balances balances;
  const Accounts::Slot* slot = accounts_.Find(account, Layer::kDurable);
  if (slot == nullptr) return balances;
  entries_.VisitAccount(account, slot->durable.latest, sequence, [&](const StatementLine& line) {
    balances = line.after;
    return false;
  });
  return balances;
}

Balances Book::BalancesAt(const AccountKey& account, absl::Time time) const {
  return BalancesAt(account, SequenceAt(time));
}

}  // namespace turnabout
