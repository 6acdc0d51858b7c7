#include "base/clock.h"

#include "absl/time/clock.h"

namespace turnabout {

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::Time ManualClock::Now() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return now_;
}

void ManualClock::Set(absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  now_ = now;
}

void ManualClock::Advance(absl::Duration by) {
  std::lock_guard<std::mutex> lock(mutex_);
  now_ += by;
}

absl::CivilDay DayOf(absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); }

int32_t DayNumber(absl::CivilDay day) { return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)); }

absl::CivilDay DayFromNumber(int32_t number) { return absl::CivilDay(1970, 1, 1) + number; }

}  // namespace turnabout
