// Fair clearing finds the bonuses under which a round meets the floors of its groups, and that round.
//
// The people of a group below its floor count as having waited some days longer. The more days, the more of them the
// best round serves (it never serves fewer), so the fewest days that do are looked for, group by group, where the lines
// of the best rounds on either side cross (the dual of the round with floors, one multiplier at a time). Every round
// looked at is the best for its bonuses and has prices that prove it.
#ifndef TURNABOUT_MATCHER_ASSIGN_FAIR_CLEARING_H_
#define TURNABOUT_MATCHER_ASSIGN_FAIR_CLEARING_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/clearing.h"

namespace turnabout {

// However many people there are, so many clearings may be tried.
inline constexpr int kClearingsLeast = 6;

struct FairOptions {
  ClearingOptions clearing;
  int clearings_most = 24;          // what is met by then is kept. DEFAULT: 24.
  int64_t people_most = 1'000'000;  // in all clearings together, but for the first kClearingsLeast. DEFAULT: 1,000,000.
};

struct FairResult {
  ClearingResult cleared;
  std::vector<GroupShare> groups;
  int64_t waiting_days_bound = 0;  // Round::waiting_days_bound
  int clearings = 0;
};

// The round with the fewest people missing from floors that it came by; among those, the most waiting days. Without
// floors, or when they are met as it is, that is Clear's, and no group has a bonus. A group whose floor is out of reach
// has so large a bonus that as many of its people are served as can be. The instance is left with the bonuses in its
// worths. CANCELLED when `meter` was. REQUIRES: `rows` are built over this very instance.
absl::StatusOr<FairResult> ClearFairly(Instance& instance, const EligibleRows& rows, const FairOptions& options,
                                       Meter& meter);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_FAIR_CLEARING_H_
