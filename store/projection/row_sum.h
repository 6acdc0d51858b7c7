// A RowSum is what rows come to, in whatever order they are added: the same for the same rows, and almost certainly
// another for others. It finds what was lost, doubled or spoilt by accident, not what somebody forged: what is in the
// journal is held together by SHA-256, and rows only have to agree with the journal.
//
//   RowSum sum;
//   sum += RowSum::Of("grass", "green");
//   sum == other
#ifndef TURNABOUT_STORE_PROJECTION_ROW_SUM_H_
#define TURNABOUT_STORE_PROJECTION_ROW_SUM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/sha256.h"
#include "store/shelf/row_batch.h"
#include "store/shelf/shelf.h"

namespace turnabout {

class RowSum {
 public:
  // Of one row: XXH3, 128 bits, of the key, the value, and where one ends.
  static RowSum Of(absl::string_view key, absl::string_view value);

  RowSum& operator+=(const RowSum& other) {
    total_ += other.total_;
    rows_ += other.rows_;
    return *this;
  }
  friend bool operator==(const RowSum&, const RowSum&) = default;

  uint64_t rows() const { return rows_; }
  // Twenty-four bytes, the same on every machine.
  std::string Bytes() const;

 private:
  unsigned __int128 total_ = 0;  // of the hashes of the rows
  uint64_t rows_ = 0;
};

// What the rows of some tables come to, by table.
struct TableSums {
  std::vector<RowSum> shelf;  // on the shelf alone
  std::vector<RowSum> all;    // with what memory has, which knows better
};

// Sums up the rows of `tables` in memory and on `shelf`, if there is one. A shelf that cannot be read says so itself.
// REQUIRES: `memory` is sorted.
TableSums SumRows(absl::Span<const ShelfTable> tables, const RowBatch& memory, const ShelfView* shelf);

// One digest of the sums of `tables`.
Sha256Digest DigestOf(absl::Span<const ShelfTable> tables, const std::vector<RowSum>& sums);

// The name of the first table whose sums differ; "" where they are the same.
absl::string_view DifferingTable(absl::Span<const ShelfTable> tables, const std::vector<RowSum>& sums,
                                 const std::vector<RowSum>& others);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_ROW_SUM_H_
