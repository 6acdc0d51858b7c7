// Checks: the giver holds every check that the scheme asks of givers, in date.
#ifndef TURNABOUT_MATCHER_CRITERIA_CHECKS_H_
#define TURNABOUT_MATCHER_CRITERIA_CHECKS_H_

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline bool ChecksAllow(const Traits& giver) { return giver.checked; }

// CHECK_LAPSED, naming the first check that is missing, when ChecksAllow is false.
absl::Status CheckChecks(const Person& giver, const Settings& settings);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_CHECKS_H_
