// Problems and answers as text, one record a line: docs/reference/clear-format.md says what each means.
//
//   p turnabout 2 2        2 members, 2 edges          s 7 2                the weight, and how many are served
//   m 1 1 1 0 0            who can give, need, ...     x 1 2                1 gives to 2
//   m 2 1 1 0 0                                        x 2 1
//   e 1 2 10               1 could give to 2           o weight             what was asked for
//   e 2 1 -3                                           y 1 ... ... ...      the prices that prove it
#ifndef TURNABOUT_MATCHER_CLEAR_TEXT_H_
#define TURNABOUT_MATCHER_CLEAR_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "matcher/clear/answer.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

// The order of lines after the first does not matter. INVALID_ARGUMENT/BAD_INSTANCE: line, column, what was expected.
absl::StatusOr<Problem> ReadProblem(absl::string_view text);
std::string WriteProblem(const Problem& problem);

// An answer to `problem`, whose members the lines name; the answer's objective becomes the problem's. Errors as above.
absl::StatusOr<Answer> ReadAnswer(absl::string_view text, Problem& problem);
std::string WriteAnswer(const Problem& problem, const Answer& answer);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_TEXT_H_
