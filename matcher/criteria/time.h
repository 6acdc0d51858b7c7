// Time: both are free at one time of the week at least.
#ifndef TURNABOUT_MATCHER_CRITERIA_TIME_H_
#define TURNABOUT_MATCHER_CRITERIA_TIME_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline constexpr int kSlotCount = 21;  // 7 days of morning, afternoon and evening
inline constexpr SlotSet kEverySlot = (SlotSet{1} << kSlotCount) - 1;

inline bool TimeAllows(const Traits& giver, const Traits& receiver) {
  return (giver.slots & receiver.slots & kEverySlot) != 0;
}

// NO_SHARED_TIME when TimeAllows is false.
absl::Status CheckTime(const Traits& giver, const Traits& receiver);

// 400 for one shared time, 200 more for each of the next three.
inline constexpr int kTimesCounted = 4;
inline int32_t TimeScoreOf(int shared) { return shared == 0 ? 0 : 200 + 200 * std::min(shared, kTimesCounted); }
int32_t TimeScore(const Traits& giver, const Traits& receiver);

// "Both are free on Tuesday afternoon."
std::string TimeSentence(const Traits& giver, const Traits& receiver);

// "Tuesday afternoon". REQUIRES: 0 <= slot < kSlotCount.
std::string SlotText(int slot);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_TIME_H_
