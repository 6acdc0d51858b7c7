// Links say which pairs of a round stand or fall together: those where somebody receives a turn only because they give
// one in the same round.
#ifndef TURNABOUT_MATCHER_ASSIGN_LINKS_H_
#define TURNABOUT_MATCHER_ASSIGN_LINKS_H_

#include <cstdint>
#include <vector>

#include "matcher/matcher.h"

namespace turnabout {

// The link number of each pair: 0 alone, else 1, 2, ... in the order of the pairs. For each person, as many of the
// turns they receive as their own turns do not cover are tied to as many that they give, and nothing else is tied.
// Where there is a choice, pairs that are tied already come first, then the earlier ones. REQUIRES: turns[p] by
// position in the pool; nobody receives more than their turns and what they give.
std::vector<int32_t> LinksOf(const std::vector<PoolPair>& pairs, const std::vector<int32_t>& turns);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_LINKS_H_
