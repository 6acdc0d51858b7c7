// The textbook's network of a clearing problem, for LEMON's solvers: three nodes a member and a hub.
#ifndef TURNABOUT_TESTS_SUPPORT_LEMON_TWIN_H_
#define TURNABOUT_TESTS_SUPPORT_LEMON_TWIN_H_

#include <cstdint>

#include "matcher/clear/problem.h"
#include "tests/support/lemon_flow.h"

namespace turnabout::clear {

// What LEMON finds, and how long its solver takes, without the time to build its graph.
struct LemonAnswer {
  int64_t worth = 0;   // weight and bonuses
  int64_t served = 0;  // only when people come first
  double wall_s = 0;
  double cpu_s = 0;
};

// Nodes are in the order of the members: give it a problem whose neighbours are near each other.
// REQUIRES: when people come first, twice all weights and bonuses of a choice, times fifty for each member, is below
// 2^63.
LemonAnswer SolveByLemon(const Problem& problem, LemonSolver solver);

}  // namespace turnabout::clear

#endif  // TURNABOUT_TESTS_SUPPORT_LEMON_TWIN_H_
