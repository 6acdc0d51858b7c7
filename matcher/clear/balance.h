// BalanceFromNothing solves a new Network: everybody is settled, and their books made to balance, in parts at first.
//
// A part is members next to each other in order; lists are cut short to what stays within, and parts know nothing of
// one another, so each may have a thread. The hub is everybody's, and its price is 0 whatever happens. Then the lists
// are whole again, receivers whom an edge from another part would suit better are opened again, and the little that
// changes is repaired. It is exact because whether a choice is the best can be seen edge by edge.
//
// Receivers ask for the turns they want, or, where less can be given than received, givers for somebody to give to: who
// is fewer finds what they look for soon.
//
// How many parts there are depends on the network alone, so the prices do not depend on how many threads there are.
#ifndef TURNABOUT_MATCHER_CLEAR_BALANCE_H_
#define TURNABOUT_MATCHER_CLEAR_BALANCE_H_

#include <cstdint>

#include "matcher/clear/network.h"
#include "matcher/clear/repair.h"

namespace turnabout::clear {

struct BalanceCounts {
  int64_t searches = 0;
  int64_t visits = 0;
  int64_t searches_across = 0;  // of those, after the parts were joined
};

// False when `keep_going` was, which is asked on the caller's thread alone.
template <typename Weight>
bool BalanceFromNothing(Network<Weight>& network, int threads, const KeepGoing& keep_going, BalanceCounts& counts);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_BALANCE_H_
