// Verify checks an Answer by itself. It shares no code with what finds answers, and looks at every edge once.
//
// Give each member's place to receive a price r, their place to give a price g and their turn a price t, with t >= 0
// and g + t >= 0. Then no choice is worth more than
//
//   sum over members of  capacity * (g + t) + allowance * t + best(r - t)
//     + sum over edges of  max(0, worth - g of the giver - r of the receiver)
//
// where best(x) is what up to `need` turns bring when each brings x and the first the bonus as well. (It is the dual of
// the problem as a linear programme.) An answer that is worth that much is therefore the best, and since worths include
// the tickets, any other choice is refused.
//
//   Verify(problem, *Solve(problem, {}))   // OK
#ifndef TURNABOUT_MATCHER_CLEAR_VERIFY_H_
#define TURNABOUT_MATCHER_CLEAR_VERIFY_H_

#include "absl/status/status.h"
#include "matcher/clear/answer.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

// OK when the choice keeps every limit, is worth what is stated, and is the best there is. DATA_LOSS/NOT_PROVEN with
// what is wrong otherwise. REQUIRES: `problem` is as problem.h says.
absl::Status Verify(const Problem& problem, const Answer& answer);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_VERIFY_H_
