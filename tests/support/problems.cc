#include "tests/support/problems.h"

#include <algorithm>

namespace turnabout::clear {

Problem MakeMembers(int32_t count) {
  Problem problem;
  for (int32_t i = 1; i <= count; ++i) problem.ids.push_back(i);
  problem.capacity.resize(count);
  problem.need.resize(count);
  problem.allowance.resize(count);
  problem.bonus.resize(count);
  problem.first.resize(count + 1);
  return problem;
}

void SetEdges(Problem& problem, std::vector<ProblemEdge> edges) {
  const auto before = [](const ProblemEdge& a, const ProblemEdge& b) {
    return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
  };
  std::stable_sort(edges.begin(), edges.end(), before);
  problem.first.assign(problem.ids.size() + 1, 0);
  problem.giver.clear();
  problem.weight.clear();
  for (size_t i = 0; i < edges.size(); ++i) {
    if (i + 1 < edges.size() && !before(edges[i], edges[i + 1])) continue;
    problem.giver.push_back(edges[i].giver);
    problem.weight.push_back(edges[i].weight);
    ++problem.first[edges[i].receiver + 1];
  }
  for (size_t v = 0; v < problem.ids.size(); ++v) problem.first[v + 1] += problem.first[v];
}

Problem MakeRandomProblem(const RandomShape& shape, Seed seed) {
  Random random(seed);
  Problem problem = MakeMembers(shape.members);
  for (int32_t i = 0; i < shape.members; ++i) {
    problem.capacity[i] = static_cast<int32_t>(random.Between(0, shape.capacity_most));
    problem.need[i] = static_cast<int32_t>(random.Between(0, shape.need_most));
    problem.allowance[i] = random.OneIn(1, 2) ? 0 : static_cast<int32_t>(random.Between(0, shape.allowance_most));
    problem.bonus[i] = random.OneIn(1, 2) ? 0 : random.Between(0, shape.bonus_most);
  }
  std::vector<ProblemEdge> edges;
  for (int32_t i = 0; i < shape.edges; ++i) {
    const int32_t u = static_cast<int32_t>(random.Below(shape.members));
    int32_t v = static_cast<int32_t>(random.Below(shape.members));
    if (shape.reach > 0) v = u + static_cast<int32_t>(random.Between(-shape.reach, shape.reach));
    if (u == v || v < 0 || v >= shape.members) continue;
    edges.push_back({u, v, random.Between(shape.weight_least, shape.weight_most)});
  }
  SetEdges(problem, std::move(edges));
  return problem;
}

Problem MakeTransportation(int32_t members, int32_t edges, Seed seed) {
  Random random(seed);
  Problem problem = MakeMembers(members);
  const int32_t sources = members / 2;
  std::vector<ProblemEdge> list;
  for (int32_t v = sources; v < members; ++v) {
    problem.need[v] = problem.allowance[v] = static_cast<int32_t>(random.Between(1, 4));
    for (int32_t k = 0; k < problem.need[v]; ++k) {
      const int32_t u = (v * 7 + k * 13) % sources;
      ++problem.capacity[u];
      list.push_back({u, v, random.Between(1, 100)});
    }
  }
  while (static_cast<int32_t>(list.size()) < edges) {
    list.push_back({static_cast<int32_t>(random.Below(sources)),
                    static_cast<int32_t>(random.Between(sources, members - 1)), random.Between(1, 10'000)});
  }
  SetEdges(problem, std::move(list));
  return problem;
}

}  // namespace turnabout::clear
