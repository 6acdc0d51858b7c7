// Why somebody who would like a buddy has none in a round, and the smallest change that would help.
//
// What the person reads holds facts about themselves and counts of others; what the coordinator reads holds counts.
// Nobody is named, and nobody's place, need or status can be read from either.
#ifndef TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_
#define TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"

namespace turnabout {

// One for each receiver without a pair, by id. `pairs` are positions among the instance's givers and receivers.
// CANCELLED when `meter` was. REQUIRES: `rows` are built; `pairs` are the best round.
absl::StatusOr<std::vector<LeftOut>> ExplainLeftOut(const Instance& instance, EligibleRows& rows,
                                                    const std::vector<PoolPair>& pairs, Meter& meter);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_
