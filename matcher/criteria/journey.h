// Journey: who may give while using a service, and what it is worth to have used the same one.
#ifndef TURNABOUT_MATCHER_CRITERIA_JOURNEY_H_
#define TURNABOUT_MATCHER_CRITERIA_JOURNEY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline bool JourneyAllows(const Traits& giver, const Traits& receiver, const Settings& settings) {
  if (!giver.stage_allows) return false;
  return !settings.same_service_required || receiver.services_now == 0 ||
         (receiver.services_now & giver.services_used) != 0;
}

// JOURNEY_MISMATCH when JourneyAllows is false.
absl::Status CheckJourney(const Traits& giver, const Traits& receiver, const Settings& settings);

// 1000 when both have used one service, 400 when both have used some service, else 0.
inline constexpr int32_t kSameServiceScore = 1000;
inline constexpr int32_t kSomeServiceScore = 400;
int32_t JourneyScore(const Traits& giver, const Traits& receiver);

// "Both have used the stroke ward."
std::string JourneySentence(const Traits& giver, const Traits& receiver, const Words& words);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_JOURNEY_H_
