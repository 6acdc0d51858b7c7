// Minimum-cost circulations by LEMON. Debian's LEMON has static graphs, its best, for C++17 only, so this header and
// its source are C++17.
#ifndef TURNABOUT_TESTS_SUPPORT_LEMON_FLOW_H_
#define TURNABOUT_TESTS_SUPPORT_LEMON_FLOW_H_

#include <cstdint>
#include <vector>

namespace turnabout::clear {

enum class LemonSolver { kCostScaling, kNetworkSimplex };

// At least 0 and at most `capacity` flows, at `cost` each.
struct LemonArc {
  int from = 0;
  int to = 0;
  int64_t capacity = 0;
  int64_t cost = 0;
};

struct LemonResult {
  int64_t cost = 0;
  double wall_s = 0;  // of the solver, without building the graph
  double cpu_s = 0;
};

// REQUIRES: `arcs` are ordered by `from`; nodes are 0 to nodes - 1.
LemonResult SolveFlow(int nodes, std::vector<LemonArc> arcs, LemonSolver solver);

}  // namespace turnabout::clear

#endif  // TURNABOUT_TESTS_SUPPORT_LEMON_FLOW_H_
