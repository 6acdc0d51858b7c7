// A Meter tells a caller's Progress how far a round is, and remembers when it was asked to stop.
#ifndef TURNABOUT_MATCHER_ASSIGN_METER_H_
#define TURNABOUT_MATCHER_ASSIGN_METER_H_

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "base/reason.h"
#include "matcher/matcher.h"

namespace turnabout {

inline constexpr int64_t kMeterSteps = 1000;

// Not thread-safe. `progress` must outlive it.
class Meter {
 public:
  explicit Meter(const Progress& progress) : progress_(progress) {}

  // The next Ticks share the steps up to `to`.
  void Phase(int64_t to) {
    from_ = at_;
    to_ = std::max(from_, std::min(to, kMeterSteps));
  }

  // Called as often as wanted: it asks once enough work has gone by, where 1 is some ten microseconds. False once
  // cancelled.
  bool Tick(int64_t done, int64_t of, int64_t work = 1) {
    work_ += work;
    if (cancelled_ || work_ < kWorkBetweenAsks) return !cancelled_;
    return Ask(done, of);
  }

  // Asks at once. False once cancelled.
  bool Ask(int64_t done, int64_t of) {
    work_ = 0;
    at_ = std::max(at_, of <= 0 ? to_ : from_ + (to_ - from_) * std::min(done, of) / of);
    if (!cancelled_ && progress_) cancelled_ = !progress_(at_, kMeterSteps);
    return !cancelled_;
  }

  // Asks at once, without getting further. CANCELLED once cancelled.
  absl::Status Report() { return Ask(0, 1) ? absl::OkStatus() : Refuse(Reason::kCancelled); }

  // Says that all is done. CANCELLED once cancelled.
  absl::Status Finish() { return Ask(1, 1) ? absl::OkStatus() : Refuse(Reason::kCancelled); }

 private:
  static constexpr int64_t kWorkBetweenAsks = 64;

  const Progress& progress_;
  int64_t from_ = 0;
  int64_t to_ = 0;
  int64_t at_ = 0;
  int64_t work_ = 0;
  bool cancelled_ = false;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_METER_H_
