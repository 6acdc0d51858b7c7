// Puts people into an order in which any run of them lives close together, so that a box around a run is small.
#ifndef TURNABOUT_MATCHER_CANDIDATES_MAP_ORDER_H_
#define TURNABOUT_MATCHER_CANDIDATES_MAP_ORDER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// Positions in `people`: those with a place, halved along the longer side of their box again and again until `leaf` of
// them are together, each leaf full and in order of positions; then those without a place. REQUIRES: leaf > 0.
std::vector<int32_t> MapOrder(absl::Span<const Traits> people, int32_t leaf);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_MAP_ORDER_H_
