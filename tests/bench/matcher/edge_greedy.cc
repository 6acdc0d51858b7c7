#include "tests/bench/matcher/edge_greedy.h"

#include <algorithm>
#include <vector>

namespace turnabout::bench {
namespace {

struct Edge {
  int32_t weight;
  int32_t giver;
  int32_t receiver;
};

}  // namespace

GreedyAnswer ClearEdgesGreedily(const clear::Problem& problem) {
  std::vector<Edge> edges;
  edges.reserve(problem.giver.size());
  for (int32_t v = 0; v < problem.members(); ++v) {
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      edges.push_back({static_cast<int32_t>(problem.weight[e]), problem.giver[e], v});
    }
  }
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.weight > b.weight; });
  std::vector<int32_t> given(problem.ids.size(), 0);
  std::vector<int32_t> received(problem.ids.size(), 0);
  GreedyAnswer answer;
  // An edge that is not possible yet stays, since its receiver may give later.
  for (size_t before = edges.size() + 1; edges.size() < before;) {
    before = edges.size();
    size_t kept = 0;
    for (const Edge& edge : edges) {
      const int32_t u = edge.giver;
      const int32_t v = edge.receiver;
      if (given[u] == problem.capacity[u] || received[v] == problem.need[v]) continue;
      if (received[v] == problem.allowance[v] + given[v]) {
        edges[kept++] = edge;
        continue;
      }
      answer.served += received[v] == 0 ? 1 : 0;
      answer.weight += edge.weight;
      ++given[u];
      ++received[v];
    }
    edges.resize(kept);
  }
  return answer;
}

}  // namespace turnabout::bench
