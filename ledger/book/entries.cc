#include "ledger/book/entries.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "ledger/book/rows.h"
#include "store/codec.h"

namespace turnabout {
namespace {

// Rows were made by this program from a journal that was checked. Where one cannot be read all the same the shelf is
// told, which everybody looks at before an answer goes out.
std::optional<Entries::Found> FoundIn(absl::string_view key, absl::string_view row, const ShelfView& shelf) {
  Entries::Found found;
  if (ReadEntryRow(key, row, found.entry, found.sequence)) return found;
  shelf.ReportUnreadable("an entry cannot be read");
  return std::nullopt;
}

absl::string_view IdView(const EntryId& id) { return id.view(); }

}  // namespace

const ShelfTable Entries::kByNumber = {"Be", RowOrder::kAscending, "entries"};
const ShelfTable Entries::kNumbers = {"Bi", RowOrder::kAscending, "ids of entries"};
const ShelfTable Entries::kMarks = {"Bm", RowOrder::kChanging, "marks of entries"};
const ShelfTable Entries::kStatements = {"Bs", RowOrder::kScattered, "statements", UnpackStatementRow};
const ShelfTable Entries::kTimes = {"Bt", RowOrder::kAscending, "times of entries"};

const Logged* Entries::FindInTail(const EntryId& id, Layer layer) const {
  uint64_t low = tail_.begin();
  uint64_t high = EndOf(layer);
  // Whoever writes an entry looks at it next.
  if (low < high && tail_[high - 1].entry.id == id) return &tail_[high - 1];
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const Logged& logged = tail_[middle];
    if (logged.entry.id == id) return &logged;
    if (IsBefore(logged.entry.id.bytes(), id.bytes())) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return nullptr;
}

std::optional<Entries::Found> Entries::Find(const EntryId& id, Layer layer) const {
  if (const Logged* logged = FindInTail(id, layer)) return Found{logged->entry, logged->sequence};
  if (shelf_ == nullptr || before_tail_.id < id) return std::nullopt;
  const std::optional<std::string> row = shelf_->Get(kNumbers, IdView(id));
  if (!row.has_value()) return std::nullopt;
  uint32_t scheme = 0;
  int64_t number = 0;
  const bool readable = ReadNumberRow(*row, scheme, number);
  const std::string key = EntryRowKey(scheme, number);
  const std::optional<std::string> entry = readable ? shelf_->Get(kByNumber, key) : std::nullopt;
  std::optional<Found> found;
  if (entry.has_value()) found = FoundIn(key, *entry, *shelf_);
  if (!found.has_value() || found->entry.id != id) shelf_->ReportUnreadable("an id leads to no entry of its own");
  return found;
}

std::optional<EntryMark> Entries::MarkOf(const EntryId& id, Layer layer) const {
  // What marks an entry comes after it: while the entry is in memory, so is the mark.
  const bool in_tail = FindInTail(id, layer) != nullptr;
  const std::optional<std::string> row =
      in_tail ? marks_.GetInMemory(IdView(id), layer) : marks_.Get(IdView(id), layer);
  if (!row.has_value()) return std::nullopt;
  EntryMark mark;
  if (!ReadMarkRow(*row, mark)) marks_.ReportUnreadable("what became of an entry cannot be read");
  return mark;
}

uint64_t Entries::Add(const Logged& logged) {
  tail_.Add(logged);
  return tail_.end();
}

void Entries::SetMark(const EntryId& id, const EntryMark& mark) { marks_.Put(IdView(id), MarkRowValue(mark)); }

void Entries::Keep() {
  kept_end_ = tail_.end();
  marks_.Keep();
}

void Entries::Drop() {
  tail_.ForgetFrom(kept_end_);
  marks_.Drop();
}

void Entries::Seal() {
  sealed_end_ = tail_.end();
  marks_.Seal();
}

void Entries::Publish() {
  Generation& generation = generations_.back();
  for (; durable_end_ < sealed_end_; ++durable_end_) {
    const Entry& entry = tail_[durable_end_].entry;
    Run& run = generation.by_scheme[entry.scheme];
    if (run.places.empty()) run.first = entry.number;
    run.places.push_back(durable_end_);
  }
  marks_.Publish();
}

void Entries::Discard() {
  tail_.ForgetFrom(durable_end_);
  sealed_end_ = durable_end_;
  kept_end_ = durable_end_;
  marks_.Discard();
}

void Entries::VisitScheme(uint32_t scheme, int64_t first, absl::FunctionRef<bool(const Entry&, uint64_t)> visit) const {
  int64_t in_memory_from = std::numeric_limits<int64_t>::max();
  for (const Generation& generation : generations_) {
    const auto run = generation.by_scheme.find(scheme);
    if (run != generation.by_scheme.end()) in_memory_from = std::min(in_memory_from, run->second.first);
  }
  bool more = true;
  if (shelf_ != nullptr && first < in_memory_from) {
    shelf_->Scan(kByNumber, EntryRowKey(scheme, first), EntryRowKey(scheme, in_memory_from),
                 [&](absl::string_view key, absl::string_view value) {
                   const std::optional<Found> found = FoundIn(key, value, *shelf_);
                   more = found.has_value() && visit(found->entry, found->sequence);
                   return more;
                 });
  }
  for (const Generation& generation : generations_) {
    const auto run = generation.by_scheme.find(scheme);
    if (run == generation.by_scheme.end()) continue;
    const auto& places = run->second.places;
    for (size_t at = static_cast<size_t>(std::max<int64_t>(first - run->second.first, 0)); more && at < places.size();
         ++at) {
      more = visit(tail_[places[at]].entry, tail_[places[at]].sequence);
    }
  }
}

std::optional<Entries::Found> Entries::At(uint32_t scheme, int64_t number) const {
  std::optional<Found> found;
  VisitScheme(scheme, number, [&](const Entry& entry, uint64_t sequence) {
    if (entry.number == number) found = Found{entry, sequence};
    return false;
  });
  if (!found.has_value() && shelf_ != nullptr) shelf_->ReportUnreadable("a statement names an entry that is not there");
  return found;
}

void Entries::VisitAccountOnShelf(const AccountKey& account, uint64_t last, VisitLine visit) const {
  const uint64_t end = last == std::numeric_limits<uint64_t>::max() ? last : last + 1;
  std::vector<StatementLine> lines;
  shelf_->ScanBack(kStatements, StatementRowKey(account, 0), StatementRowKey(account, end),
                   [&](absl::string_view key, absl::string_view value) {
                     if (!ReadStatementRow(key, value, lines)) {
                       shelf_->ReportUnreadable("a statement cannot be read");
                       return false;
                     }
                     return std::all_of(lines.rbegin(), lines.rend(),
                                        [&](const StatementLine& line) { return line.sequence > last || visit(line); });
                   });
}

void Entries::VisitAccount(const AccountKey& account, uint64_t latest, uint64_t last, VisitLine visit) const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (uint64_t after = latest; after > tail_.begin();) {
    const Logged& logged = tail_[after - 1];
    oldest = logged.sequence;
    if (logged.sequence <= last && !visit(logged.LineOf(account.owner))) return;
    after = logged.BeforeOf(account.owner);
  }
  if (shelf_ != nullptr && oldest > 0) VisitAccountOnShelf(account, std::min(last, oldest - 1), visit);
}

uint64_t Entries::SequenceAt(absl::Time time) const {
  const int64_t micros = absl::ToUnixMicros(time);
  uint64_t first_after = std::numeric_limits<uint64_t>::max();
  if (shelf_ != nullptr && micros < before_tail_.time_micros) {
    shelf_->Scan(kTimes, TimeRowKey(micros + 1), "", [&](absl::string_view key, absl::string_view value) {
      int64_t time_micros = 0;
      if (!ReadTimeRow(key, value, time_micros, first_after)) shelf_->ReportUnreadable("a time cannot be read");
      return false;
    });
    return first_after - 1;
  }
  uint64_t low = tail_.begin();
  uint64_t high = durable_end_;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (tail_[middle].entry.time_micros > micros) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low == durable_end_ ? first_after : tail_[low].sequence - 1;
}

void Entries::UseShelf(const ShelfView& shelf) {
  Discard();
  tail_.Clear();
  durable_end_ = sealed_end_ = kept_end_ = 0;
  generations_ = std::deque<Generation>(1);
  marks_.UseShelf(shelf);
  shelf_ = &shelf;
  before_tail_ = {};
  shelf.ScanBack(kTimes, "", "", [&](absl::string_view key, absl::string_view value) {
    uint64_t sequence = 0;
    if (!ReadTimeRow(key, value, before_tail_.time_micros, sequence)) shelf.ReportUnreadable("a time cannot be read");
    return false;
  });
  shelf.ScanBack(kNumbers, "", "", [&](absl::string_view key, absl::string_view) {
    Cursor id(key);
    before_tail_.id = EntryId(id.Array<16>());
    if (!id.Finished()) shelf.ReportUnreadable("an entry's id cannot be read");
    return false;
  });
}

// The account's entries, found from the latest back and added from the first on. `lines` is for use inside.
void Entries::AddStatement(const Part& part, const Accounts::Slot& account, std::vector<StatementLine>& lines,
                           RowBatch& rows) const {
  lines.clear();
  for (uint64_t after = account.durable.latest; after > part.begin;) {
    const Logged& logged = tail_[after - 1];
    lines.push_back(logged.LineOf(account.key.owner));
    after = logged.BeforeOf(account.key.owner);
  }
  std::reverse(lines.begin(), lines.end());
  for (size_t at = 0; at < lines.size(); at += kStatementLinesMax) {
    AddStatementRow(kStatements, account.key, absl::MakeConstSpan(lines).subspan(at, kStatementLinesMax), rows);
  }
}

void Entries::AddPart(const Part& part, const std::vector<Accounts::Slot>& accounts, RowBatch& rows) const {
  for (uint64_t place = part.begin; place < part.end; ++place) {
    AddEntryRow(kByNumber, tail_[place].entry, tail_[place].sequence, rows);
  }
  for (uint64_t place = part.begin; place < part.end; ++place) AddNumberRow(kNumbers, tail_[place].entry, rows);
  std::vector<StatementLine> lines;
  for (const Accounts::Slot& account : accounts) AddStatement(part, account, lines, rows);
  int64_t before = part.time_before;
  for (uint64_t place = part.begin; place < part.end; ++place) {
    const int64_t time_micros = tail_[place].entry.time_micros;
    if (time_micros != before) rows.Put(kTimes, TimeRowKey(time_micros), TimeRowValue(tail_[place].sequence));
    before = time_micros;
  }
}

Entries::AddRows Entries::TakeCut() {
  TURNABOUT_CHECK(generations_.size() == 1);
  const Part part{generations_.back().begin, durable_end_, before_tail_.time_micros};
  generations_.emplace_back();
  generations_.back().begin = part.end;
  return [this, part, marks = marks_.TakeCut()](const std::vector<Accounts::Slot>& accounts, RowBatch& rows) mutable {
    AddPart(part, accounts, rows);
    marks(rows);
  };
}

void Entries::Shelved() {
  generations_.pop_front();
  const uint64_t begin = generations_.front().begin;
  if (begin > tail_.begin()) {
    const Entry& last = tail_[begin - 1].entry;
    before_tail_ = {last.id, last.time_micros};
  }
  tail_.ForgetBefore(begin);
  marks_.Shelved();
}

void Entries::AddRowsInMemory(const std::vector<Accounts::Slot>& accounts, RowBatch& rows) const {
  AddPart({tail_.begin(), durable_end_, before_tail_.time_micros}, accounts, rows);
  marks_.AddRowsInMemory(rows);
}

}  // namespace turnabout
