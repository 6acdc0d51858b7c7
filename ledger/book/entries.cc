#include "ledger/book/entries.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "ledger/book/rows.h"

namespace turnabout {
namespace {

// Rows were made by this program from a journal that was checked; where one cannot be read all the same, it reads as
// zeros and the books no longer agree with the journal, which verify says.
Entries::Found FoundIn(absl::string_view row) {
  Entries::Found found;
  ReadEntryRow(row, found.entry, found.sequence);
  return found;
}

absl::string_view IdView(const EntryId& id) { return id.view(); }

}  // namespace

const ShelfTable Entries::kByNumber = {"Be", RowOrder::kAscending};
const ShelfTable Entries::kNumbers = {"Bi", RowOrder::kScattered};
const ShelfTable Entries::kMarks = {"Bm", RowOrder::kChanging};
const ShelfTable Entries::kStatements = {"Bs", RowOrder::kScattered};
const ShelfTable Entries::kTimes = {"Bt", RowOrder::kAscending};

const Logged* Entries::FindInTail(const EntryId& id, Layer layer) const {
  if (layer == Layer::kWorking) {
    for (const Places* places : {&staged_, &sealed_}) {
      if (places->empty()) continue;
      if (const auto at = places->find(id); at != places->end()) return InTail(at->second);
    }
  }
  for (const Generation& generation : generations_) {
    if (const auto at = generation.by_id.find(id); at != generation.by_id.end()) return InTail(at->second);
  }
  return nullptr;
}

std::optional<Entries::Found> Entries::Find(const EntryId& id, Layer layer) const {
  if (const Logged* logged = FindInTail(id, layer)) return Found{logged->entry, logged->sequence};
  if (shelf_ == nullptr) return std::nullopt;
  const std::optional<std::string> row = shelf_->Get(kNumbers, IdView(id));
  if (!row.has_value()) return std::nullopt;
  uint32_t scheme = 0;
  int64_t number = 0;
  ReadNumberRow(*row, scheme, number);
  const std::optional<std::string> entry = shelf_->Get(kByNumber, EntryRowKey(scheme, number));
  return entry.has_value() ? std::make_optional(FoundIn(*entry)) : std::nullopt;
}

bool Entries::Contains(const EntryId& id, Layer layer) const {
  if (FindInTail(id, layer) != nullptr) return true;
  return shelf_ != nullptr && shelf_->Get(kNumbers, IdView(id)).has_value();
}

std::optional<EntryMark> Entries::MarkOf(const EntryId& id, Layer layer) const {
  // What marks an entry comes after it: while the entry is in memory, so is the mark.
  const bool in_tail = FindInTail(id, layer) != nullptr;
  const std::optional<std::string> row =
      in_tail ? marks_.GetInMemory(IdView(id), layer) : marks_.Get(IdView(id), layer);
  if (!row.has_value()) return std::nullopt;
  EntryMark mark;
  ReadMarkRow(*row, mark);
  return mark;
}

uint64_t Entries::Add(const Logged& logged) {
  staged_.emplace(logged.entry.id, tail_.end());
  tail_.Add(logged);
  return tail_.end();
}

void Entries::SetMark(const EntryId& id, const EntryMark& mark) { marks_.Put(IdView(id), MarkRowValue(mark)); }

void Entries::Keep() {
  kept_end_ = tail_.end();
  marks_.Keep();
}

void Entries::Drop() {
  for (uint64_t place = kept_end_; place < tail_.end(); ++place) staged_.erase(tail_[place].entry.id);
  tail_.ForgetFrom(kept_end_);
  marks_.Drop();
}

void Entries::Seal() {
  std::swap(sealed_, staged_);
  sealed_end_ = tail_.end();
  marks_.Seal();
}

void Entries::Publish() {
  Generation& generation = generations_.back();
  for (; durable_end_ < sealed_end_; ++durable_end_) {
    const Entry& entry = tail_[durable_end_].entry;
    generation.by_id.emplace(entry.id, durable_end_);
    Run& run = generation.by_scheme[entry.scheme];
    if (run.places.empty()) run.first = entry.number;
    run.places.push_back(durable_end_);
  }
  sealed_.clear();
  marks_.Publish();
}

void Entries::Discard() {
  tail_.ForgetFrom(durable_end_);
  sealed_end_ = durable_end_;
  kept_end_ = durable_end_;
  sealed_.clear();
  staged_.clear();
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
                 [&](absl::string_view, absl::string_view value) {
                   const Found found = FoundIn(value);
                   more = visit(found.entry, found.sequence);
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

Entries::Found Entries::At(uint32_t scheme, int64_t number) const {
  Found found;
  VisitScheme(scheme, number, [&](const Entry& entry, uint64_t sequence) {
    found = {entry, sequence};
    return false;
  });
  return found;
}

void Entries::VisitAccountOnShelf(const AccountKey& account, uint64_t last,
                                  absl::FunctionRef<bool(uint64_t, int64_t, const Balances&)> visit) const {
  const uint64_t end = last == std::numeric_limits<uint64_t>::max() ? last : last + 1;
  shelf_->ScanBack(kStatements, StatementRowKey(account, 0), StatementRowKey(account, end),
                   [&](absl::string_view key, absl::string_view value) {
                     uint64_t sequence = 0;
                     int64_t number = 0;
                     Balances after;
                     ReadStatementRow(key, value, sequence, number, after);
                     return visit(sequence, number, after);
                   });
}

void Entries::VisitAccount(const AccountKey& account, uint64_t latest, uint64_t last,
                           absl::FunctionRef<bool(uint64_t, int64_t, const Balances&)> visit) const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (uint64_t after = latest; after > tail_.begin();) {
    const Logged& logged = tail_[after - 1];
    const bool from = logged.entry.from_key() == account;
    oldest = logged.sequence;
    if (logged.sequence <= last && !visit(logged.sequence, logged.entry.number, from ? logged.from : logged.to)) return;
    after = from ? logged.before_from : logged.before_to;
  }
  if (shelf_ != nullptr && oldest > 0) VisitAccountOnShelf(account, std::min(last, oldest - 1), visit);
}

uint64_t Entries::SequenceAt(absl::Time time) const {
  const int64_t micros = absl::ToUnixMicros(time);
  uint64_t first_after = std::numeric_limits<uint64_t>::max();
  if (shelf_ != nullptr && micros < time_before_tail_) {
    shelf_->Scan(kTimes, TimeRowKey(micros + 1), "", [&](absl::string_view key, absl::string_view value) {
      int64_t time_micros = 0;
      ReadTimeRow(key, value, time_micros, first_after);
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

void Entries::UseShelf(const Shelf& shelf) {
  Discard();
  tail_.Clear();
  durable_end_ = sealed_end_ = kept_end_ = 0;
  generations_ = std::deque<Generation>(1);
  marks_.UseShelf(shelf);
  shelf_ = &shelf;
  time_before_tail_ = -1;
  shelf.ScanBack(kTimes, "", "", [&](absl::string_view key, absl::string_view value) {
    uint64_t sequence = 0;
    ReadTimeRow(key, value, time_before_tail_, sequence);
    return false;
  });
}

// The rows of a part of the tail. `time_before` is the time of the entry before it.
void Entries::AddRows(uint64_t begin, uint64_t end, int64_t time_before, RowBatch& rows) const {
  for (uint64_t place = begin; place < end; ++place) {
    const Logged& logged = tail_[place];
    const Entry& entry = logged.entry;
    rows.Put(kByNumber, EntryRowKey(entry.scheme, entry.number), EntryRowValue(entry, logged.sequence));
    rows.Put(kNumbers, IdView(entry.id), NumberRowValue(entry));
    rows.Put(kStatements, StatementRowKey(entry.from_key(), logged.sequence),
             StatementRowValue(entry.number, logged.from));
    rows.Put(kStatements, StatementRowKey(entry.to_key(), logged.sequence), StatementRowValue(entry.number, logged.to));
    if (entry.time_micros == time_before) continue;
    time_before = entry.time_micros;
    rows.Put(kTimes, TimeRowKey(entry.time_micros), TimeRowValue(logged.sequence));
  }
}

Cut Entries::TakeCut() {
  const uint64_t begin = generations_.back().begin;
  const uint64_t end = durable_end_;
  TURNABOUT_CHECK(generations_.size() == 1);
  generations_.emplace_back();
  generations_.back().begin = end;
  return [this, begin, end, before = time_before_tail_, marks = marks_.TakeCut()](RowBatch& rows) mutable {
    AddRows(begin, end, before, rows);
    marks(rows);
  };
}

void Entries::Shelved() {
  generations_.pop_front();
  const uint64_t begin = generations_.front().begin;
  if (begin > tail_.begin()) time_before_tail_ = tail_[begin - 1].entry.time_micros;
  tail_.ForgetBefore(begin);
  marks_.Shelved();
}

void Entries::AddRowsInMemory(RowBatch& rows) const {
  AddRows(tail_.begin(), durable_end_, time_before_tail_, rows);
  marks_.AddRowsInMemory(rows);
}

}  // namespace turnabout
