// Solve finds the best choice for a Problem, and proves it.
//
//   absl::StatusOr<Answer> answer = Solve(problem, {});
//   answer->choices             // who gives to whom: the only best choice there is
//   Verify(problem, *answer)    // OK
//
// The same problem gives the same bytes, with one thread or several and in whatever order a file listed it.
#ifndef TURNABOUT_MATCHER_CLEAR_SOLVE_H_
#define TURNABOUT_MATCHER_CLEAR_SOLVE_H_

#include "absl/status/statusor.h"
#include "matcher/clear/answer.h"
#include "matcher/clear/problem.h"
#include "matcher/clear/repair.h"

namespace turnabout::clear {

struct SolveOptions {
  int threads = 1;
  KeepGoing keep_going = {};  // asked on the caller's thread
};

// Errors: CANCELLED when `keep_going` said so; INVALID_ARGUMENT when the numbers add up to more than 128 bits hold, or
// when pinned edges cannot all be chosen.
// REQUIRES: `problem` is as problem.h says.
absl::StatusOr<Answer> Solve(const Problem& problem, const SolveOptions& options);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_SOLVE_H_
