// ShelfIds know which ids are on a shelf, so that nobody looks there for one that is new: the writer asks of almost
// every id that it is.
//
//   ShelfIds ids;
//   ids.Use(shelf, kTable);      // once somebody asks, those that are there are read on a thread of its own
//   ids.Add(id);                 // one that will be
//   if (ids.MayHold(other)) shelf.Get(kTable, other);
#ifndef TURNABOUT_STORE_PROJECTION_SHELF_IDS_H_
#define TURNABOUT_STORE_PROJECTION_SHELF_IDS_H_

#include <atomic>
#include <thread>

#include "base/id.h"
#include "store/projection/id_filter.h"
#include "store/shelf/shelf.h"

namespace turnabout {

// Threads: the writer's alone.
class ShelfIds {
 public:
  ShelfIds() = default;
  ~ShelfIds() { Leave(); }
  ShelfIds(const ShelfIds&) = delete;
  ShelfIds& operator=(const ShelfIds&) = delete;

  // Begins anew with the first 16 bytes of every key of `table`. Every id counts as there until all are read.
  // REQUIRES: both outlive this, or Leave is called first.
  void Use(const ShelfView& shelf, const ShelfTable& table);
  // Reads no more of the shelf.
  void Leave();

  void Add(const IdBytes& id) { later_.Add(id); }

  // False when the id is certainly not there.
  bool MayHold(const IdBytes& id) {
    if (shelf_ != nullptr && !reader_.joinable()) Read();
    const bool first = !first_read_.load(std::memory_order_acquire) || first_.MayHold(id);
    return first || later_.MayHold(id);
  }

 private:
  void Read();

  const ShelfView* shelf_ = nullptr;
  const ShelfTable* table_ = nullptr;
  IdFilter first_;  // those that were there at first, once they have been read
  std::atomic<bool> first_read_{false};
  IdFilter later_;  // and those that came since
  std::atomic<bool> leaving_{false};
  std::thread reader_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_SHELF_IDS_H_
