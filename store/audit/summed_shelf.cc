#include "store/audit/summed_shelf.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace turnabout {

size_t SummedShelf::TableOf(absl::string_view key) const {
  size_t table = 0;
  while (table < tables_.size() && !absl::StartsWith(key, tables_[table].prefix)) ++table;
  TURNABOUT_CHECK(table < tables_.size());
  return table;
}

void SummedShelf::Put(const RowBatch& rows) {
  for (const RowOrder order : kRowOrders) {
    for (const RowBatch::Row& row : rows.of(order)) {
      const absl::string_view key = rows.key(row);
      const std::optional<absl::string_view> value = rows.value(row);
      if (order != RowOrder::kChanging) {
        const size_t table = TableOf(key);
        tables_[table].Unpack(key.substr(tables_[table].prefix.size()), *value,
                              [&](absl::string_view of, absl::string_view is) { sums_[table] += RowSum::Of(of, is); });
        continue;
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      if (value.has_value()) {
        changing_.insert_or_assign(key, std::string(*value));
      } else {
        changing_.erase(key);
      }
    }
  }
}

std::vector<RowSum> SummedShelf::Sums() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<RowSum> sums = sums_;
  for (const auto& [key, value] : changing_) {
    const size_t table = TableOf(key);
    sums[table] += RowSum::Of(absl::string_view(key).substr(tables_[table].prefix.size()), value);
  }
  return sums;
}

std::optional<std::string> SummedShelf::Get(const ShelfTable& table, absl::string_view key) const {
  if (table.order != RowOrder::kChanging) return rows_ == nullptr ? std::nullopt : rows_->Get(table, key);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = changing_.find(absl::StrCat(table.prefix, key));
  return found == changing_.end() ? std::nullopt : std::make_optional(found->second);
}

}  // namespace turnabout
