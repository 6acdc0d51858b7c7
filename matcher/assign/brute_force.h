// The slow, obvious twin of clearing: every set of pairs is tried. For pools of a few people.
#ifndef TURNABOUT_MATCHER_ASSIGN_BRUTE_FORCE_H_
#define TURNABOUT_MATCHER_ASSIGN_BRUTE_FORCE_H_

#include <cstdint>
#include <vector>

#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout {

struct BruteForceResult {
  std::vector<PoolPair> pairs;  // by receiver's id, then giver's
  Value value;
  uint64_t tickets = 0;  // the sum of the lottery's tickets: the last thing that is maximised
};

// Every pair that could be proposed, by CheckPair and the forbidden lists, with capacity on one side and need on the
// other.
std::vector<PoolPair> AllEligiblePairs(const Pool& pool, const Settings& settings);

// The best set of pairs that keeps every limit. The time doubles with each eligible pair.
// REQUIRES: the pool is one that ProposeRound would take.
// Each person in group n counts as having waited bonus_days[n] longer, in what is maximised and in Value.
BruteForceResult ClearByBruteForce(const Pool& pool, const Settings& settings, Seed seed, int ticket_bits,
                                   const std::vector<int64_t>& bonus_days = {});

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_BRUTE_FORCE_H_
