// A Clock says what time it is. It is the only source of time in the project: nothing else asks the system, so a test
// or a replay decides what "now" means.
#ifndef TURNABOUT_BASE_CLOCK_H_
#define TURNABOUT_BASE_CLOCK_H_

#include <mutex>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace turnabout {

// Threads: implementations are safe for concurrent use.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The system's clock.
class SystemClock : public Clock {
 public:
  absl::Time Now() const override;
};

// A clock that moves only when told.
class ManualClock : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}
  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable std::mutex mutex_;
  absl::Time now_;  // guarded by mutex_
};

// The date in UTC. Dates of help and due dates are whole days in UTC everywhere in the project.
absl::CivilDay DayOf(absl::Time time);

// Days since 1970-01-01, and back.
int32_t DayNumber(absl::CivilDay day);
absl::CivilDay DayFromNumber(int32_t number);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_CLOCK_H_
