#include "store/projection/shelf_ids.h"

#include <algorithm>
#include <cstring>

namespace turnabout {

void ShelfIds::Use(const Shelf& shelf, const ShelfTable& table) {
  Leave();
  leaving_ = false;
  first_read_ = false;
  first_ = IdFilter();
  later_ = IdFilter();
  reader_ = std::thread([this, &shelf, &table] {
    shelf.Scan(table, "", "", [this](absl::string_view key, absl::string_view) {
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
}

}  // namespace turnabout
