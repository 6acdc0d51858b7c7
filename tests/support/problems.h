// Made-up clearing problems for tests and measurements, always the same for the same seed.
#ifndef TURNABOUT_TESTS_SUPPORT_PROBLEMS_H_
#define TURNABOUT_TESTS_SUPPORT_PROBLEMS_H_

#include <cstdint>
#include <vector>

#include "base/seed.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

struct ProblemEdge {
  int32_t giver = 0;
  int32_t receiver = 0;
  int64_t weight = 0;
};

// Fills in the problem's edges, in whatever order they come; the last of a pair that comes twice counts.
void SetEdges(Problem& problem, std::vector<ProblemEdge> edges);

// Members with ids 1 to `count`, who neither give nor receive.
Problem MakeMembers(int32_t count);

struct RandomShape {
  int32_t members = 6;
  int32_t edges = 12;  // at most
  int32_t capacity_most = 2;
  int32_t need_most = 2;
  int32_t allowance_most = 2;  // half of the members have none
  int64_t bonus_most = 10;
  int64_t weight_least = -10;
  int64_t weight_most = 20;
  int32_t reach = 0;  // edges connect members whose positions differ by at most this; 0 for any
};

Problem MakeRandomProblem(const RandomShape& shape, Seed seed);

// As NETGEN makes transportation problems: sources that only give, sinks that only receive, and a skeleton of edges
// that lets everything be placed.
Problem MakeTransportation(int32_t members, int32_t edges, Seed seed);

}  // namespace turnabout::clear

#endif  // TURNABOUT_TESTS_SUPPORT_PROBLEMS_H_
