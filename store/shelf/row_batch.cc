#include "store/shelf/row_batch.h"

#include <algorithm>

namespace turnabout {

std::string& RowBatch::Begin(const ShelfTable& table) {
  open_ = &rows_[static_cast<size_t>(table.order)];
  open_->push_back({.start = bytes_.size(), .table_size = static_cast<uint8_t>(table.prefix.size())});
  return bytes_.append(table.prefix.data(), table.prefix.size());
}

std::string& RowBatch::EndKey() {
  open_->back().key_size = static_cast<uint32_t>(bytes_.size() - open_->back().start);
  return bytes_;
}

void RowBatch::End() {
  Row& row = open_->back();
  row.value_size = static_cast<uint32_t>(bytes_.size() - row.start - row.key_size);
}

void RowBatch::Put(const ShelfTable& table, absl::string_view key, absl::string_view value) {
  Begin(table).append(key.data(), key.size());
  EndKey().append(value.data(), value.size());
  End();
}

void RowBatch::Erase(const ShelfTable& table, absl::string_view key) {
  Put(table, key, absl::string_view());
  open_->back().erased = true;
}

void RowBatch::Append(const RowBatch& other) {
  for (size_t order = 0; order < rows_.size(); ++order) {
    for (Row row : other.rows_[order]) {
      row.start += bytes_.size();
      rows_[order].push_back(row);
    }
  }
  bytes_.append(other.bytes_);
}

void RowBatch::Clear() {
  for (std::vector<Row>& rows : rows_) rows.clear();
  bytes_.clear();
}

size_t RowBatch::size() const {
  size_t size = 0;
  for (const std::vector<Row>& rows : rows_) size += rows.size();
  return size;
}

void RowBatch::Sort() {
  // Later rows of a key come first, so that the first of them is the one that stays.
  const auto is_before = [this](const Row& a, const Row& b) {
    const int order = key(a).compare(key(b));
    return order != 0 ? order < 0 : a.start > b.start;
  };
  const auto same = [this](const Row& a, const Row& b) { return key(a) == key(b); };
  for (std::vector<Row>& rows : rows_) {
    if (std::is_sorted(rows.begin(), rows.end(), is_before)) continue;
    std::sort(rows.begin(), rows.end(), is_before);
    rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  }
}

}  // namespace turnabout
