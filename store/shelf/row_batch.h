// A RowBatch is rows on their way to a shelf: many small keys and values, packed so that a million of them cost a few
// allocations and not two million.
//
//   constexpr ShelfTable kColours = {"C", RowOrder::kChanging};
//   RowBatch rows;
//   rows.Put(kColours, key, value);
//   rows.Erase(kColours, key);
//   rows.Sort();
//   for (const RowBatch::Row& row : rows.of(RowOrder::kChanging)) ... rows.key(row), rows.value(row) ...
#ifndef TURNABOUT_STORE_SHELF_ROW_BATCH_H_
#define TURNABOUT_STORE_SHELF_ROW_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace turnabout {

// How the rows of a table come to a shelf, which decides how they lie there.
enum class RowOrder : uint8_t {
  kChanging,   // rows that are changed and erased
  kAscending,  // each after all that came before, and never changed
  kScattered,  // anywhere, and never changed
};
inline constexpr RowOrder kRowOrders[] = {RowOrder::kChanging, RowOrder::kAscending, RowOrder::kScattered};

// What a projection keeps of one kind: `prefix` begins each of its keys on the shelf, and no other table's.
struct ShelfTable {
  using Visit = absl::FunctionRef<void(absl::string_view key, absl::string_view value)>;

  absl::string_view prefix;
  RowOrder order = RowOrder::kChanging;
  absl::string_view name = "rows";  // for a person: what its rows are, in the plural
  // Where several rows lie in one, as many as a cut happened to have: visits each as if it lay for itself, in order of
  // their keys; one that cannot be read as it lies. Null where each row lies for itself.
  void (*unpack)(absl::string_view key, absl::string_view value, Visit visit) = nullptr;

  // Visits what lies in a row: the row itself unless several do.
  void Unpack(absl::string_view key, absl::string_view value, Visit visit) const {
    unpack == nullptr ? visit(key, value) : unpack(key, value, visit);
  }
};

// Not thread-safe.
class RowBatch {
 public:
  void Put(const ShelfTable& table, absl::string_view key, absl::string_view value);
  // The row of that key is gone.
  void Erase(const ShelfTable& table, absl::string_view key);

  // The same in three steps, for whoever writes key and value where they will lie: Begin gives the bytes to append the
  // key to, EndKey those to append the value to, and End closes the row.
  std::string& Begin(const ShelfTable& table);
  std::string& EndKey();
  void End();

  // Every row of another batch.
  void Append(const RowBatch& other);

  // Forgets every row and keeps the memory.
  void Clear();

  size_t size() const;
  // Of keys and values together.
  size_t bytes() const { return bytes_.size(); }

  // The rows of one order: as they were added or, after Sort, by their keys, table included.
  struct Row {
    size_t start = 0;
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    uint8_t table_size = 0;  // of the key, how much names its table
    bool erased = false;
  };
  const std::vector<Row>& of(RowOrder order) const { return rows_[static_cast<size_t>(order)]; }
  // The views live until the next row is added.
  absl::string_view key(const Row& row) const { return {bytes_.data() + row.start, row.key_size}; }
  absl::string_view table(const Row& row) const { return {bytes_.data() + row.start, row.table_size}; }
  // Nothing where the row is gone.
  std::optional<absl::string_view> value(const Row& row) const {
    if (row.erased) return std::nullopt;
    return absl::string_view(bytes_.data() + row.start + row.key_size, row.value_size);
  }

  // Of several rows with one key the last stays. Rows that came in order cost least.
  void Sort();

 private:
  std::string bytes_;
  std::array<std::vector<Row>, std::size(kRowOrders)> rows_;
  std::vector<Row>* open_ = nullptr;  // where the row lies that was begun last
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_SHELF_ROW_BATCH_H_
