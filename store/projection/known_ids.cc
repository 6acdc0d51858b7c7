#include "store/projection/known_ids.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace turnabout {

void KnownIds::Begin(const ShelfView* shelf, const ShelfTable& table) {
  TURNABOUT_CHECK(!begun_);
  begun_ = true;
  if (shelf == nullptr) {
    first_read_ = true;
    return;
  }
  reader_ = std::thread([this, shelf, &table] {
    shelf->Scan(table, "", "", [this](absl::string_view key, absl::string_view) {
      IdBytes id{};
      std::memcpy(id.data(), key.data(), std::min(key.size(), id.size()));
      first_.Add(id);
      return !leaving_;
    });
    first_read_.store(!leaving_, std::memory_order_release);
  });
}

void KnownIds::Forget() {
  leaving_ = true;
  if (reader_.joinable()) reader_.join();
  leaving_ = false;
  first_read_ = false;
  first_ = IdFilter();
  later_ = IdFilter();
  begun_ = false;
}

}  // namespace turnabout
