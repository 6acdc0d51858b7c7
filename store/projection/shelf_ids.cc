#include "store/projection/shelf_ids.h"

#include <algorithm>
#include <cstring>

namespace turnabout {

void ShelfIds::Use(const ShelfView& shelf, const ShelfTable& table) {
  Leave();
  leaving_ = false;
  first_read_ = false;
  first_ = IdFilter();
  later_ = IdFilter();
  shelf_ = &shelf;
  table_ = &table;
}

void ShelfIds::Read() {
  reader_ = std::thread([this] {
    shelf_->Scan(*table_, "", "", [this](absl::string_view key, absl::string_view) {
      IdBytes id{};
      std::memcpy(id.data(), key.data(), std::min(key.size(), id.size()));
      first_.Add(id);
      return !leaving_;
    });
    first_read_.store(!leaving_, std::memory_order_release);
  });
}

void ShelfIds::Leave() {
  leaving_ = true;
  if (reader_.joinable()) reader_.join();
  shelf_ = nullptr;
}

}  // namespace turnabout
