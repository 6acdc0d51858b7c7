// A RowBatch is rows on their way to a shelf: many small keys and values, packed so that a million of them cost a few
// allocations and not two million.
//
//   constexpr ShelfTable kColours = {"C", RowOrder::kChanging};
//   RowBatch rows;
//   rows.Put(kColours, key, value);
//   rows.Erase(kColours, key);
//   rows.Sort();
//   for (size_t i = 0; i < rows.size(); ++i) ... rows.key(i), rows.value(i) ...
#ifndef TURNABOUT_STORE_SHELF_ROW_BATCH_H_
#define TURNABOUT_STORE_SHELF_ROW_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace turnabout {

// How the rows of a table come to a shelf, which decides how they lie there.
enum class RowOrder : uint8_t {
  kChanging,   // rows that are changed and erased
  kAscending,  // each after all that came before, and never changed
  kScattered,  // anywhere, and never changed
};

// What a projection keeps of one kind: `prefix` begins each of its keys on the shelf, and no other table's.
struct ShelfTable {
  absl::string_view prefix;
  RowOrder order = RowOrder::kChanging;
};

// Not thread-safe.
class RowBatch {
 public:
  void Put(const ShelfTable& table, absl::string_view key, absl::string_view value) { Add(table, key, value, false); }
  // The row of that key is gone.
  void Erase(const ShelfTable& table, absl::string_view key) { Add(table, key, absl::string_view(), true); }

  // Every row of another batch.
  void Append(const RowBatch& other);

  size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  // In the order in which they were added or, after Sort, of their RowOrder and then of their keys, table included. The
  // views live until the next row is added.
  RowOrder order(size_t i) const { return rows_[i].order; }
  absl::string_view key(size_t i) const { return {bytes_.data() + rows_[i].start, rows_[i].key_size}; }
  // Nothing where the row is gone.
  std::optional<absl::string_view> value(size_t i) const {
    const Row& row = rows_[i];
    if (row.erased) return std::nullopt;
    return absl::string_view(bytes_.data() + row.start + row.key_size, row.value_size);
  }

  // Of several rows with one key the last stays.
  void Sort();

 private:
  struct Row {
    size_t start = 0;  // in bytes_
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    uint64_t prefix = 0;  // the key's first bytes, highest first: most comparisons end there
    RowOrder order = RowOrder::kChanging;
    bool erased = false;
  };

  void Add(const ShelfTable& table, absl::string_view key, absl::string_view value, bool erased);

  std::string bytes_;
  std::vector<Row> rows_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_SHELF_ROW_BATCH_H_
