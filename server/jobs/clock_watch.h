// A ClockWatch notices when the clock moves otherwise than time passes: somebody set it, or the machine slept.
//
//   ClockWatch watch(clock.Now());
//   watch.Look(clock.Now());      // 0
//   ... somebody sets the clock back by a year ...
//   watch.Look(clock.Now());      // minus a year; 0 from then on
#ifndef TURNABOUT_SERVER_JOBS_CLOCK_WATCH_H_
#define TURNABOUT_SERVER_JOBS_CLOCK_WATCH_H_

#include <chrono>

#include "absl/time/time.h"

namespace turnabout {

// What a clock that is being corrected may move at once.
inline constexpr absl::Duration kClockJumpLeast = absl::Minutes(1);

// Not thread-safe.
class ClockWatch {
 public:
  using Steady = std::chrono::steady_clock;

  // `now` is what the clock says.
  explicit ClockWatch(absl::Time now) : then_(now), steady_then_(Steady::now()) {}

  // How far the clock, which says `now`, has moved since the last look, beyond the time that has passed; zero for less
  // than kClockJumpLeast.
  absl::Duration Look(absl::Time now) {
    const Steady::time_point steady_now = Steady::now();
    const absl::Duration moved = (now - then_) - absl::FromChrono(steady_now - steady_then_);
    then_ = now;
    steady_then_ = steady_now;
    return absl::AbsDuration(moved) < kClockJumpLeast ? absl::ZeroDuration() : moved;
  }

 private:
  absl::Time then_;
  Steady::time_point steady_then_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_JOBS_CLOCK_WATCH_H_
