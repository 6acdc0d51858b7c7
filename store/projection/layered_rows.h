// LayeredRows are ordered rows of which memory holds only the latest: those staged, those sealed, those published but
// not yet shelved, and below them a shelf. Without a shelf everything published stays in memory.
#ifndef TURNABOUT_STORE_PROJECTION_LAYERED_ROWS_H_
#define TURNABOUT_STORE_PROJECTION_LAYERED_ROWS_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "store/projection/projection.h"

namespace turnabout {

// Threads: as Projection.
class LayeredRows {
 public:
  using Visit = absl::FunctionRef<bool(absl::string_view key, absl::string_view value)>;

  // REQUIRES: `table` outlives the rows.
  explicit LayeredRows(const ShelfTable& table) : table_(table) {}

  std::optional<std::string> Get(absl::string_view key, Layer layer) const;
  // The same of a row that was put since the last cut but one, or never.
  std::optional<std::string> GetInMemory(absl::string_view key, Layer layer) const;

  // Visits the rows with begin <= key < end in key order until `visit` returns false. An empty `end` is no end.
  void Scan(absl::string_view begin, absl::string_view end, Layer layer, Visit visit) const;

  void Put(absl::string_view key, absl::string_view value) { Set(key, std::string(value)); }
  void Erase(absl::string_view key) { Set(key, std::nullopt); }

  void Keep() { undo_.clear(); }
  void Drop();
  void Seal() { std::swap(sealed_, staged_); }
  void Publish();
  void Discard();

  void UseShelf(const ShelfView& shelf);
  void LeaveShelf() { shelf_ = nullptr; }
  Cut TakeCut();
  void Shelved();
  // Told that a row was read which nobody wrote: it can only have been the shelf's.
  void ReportUnreadable(absl::string_view problem) const {
    if (shelf_ != nullptr) shelf_->ReportUnreadable(problem);
  }
  void AddRowsInMemory(RowBatch& rows) const;

 private:
  // Nothing where a row is gone.
  using Map = absl::btree_map<std::string, std::optional<std::string>>;

  void Set(absl::string_view key, std::optional<std::string> value);
  // Those with rows, the topmost first.
  using Layers = absl::InlinedVector<const Map*, 4>;
  Layers LayersOf(Layer layer) const;
  // Null where no layer in memory knows of the key; nothing in it where the row is gone.
  const std::optional<std::string>* FindInMemory(absl::string_view key, Layer layer) const;

  const ShelfTable& table_;
  const ShelfView* shelf_ = nullptr;
  std::shared_ptr<const Map> cut_;  // on its way to the shelf; null for none
  Map published_;
  Map sealed_;
  Map staged_;
  // What staged_ held before each change since the last Keep, oldest first; nothing where it held nothing.
  std::vector<std::pair<std::string, std::optional<std::optional<std::string>>>> undo_;
  // Rows that the writer read from the shelf, which they are the same as until a cut comes there.
  mutable absl::flat_hash_map<std::string, std::string> read_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_LAYERED_ROWS_H_
