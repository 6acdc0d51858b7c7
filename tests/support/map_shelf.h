// A MapShelf is a shelf in memory, quick to make, into which a test may put any row.
//
//   MapShelf shelf;
//   shelf.PutRow(kColours, "grass", "green");
//   book.UseShelf(shelf);
#ifndef TURNABOUT_TESTS_SUPPORT_MAP_SHELF_H_
#define TURNABOUT_TESTS_SUPPORT_MAP_SHELF_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "store/shelf/shelf.h"

namespace turnabout {

// Threads: as Shelf, with PutRow as Put.
class MapShelf : public Shelf {
 public:
  void PutRow(const ShelfTable& table, absl::string_view key, absl::string_view value) {
    rows_[absl::StrCat(table.prefix, key)] = std::string(value);
  }

  Head reached() const override { return reached_; }
  absl::Status Put(const RowBatch& rows, const Head& reached) override {
    for (const RowOrder order : kRowOrders) {
      for (const RowBatch::Row& row : rows.of(order)) {
        const std::optional<absl::string_view> value = rows.value(row);
        if (value.has_value()) {
          rows_[std::string(rows.key(row))] = std::string(*value);
        } else {
          rows_.erase(std::string(rows.key(row)));
        }
      }
    }
    reached_ = reached;
    return absl::OkStatus();
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Empty() override {
    rows_.clear();
    reached_ = Head();
    const std::lock_guard<std::mutex> lock(mutex_);
    damage_ = absl::OkStatus();
    return absl::OkStatus();
  }

  std::unique_ptr<ShelfView> NewSnapshot() const override {
    auto snapshot = std::make_unique<MapShelf>();
    snapshot->rows_ = rows_;
    snapshot->reached_ = reached_;
    return snapshot;
  }

  std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const override {
    const auto found = rows_.find(absl::StrCat(table.prefix, key));
    return found == rows_.end() ? std::nullopt : std::make_optional(found->second);
  }
  void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    const std::string last = EndOf(table, end);
    for (auto at = rows_.lower_bound(absl::StrCat(table.prefix, begin)); at != rows_.end() && at->first < last; ++at) {
      if (!visit(KeyOf(table, at->first), at->second)) return;
    }
  }
  void ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    const std::string first = absl::StrCat(table.prefix, begin);
    for (auto at = rows_.lower_bound(EndOf(table, end)); at != rows_.begin();) {
      --at;
      if (at->first < first || !visit(KeyOf(table, at->first), at->second)) return;
    }
  }

  void ReportUnreadable(absl::string_view problem) const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (damage_.ok()) damage_ = Refuse(Reason::kShelfDamaged, {{"problem", problem}});
  }
  absl::Status damage() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return damage_;
  }

 private:
  static absl::string_view KeyOf(const ShelfTable& table, absl::string_view key) {
    return key.substr(table.prefix.size());
  }
  static std::string EndOf(const ShelfTable& table, absl::string_view end) {
    std::string last(table.prefix);
    if (end.empty()) {
      ++last.back();
    } else {
      absl::StrAppend(&last, end);
    }
    return last;
  }

  std::map<std::string, std::string> rows_;  // by table and key
  Head reached_;
  mutable std::mutex mutex_;
  mutable absl::Status damage_;  // guarded by mutex_
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_MAP_SHELF_H_
