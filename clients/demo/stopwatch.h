// How long something took, by a clock that nobody sets.
#ifndef TURNABOUT_CLIENTS_DEMO_STOPWATCH_H_
#define TURNABOUT_CLIENTS_DEMO_STOPWATCH_H_

#include <chrono>

#include "absl/time/time.h"

namespace turnabout::demo {

class Stopwatch {
 public:
  // Time since it was made.
  absl::Duration Elapsed() const { return absl::FromChrono(std::chrono::steady_clock::now() - start_); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_STOPWATCH_H_
