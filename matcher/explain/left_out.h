// Why somebody who would like a buddy has none in a round, and the smallest change that would help.
//
// What the person reads holds facts about themselves and counts of others; what the coordinator reads holds counts.
// Nobody is named, and nobody's place, need or status can be read from either.
#ifndef TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_
#define TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"

namespace turnabout {

// For asking about one person at a time. Not thread-safe.
class LeftOutExplainer {
 public:
  // `pairs` are positions among the instance's givers and receivers. REQUIRES: `rows` are built; `pairs` are the best
  // round; `instance` and `rows` outlive it.
  LeftOutExplainer(const Instance& instance, EligibleRows& rows, const std::vector<PoolPair>& pairs);
  ~LeftOutExplainer();

  // As ExplainLeftOut says it, but that of a shortage only those count who have a buddy, and this person. REQUIRES: the
  // receiver has no pair.
  LeftOut Explain(int32_t receiver);

 private:
  class State;
  std::unique_ptr<State> state_;
};

// One for each receiver without a pair, by id. `pairs` are positions among the instance's givers and receivers.
// CANCELLED when `meter` was. REQUIRES: `rows` are built; `pairs` are the best round.
absl::StatusOr<std::vector<LeftOut>> ExplainLeftOut(const Instance& instance, EligibleRows& rows,
                                                    const std::vector<PoolPair>& pairs, Meter& meter);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_EXPLAIN_LEFT_OUT_H_
