#include "store/shelf/row_batch.h"

#include <algorithm>

namespace turnabout {
namespace {

// The first eight bytes of `key` as a number that sorts as they do.
uint64_t PrefixOf(absl::string_view key) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof(prefix); ++i) {
    prefix = prefix << 8 | (i < key.size() ? static_cast<uint8_t>(key[i]) : uint8_t{0});
  }
  return prefix;
}

}  // namespace

void RowBatch::Add(const ShelfTable& table, absl::string_view key, absl::string_view value, bool erased) {
  Row row;
  row.start = bytes_.size();
  row.key_size = static_cast<uint32_t>(table.prefix.size() + key.size());
  row.value_size = static_cast<uint32_t>(value.size());
  row.order = table.order;
  row.erased = erased;
  bytes_.append(table.prefix.data(), table.prefix.size());
  bytes_.append(key.data(), key.size()).append(value.data(), value.size());
  row.prefix = PrefixOf(absl::string_view(bytes_.data() + row.start, row.key_size));
  rows_.push_back(row);
}

void RowBatch::Append(const RowBatch& other) {
  rows_.reserve(rows_.size() + other.rows_.size());
  for (Row row : other.rows_) {
    row.start += bytes_.size();
    rows_.push_back(row);
  }
  bytes_.append(other.bytes_);
}

void RowBatch::Sort() {
  const auto key_of = [&](const Row& row) { return absl::string_view(bytes_.data() + row.start, row.key_size); };
  const auto before = [&](const Row& a, const Row& b) {
    if (a.order != b.order) return a.order < b.order;
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = key_of(a).compare(key_of(b));
    // Later rows of a key come first, so that unique keeps them.
    return order != 0 ? order < 0 : a.start > b.start;
  };
  if (!std::is_sorted(rows_.begin(), rows_.end(), before)) std::sort(rows_.begin(), rows_.end(), before);
  const auto same = [&](const Row& a, const Row& b) { return a.prefix == b.prefix && key_of(a) == key_of(b); };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
}

}  // namespace turnabout
