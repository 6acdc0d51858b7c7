// Exclusions: people who must not be paired, either way round, whoever of the two said so.
#ifndef TURNABOUT_MATCHER_CRITERIA_EXCLUSIONS_H_
#define TURNABOUT_MATCHER_CRITERIA_EXCLUSIONS_H_

#include <algorithm>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline bool Excludes(const Traits& one, const Traits& other) {
  return !one.excluded->empty() &&
         std::find(one.excluded->begin(), one.excluded->end(), other.id) != one.excluded->end();
}

inline bool ExclusionsAllow(const Traits& giver, const Traits& receiver) {
  return !Excludes(giver, receiver) && !Excludes(receiver, giver);
}

// PAIR_EXCLUDED when ExclusionsAllow is false. Does not say who asked.
absl::Status CheckExclusions(const Traits& giver, const Traits& receiver);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_EXCLUSIONS_H_
