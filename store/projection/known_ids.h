// KnownIds know which ids there are already, in memory or on a shelf, so that nobody looks for one that is new: the
// writer asks of almost every id that it is.
//
//   KnownIds ids;
//   ids.Begin(shelf, kTable);   // those that are there are read on a thread of its own
//   ids.Add(id);
//   if (ids.MayHold(other)) shelf->Get(kTable, other);
#ifndef TURNABOUT_STORE_PROJECTION_KNOWN_IDS_H_
#define TURNABOUT_STORE_PROJECTION_KNOWN_IDS_H_

#include <atomic>
#include <thread>

#include "base/id.h"
#include "store/projection/id_filter.h"
#include "store/shelf/shelf.h"

namespace turnabout {

// Threads: the writer's alone.
class KnownIds {
 public:
  KnownIds() = default;
  ~KnownIds() { Forget(); }
  KnownIds(const KnownIds&) = delete;
  KnownIds& operator=(const KnownIds&) = delete;

  // Begins with the first 16 bytes of every key of `table`; without a shelf, which is null then, with nothing. Every id
  // counts as known until all are read. REQUIRES: not begun; both outlive this, or Forget is called first.
  void Begin(const ShelfView* shelf, const ShelfTable& table);
  bool begun() const { return begun_; }
  // As new: reads no more of the shelf.
  void Forget();

  // REQUIRES: begun.
  void Add(const IdBytes& id) { later_.Add(id); }

  // False when the id is certainly not there. REQUIRES: begun.
  bool MayHold(const IdBytes& id) const {
    const bool first = !first_read_.load(std::memory_order_acquire) || first_.MayHold(id);
    return first || later_.MayHold(id);
  }

 private:
  bool begun_ = false;
  IdFilter first_;  // those that were there at first, once they have been read
  std::atomic<bool> first_read_{false};
  IdFilter later_;  // and those that came since
  std::atomic<bool> leaving_{false};
  std::thread reader_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_KNOWN_IDS_H_
