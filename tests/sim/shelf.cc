#include "tests/sim/shelf.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "ledger/book/entries.h"
#include "store/projection/requests.h"

namespace turnabout::sim {
namespace {

// Every key of a table that is at or after `begin` and before `end`.
template <typename Rows>
auto RangeOf(const Rows& rows, const ShelfTable& table, absl::string_view begin, absl::string_view end) {
  const std::string first = absl::StrCat(table.prefix, begin);
  std::string last = absl::StrCat(table.prefix, end);
  if (end.empty()) last.back() = static_cast<char>(last.back() + 1);  // the first key after the table
  const auto from = rows.lower_bound(first);
  return std::make_pair(from, first < last ? rows.lower_bound(last) : from);
}

}  // namespace

void SimShelf::Apply(const RowBatch& batch, Rows& rows) const {
  for (const RowOrder order : kRowOrders) {
    size_t taken = batch.of(order).size();
    if (fault_ == ShelfFault::kTearsPuts) taken /= 2;
    if (fault_ == ShelfFault::kLosesPuts) taken = 0;
    for (const RowBatch::Row& row : batch.of(order)) {
      if (taken-- == 0) break;
      const std::string key(batch.key(row));
      if (!batch.value(row).has_value()) {
        rows.erase(key);
        continue;
      }
      std::string value(*batch.value(row));
      if (fault_ == ShelfFault::kFlipsRows && !value.empty() && value.size() % 7 == 0) value.back() ^= 1;
      rows[key] = value;
    }
  }
}

SimShelf::SimShelf(const SimShelf& other) : Shelf(other), fault_(other.fault_) {
  const std::lock_guard<std::recursive_mutex> lock(other.mutex_);
  rows_ = other.rows_;
  reached_ = other.reached_;
  spoilt_ = other.spoilt_;
}

void SimShelf::Crash(Random& random) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  unsynced_.resize(random.Below(unsynced_.size() + 1));
  rows_ = synced_rows_;
  reached_ = synced_reached_;
  for (const Taken& taken : unsynced_) {
    Apply(taken.rows, rows_);
    reached_ = taken.reached;
  }
}

void SimShelf::SpoilRow(Random& random) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (rows_.empty()) return;
  const auto row = std::next(rows_.begin(), static_cast<std::ptrdiff_t>(random.Below(rows_.size())));
  for (const absl::string_view ids : {Entries::kNumbers.prefix, Requests().tables().front().prefix}) {
    if (row->first.substr(0, ids.size()) == ids) return;
  }
  spoilt_.insert(row->first);
}

void SimShelf::Spoil(const ShelfTable& table) {
  for (const auto& [key, value] : rows_) {
    if (key.substr(0, table.prefix.size()) == table.prefix) spoilt_.insert(key);
  }
}

Head SimShelf::reached() const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  return reached_;
}

absl::Status SimShelf::Put(const RowBatch& rows, const Head& reached) {
  if (is_full_) return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}, {"problem", "the disk is full"}});
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  Apply(rows, rows_);
  reached_ = reached;
  unsynced_.push_back({rows, reached});
  return absl::OkStatus();
}

absl::Status SimShelf::Sync() {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  for (const Taken& taken : unsynced_) Apply(taken.rows, synced_rows_);
  unsynced_.clear();
  synced_reached_ = reached_;
  return absl::OkStatus();
}

absl::Status SimShelf::Empty() {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  rows_.clear();
  synced_rows_.clear();
  unsynced_.clear();
  spoilt_.clear();
  reached_ = Head{};
  synced_reached_ = Head{};
  damage_ = absl::OkStatus();
  return absl::OkStatus();
}

// False, with damage to show for it, when this row can be read no more.
bool SimShelf::IsReadable(const std::string& key) const {
  if (!spoilt_.contains(key)) return true;
  ReportUnreadable("a row cannot be read");
  return false;
}

std::optional<std::string> SimShelf::Get(const ShelfTable& table, absl::string_view key) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto row = rows_.find(absl::StrCat(table.prefix, key));
  if (row == rows_.end() || !IsReadable(row->first)) return std::nullopt;
  return row->second;
}

void SimShelf::Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto [first, last] = RangeOf(rows_, table, begin, end);
  for (auto row = first; row != last; ++row) {
    if (!IsReadable(row->first) || !visit(absl::string_view(row->first).substr(table.prefix.size()), row->second)) {
      return;
    }
  }
}

void SimShelf::ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto [first, last] = RangeOf(rows_, table, begin, end);
  for (auto row = last; row != first;) {
    --row;
    if (!IsReadable(row->first) || !visit(absl::string_view(row->first).substr(table.prefix.size()), row->second)) {
      return;
    }
  }
}

void SimShelf::ReportUnreadable(absl::string_view problem) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (damage_.ok()) damage_ = Refuse(Reason::kShelfDamaged, {{"problem", problem}});
}

absl::Status SimShelf::damage() const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  return damage_;
}

}  // namespace turnabout::sim
