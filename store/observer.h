// A StoreObserver is told what a store does, so that somebody can count it; the store knows nothing of who counts.
//
//   class Counter final : public StoreObserver {
//     void GroupEnded(const GroupReport& group) override { records_ += group.records; }
//     void CutEnded(const CutReport&) override {}
//     …
//   };
//   Counter counter;
//   Store::Open(std::move(journal), clock, {&book}, {}, &counter);
#ifndef TURNABOUT_STORE_OBSERVER_H_
#define TURNABOUT_STORE_OBSERVER_H_

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"

namespace turnabout {

// Commands that were answered together.
struct GroupReport {
  uint64_t commands = 0;                    // those that were refused among them
  uint64_t records = 0;                     // that they wrote; 0: there was nothing to write
  uint64_t bytes = 0;                       // of those records
  std::chrono::nanoseconds apply{};         // for which the writer's thread ran the commands
  std::chrono::nanoseconds sync{};          // for which Journal::Append worked, its sync included
  absl::Status written = absl::OkStatus();  // how that ended
};

// What went to the shelf at once.
struct CutReport {
  uint64_t records = 0;
  std::chrono::nanoseconds time{};  // from gathering its rows until the shelf had taken them
};

// Threads: GroupEnded one at a time and CutEnded one at a time, each from a thread of the store's. Must not block: the
// store waits for it.
class StoreObserver {
 public:
  virtual ~StoreObserver() = default;

  // Called before any command of the group is answered.
  virtual void GroupEnded(const GroupReport& group) = 0;
  // Called once what was cut is on the shelf.
  virtual void CutEnded(const CutReport& cut) = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_OBSERVER_H_
