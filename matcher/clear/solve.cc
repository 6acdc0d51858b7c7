#include "matcher/clear/solve.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/clear/answer_of.h"
#include "matcher/clear/balance.h"
#include "matcher/clear/levels.h"
#include "matcher/clear/locality.h"
#include "matcher/clear/network.h"

namespace turnabout::clear {
namespace {

constexpr int kThreadsMax = 16;

bool Narrow(const Problem& problem) {
  return problem.pinned.empty() && std::all_of(problem.weight.begin(), problem.weight.end(), [](int64_t weight) {
           return weight >= std::numeric_limits<int32_t>::min() && weight < std::numeric_limits<int32_t>::max();
         });
}

// Takes the pins out of the answer's weight. INVALID_ARGUMENT when one is not chosen.
absl::Status TakePinsOut(const Problem& problem, const Levels& levels, Answer& answer) {
  if (problem.pinned.empty()) return absl::OkStatus();
  for (int32_t v = 0; v < problem.members(); ++v) {
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      if (problem.pinned[e] == 0) continue;
      const Choice pin{problem.giver[e], v};
      if (!std::binary_search(answer.choices.begin(), answer.choices.end(), pin)) {
        return RefuseFields({{"pinned", "these edges cannot all be chosen together"}});
      }
      answer.weight -= levels.pin;
    }
  }
  return absl::OkStatus();
}

template <typename Weight>
absl::StatusOr<Answer> SolveWith(const Problem& problem, const Levels& levels, const SolveOptions& options) {
  const int threads = std::clamp(options.threads, 1, kThreadsMax);
  const std::vector<int32_t> order = LocalityOrder(problem);
  Network<Weight> network(problem, levels, order, threads);
  BalanceCounts counts;
  if (!BalanceFromNothing(network, threads, options.keep_going, counts)) return Refuse(Reason::kCancelled);
  Answer answer = AnswerOf(network, order);
  RETURN_IF_ERROR(TakePinsOut(problem, levels, answer));
  return answer;
}

}  // namespace

absl::StatusOr<Answer> Solve(const Problem& problem, const SolveOptions& options) {
  ASSIGN_OR_RETURN(const Levels levels, LevelsOf(problem));
  return Narrow(problem) ? SolveWith<int32_t>(problem, levels, options) : SolveWith<int64_t>(problem, levels, options);
}

}  // namespace turnabout::clear
