#include "tests/support/lemon_twin.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <utility>
#include <vector>

namespace turnabout::clear {
namespace {

// A person is 2^shift, more than twice what all weights and bonuses of any choice add up to. No more than it takes:
// LEMON multiplies costs by some fifty for each member.
int PersonShift(const Problem& problem) {
  uint64_t total = 1;
  for (int32_t v = 0; v < problem.members(); ++v) {
    int64_t most = 0;
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      most = std::max(most, std::abs(problem.weight[e]));
    }
    const int64_t turns = std::min<int64_t>(problem.need[v], problem.first[v + 1] - problem.first[v]);
    total += static_cast<uint64_t>(turns * most + problem.bonus[v]);
  }
  return std::bit_width(total) + 1;
}

std::vector<LemonArc> ArcsOf(const Problem& problem, int person_shift) {
  const int members = problem.members();
  const int hub = 3 * members;
  const int64_t person = problem.objective == Objective::kPeopleFirst ? int64_t{1} << person_shift : 0;
  std::vector<LemonArc> arcs;
  arcs.reserve(problem.giver.size() + 5 * problem.ids.size());
  for (int i = 0; i < members; ++i) {
    const int in = 3 * i, account = 3 * i + 1, out = 3 * i + 2;
    if (problem.need[i] > 0) arcs.push_back({in, account, 1, -(problem.bonus[i] + person)});
    if (problem.need[i] > 1) arcs.push_back({in, account, problem.need[i] - 1, 0});
    arcs.push_back({account, out, problem.capacity[i], 0});
    arcs.push_back({account, hub, problem.allowance[i], 0});
    arcs.push_back({hub, account, problem.capacity[i], 0});
    for (int64_t e = problem.first[i]; e < problem.first[i + 1]; ++e) {
      arcs.push_back({3 * problem.giver[e] + 2, in, 1, -problem.weight[e]});
    }
  }
  std::stable_sort(arcs.begin(), arcs.end(), [](const LemonArc& a, const LemonArc& b) { return a.from < b.from; });
  return arcs;
}

}  // namespace

LemonAnswer SolveByLemon(const Problem& problem, LemonSolver solver) {
  const int person_shift = PersonShift(problem);
  const LemonResult result = SolveFlow(3 * problem.members() + 1, ArcsOf(problem, person_shift), solver);
  LemonAnswer answer;
  answer.wall_s = result.wall_s;
  answer.cpu_s = result.cpu_s;
  answer.worth = -result.cost;
  if (problem.objective == Objective::kPeopleFirst) {
    answer.served = (answer.worth + (int64_t{1} << (person_shift - 1))) >> person_shift;
    answer.worth -= answer.served << person_shift;
  }
  return answer;
}

}  // namespace turnabout::clear
