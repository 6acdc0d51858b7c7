// Levels say how what a choice is worth becomes one whole number of 128 bits, so that the best choice is unique.
//
//   worth of an edge    = (WEIGHT + pin, if it is pinned) * 2^shift + ticket of the pair
//   worth of a member   = (BONUS + person) * 2^shift, once, when they receive at all
//
// A ticket is drawn from the two members' ids. All tickets of a choice together stay below 2^shift, so they decide only
// between choices of equal weight; as good as never do two choices draw the same sum. `person` is 0, or, when people
// come first, more than all weights and bonuses together, so that they decide only between choices that serve as many.
// `pin`, likewise, is more than everything else.
//
// Nothing overflows: what any choice is worth lies between -T and T, where T is all weights, persons, bonuses and pins
// without their signs, times 2^shift, and T is at most 2^120. Prices and the lengths of ways through the network are
// sums of worths along a way that meets nobody twice on the same side, so they stay below 2^124.
#ifndef TURNABOUT_MATCHER_CLEAR_LEVELS_H_
#define TURNABOUT_MATCHER_CLEAR_LEVELS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "base/seed.h"
#include "matcher/clear/problem.h"

namespace turnabout {

using Wide = __int128;

namespace clear {

struct Levels {
  int shift = 64;
  int ticket_bits = 40;
  Wide person = 0;
  int64_t pin = 0;

  Wide EdgeWorth(int64_t weight, uint64_t giver_lot, uint64_t receiver_lot) const {
    return (static_cast<Wide>(weight) << shift) + static_cast<Wide>(Mix(giver_lot, receiver_lot) >> (64 - ticket_bits));
  }
  Wide MemberWorth(int64_t bonus) const { return (bonus + person) << shift; }

  friend bool operator==(const Levels&, const Levels&) = default;
};

// What levels depend on.
struct Totals {
  Wide total = 0;  // of weights and bonuses without their signs
  Wide turns = 0;  // that could be received: each member's need, or the edges into them if those are fewer
  int64_t members = 0;
  int64_t pins = 0;

  void AddWeight(int64_t weight) { total += weight < 0 ? -static_cast<Wide>(weight) : weight; }
};

// What a member's tickets are drawn from.
inline uint64_t LotOf(int64_t id) { return Mix(static_cast<uint64_t>(id), 0x7461); }

Totals TotalsOf(const Problem& problem);

// INVALID_ARGUMENT when weights and bonuses add up to more than 128 bits hold.
absl::StatusOr<Levels> LevelsOf(const Totals& totals, Objective objective);
inline absl::StatusOr<Levels> LevelsOf(const Problem& problem) {
  return LevelsOf(TotalsOf(problem), problem.objective);
}

}  // namespace clear
}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CLEAR_LEVELS_H_
