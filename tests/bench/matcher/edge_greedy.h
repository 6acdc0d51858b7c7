// The greedy that an ordinary team ships, over a clearing problem: the best edge first, as long as everyone's limits
// allow it, again and again until a pass over all edges adds nothing.
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_EDGE_GREEDY_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_EDGE_GREEDY_H_

#include <cstdint>

#include "matcher/clear/problem.h"

namespace turnabout::bench {

struct GreedyAnswer {
  int64_t weight = 0;
  int64_t served = 0;
};

// REQUIRES: no weight is below 0. Bonuses are not looked at.
GreedyAnswer ClearEdgesGreedily(const clear::Problem& problem);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_EDGE_GREEDY_H_
