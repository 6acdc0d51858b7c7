// The greedy twin of a round: take the best pair that is still possible, again and again. What most teams would do by
// hand, and what a round is compared with.
#ifndef TURNABOUT_MATCHER_ASSIGN_GREEDY_H_
#define TURNABOUT_MATCHER_ASSIGN_GREEDY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"

namespace turnabout {

// The pairs taken, in the order they were taken, as positions among the instance's givers and receivers. A person with
// no turn left waits until they have given one. CANCELLED when `meter` was. REQUIRES: `rows` are built.
absl::StatusOr<std::vector<PoolPair>> ClearGreedily(const Instance& instance, EligibleRows& rows, Meter& meter);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_GREEDY_H_
