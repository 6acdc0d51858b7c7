// Choices are pairs that a coordinator decides on before a round: pinned ones are proposed whatever else, as though by
// hand just before the round, and forbidden ones are not proposed.
//
//   const Pool chosen = WithChoices(pool, {.pinned = {{ben, ana}}});
//   ProposeRound(chosen, settings, seed);                                  // the best for everyone else
//   *BestValue(pool, settings, seed, {}) ... *BestValue(pool, settings, seed, {.pinned = {{ben, ana}}})
//                                                                          // what the pin costs, exactly
#ifndef TURNABOUT_MATCHER_CHOICES_H_
#define TURNABOUT_MATCHER_CHOICES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout {

// Positions in Pool::people.
struct Choices {
  std::vector<PoolPair> pinned;
  std::vector<PoolPair> forbidden;

  bool empty() const { return pinned.empty() && forbidden.empty(); }
};

// What is left for a round: a pinned pair takes a place of its giver, and a place and a turn of its receiver.
// REQUIRES: there are as many of each; nobody is pinned to themselves.
Pool WithChoices(const Pool& pool, const Choices& choices);

// What some pairs of `pool` come to; whoever receives twice counts once.
Value ValueOfPairs(const Pool& pool, const Settings& settings, const std::vector<PoolPair>& pairs);

// What the pinned pairs and the best round for everyone else come to, together. Errors: those of ProposeRound.
// REQUIRES: as WithChoices.
absl::StatusOr<Value> BestValue(const Pool& pool, const Settings& settings, Seed seed, const Choices& choices,
                                const Progress& progress = {});

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CHOICES_H_
