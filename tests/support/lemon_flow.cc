#include "tests/support/lemon_flow.h"

#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

#include <chrono>
#include <ctime>
#include <utility>

namespace turnabout::clear {
namespace {

using Graph = lemon::StaticDigraph;

double ProcessorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

template <typename Algorithm>
LemonResult Run(Algorithm&& algorithm, const Graph::ArcMap<int64_t>& capacity, const Graph::ArcMap<int64_t>& cost) {
  LemonResult result;
  const auto start = std::chrono::steady_clock::now();
  const double cpu = ProcessorSeconds();
  algorithm.upperMap(capacity).costMap(cost).run();
  result.cpu_s = ProcessorSeconds() - cpu;
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.cost = algorithm.template totalCost<int64_t>();
  return result;
}

}  // namespace

LemonResult SolveFlow(int nodes, std::vector<LemonArc> arcs, LemonSolver solver) {
  Graph graph;
  {
    std::vector<std::pair<int, int>> ends;
    ends.reserve(arcs.size());
    for (const LemonArc& arc : arcs) ends.emplace_back(arc.from, arc.to);
    graph.build(nodes, ends.begin(), ends.end());
  }
  Graph::ArcMap<int64_t> capacity(graph);
  Graph::ArcMap<int64_t> cost(graph);
  for (size_t i = 0; i < arcs.size(); ++i) {
    capacity[Graph::arcFromId(static_cast<int>(i))] = arcs[i].capacity;
    cost[Graph::arcFromId(static_cast<int>(i))] = arcs[i].cost;
  }
  std::vector<LemonArc>().swap(arcs);
  if (solver == LemonSolver::kCostScaling) {
    return Run(lemon::CostScaling<Graph, int64_t, int64_t>(graph), capacity, cost);
  }
  return Run(lemon::NetworkSimplex<Graph, int64_t, int64_t>(graph), capacity, cost);
}

}  // namespace turnabout::clear
