#include "store/projection/row_sum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "store/codec.h"

namespace turnabout {
namespace {

// The rows of one table in a sorted batch, unpacked, from the first that is not yet taken.
class TableRows {
 public:
  TableRows(const RowBatch& rows, const ShelfTable& table)
      : rows_(rows), table_(table), of_order_(rows.of(table.order)) {
    while (at_ < of_order_.size() && !IsOfTable()) ++at_;
    Unpack();
  }
  bool done() const { return unpacked_.empty(); }
  absl::string_view key() const { return unpacked_.front().first; }
  const std::optional<std::string>& value() const { return unpacked_.front().second; }
  void Next() {
    unpacked_.pop_front();
    if (unpacked_.empty()) Unpack();
  }

 private:
  bool IsOfTable() const { return rows_.key(of_order_[at_]).substr(0, table_.prefix.size()) == table_.prefix; }

  void Unpack() {
    if (at_ >= of_order_.size() || !IsOfTable()) return;
    const absl::string_view key = rows_.key(of_order_[at_]).substr(table_.prefix.size());
    const std::optional<absl::string_view> value = rows_.value(of_order_[at_]);
    ++at_;
    if (!value.has_value()) {
      unpacked_.emplace_back(key, std::nullopt);
      return;
    }
    table_.Unpack(key, *value,
                  [&](absl::string_view of, absl::string_view is) { unpacked_.emplace_back(of, std::string(is)); });
  }

  const RowBatch& rows_;
  const ShelfTable& table_;
  const std::vector<RowBatch::Row>& of_order_;
  size_t at_ = 0;  // after those that are unpacked
  std::deque<std::pair<std::string, std::optional<std::string>>> unpacked_;
};

void SumTable(const RowBatch& rows, const ShelfTable& table, const ShelfView* shelf, RowSum& of_shelf, RowSum& all) {
  TableRows memory(rows, table);
  const auto add_memory = [&] {
    if (memory.value().has_value()) all += RowSum::Of(memory.key(), *memory.value());
    memory.Next();
  };
  const auto add_shelf = [&](absl::string_view key, absl::string_view value) {
    const RowSum row = RowSum::Of(key, value);
    of_shelf += row;
    while (!memory.done() && memory.key() < key) add_memory();
    if (memory.done() || memory.key() != key) all += row;
  };
  if (shelf != nullptr) {
    shelf->Scan(table, "", "", [&](absl::string_view key, absl::string_view value) {
      table.Unpack(key, value, add_shelf);
      return true;
    });
  }
  while (!memory.done()) add_memory();
}

}  // namespace

RowSum RowSum::Of(absl::string_view key, absl::string_view value) {
  // A row is short: in one piece it is hashed at once.
  char row[512];
  const size_t size = key.size() + value.size();
  XXH128_hash_t hash;
  if (size <= sizeof(row)) {
    key.copy(row, key.size());
    value.copy(row + key.size(), value.size());
    hash = XXH3_128bits_withSeed(row, size, key.size());
  } else {
    hash = XXH3_128bits_withSeed(absl::StrCat(key, value).data(), size, key.size());
  }
  RowSum sum;
  sum.total_ = static_cast<unsigned __int128>(hash.high64) << 64 | hash.low64;
  sum.rows_ = 1;
  return sum;
}

std::string RowSum::Bytes() const {
  std::string bytes;
  PutFixed64(bytes, static_cast<uint64_t>(total_ >> 64));
  PutFixed64(bytes, static_cast<uint64_t>(total_));
  PutFixed64(bytes, rows_);
  return bytes;
}

TableSums SumRows(absl::Span<const ShelfTable> tables, const RowBatch& memory, const ShelfView* shelf) {
  TableSums sums;
  for (const ShelfTable& table : tables) {
    SumTable(memory, table, shelf, sums.shelf.emplace_back(), sums.all.emplace_back());
  }
  return sums;
}

Sha256Digest DigestOf(absl::Span<const ShelfTable> tables, const std::vector<RowSum>& sums) {
  Sha256Stream stream;
  for (size_t i = 0; i < tables.size(); ++i) {
    stream.Add(tables[i].prefix);
    stream.Add(sums[i].Bytes());
  }
  return stream.Finish();
}

absl::string_view DifferingTable(absl::Span<const ShelfTable> tables, const std::vector<RowSum>& sums,
                                 const std::vector<RowSum>& others) {
  for (size_t i = 0; i < tables.size(); ++i) {
    if (sums[i] != others[i]) return tables[i].name;
  }
  return "";
}

}  // namespace turnabout
