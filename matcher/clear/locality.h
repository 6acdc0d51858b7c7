// An order of a Problem's members in which neighbours in the graph lie near each other, so that what a search looks at
// lies near in memory, and so that cutting the order in parts cuts few edges.
//
//   std::vector<int32_t> order = LocalityOrder(problem);   // order[i] is who comes i-th
#ifndef TURNABOUT_MATCHER_CLEAR_LOCALITY_H_
#define TURNABOUT_MATCHER_CLEAR_LOCALITY_H_

#include <cstdint>
#include <vector>

#include "matcher/clear/problem.h"

namespace turnabout::clear {

// The members as they come when that is near enough already, as when ids go along a map. Otherwise clusters, each grown
// around one member, one after another outwards.
std::vector<int32_t> LocalityOrder(const Problem& problem);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_LOCALITY_H_
