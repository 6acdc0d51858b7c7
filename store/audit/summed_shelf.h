// A SummedShelf is the shelf of a replay that is only to be compared: rows that never change are summed up and
// forgotten, so that a replay takes no more memory than what changes, and where one is wanted again it is read from the
// shelf that the replay is compared with.
//
//   SummedShelf summed(tables, shelf);
//   book.UseShelf(summed);
//   summed.Put(rows);
//   summed.Sums() == SumRows(tables, RowBatch(), &shelf).shelf
#ifndef TURNABOUT_STORE_AUDIT_SUMMED_SHELF_H_
#define TURNABOUT_STORE_AUDIT_SUMMED_SHELF_H_

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/reason.h"
#include "store/projection/row_sum.h"
#include "store/shelf/shelf.h"

namespace turnabout {

// Threads: Put and Sums one at a time, Get and damage at any time.
class SummedShelf : public ShelfView {
 public:
  // REQUIRES: `rows`, unless it is null, outlives this, and so does what `tables` name.
  SummedShelf(absl::Span<const ShelfTable> tables, const ShelfView* rows)
      : tables_(tables.begin(), tables.end()), rows_(rows) {
    sums_.resize(tables_.size());
  }

  // REQUIRES: a row that never changes is put once.
  void Put(const RowBatch& rows);

  // What was put comes to, by table.
  std::vector<RowSum> Sums() const;

  Head reached() const override { return {}; }
  // Rows that never change are those of the other shelf, where more may be than was put.
  std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const override;
  // Whoever begins here finds it empty, and a replay looks through no table later.
  void Scan(const ShelfTable&, absl::string_view, absl::string_view, Visit) const override {}
  void ScanBack(const ShelfTable&, absl::string_view, absl::string_view, Visit) const override {}
  void ReportUnreadable(absl::string_view problem) const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    damage_.Update(Refuse(Reason::kShelfDamaged, {{"problem", problem}}));
  }
  absl::Status damage() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return damage_;
  }

 private:
  // The place of the table that a row is of.
  size_t TableOf(absl::string_view key) const;

  const std::vector<ShelfTable> tables_;
  const ShelfView* const rows_;
  std::vector<RowSum> sums_;  // by table, of rows that never change
  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, std::string> changing_;  // by table and key; guarded by mutex_
  mutable absl::Status damage_;                             // guarded by mutex_
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_SUMMED_SHELF_H_
