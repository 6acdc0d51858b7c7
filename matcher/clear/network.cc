#include "matcher/clear/network.h"

#include <algorithm>
#include <limits>

namespace turnabout::clear {

template <typename Weight>
Network<Weight>::Network(const Problem& problem, const Levels& levels, const std::vector<int32_t>& order, int threads)
    : levels(levels),
      receive_price(problem.ids.size()),
      give_price(problem.ids.size()),
      bonus(problem.ids.size()),
      receive(problem.ids.size()),
      give(problem.ids.size()),
      capacity(problem.ids.size()),
      need(problem.ids.size()),
      allowance(problem.ids.size()),
      in(problem.giver.size()),
      out(problem.giver.size()) {
  std::vector<int32_t> rank(order.size());
  uint32_t at = 0;
  for (int32_t v = 0; v < members(); ++v) {
    const int32_t member = order[v];
    rank[member] = v;
    receive[v].at = at;
    receive[v].count = static_cast<int32_t>(problem.first[member + 1] - problem.first[member]);
    at += static_cast<uint32_t>(receive[v].count);
  }
  // By part of the receivers and giver: how many arcs go out, then where the next one of them is put.
  std::vector<std::vector<uint32_t>> next(threads);
  InParallel(threads, [&](int part) {
    next[part].resize(order.size());
    FillIn(problem, order, rank, PartOf(members(), threads, part), next[part]);
  });
  at = 0;
  for (int32_t u = 0; u < members(); ++u) {
    give[u].at = at;
    for (std::vector<uint32_t>& of_part : next) at += std::exchange(of_part[u], at);
    give[u].count = static_cast<int32_t>(at - give[u].at);
  }
  InParallel(threads, [&](int part) { FillOut(PartOf(members(), threads, part), next[part]); });
}

// The members of a range and the arcs into them; counts those arcs by giver.
template <typename Weight>
void Network<Weight>::FillIn(const Problem& problem, const std::vector<int32_t>& order,
                             const std::vector<int32_t>& rank, Range range, std::vector<uint32_t>& out_count) {
  for (int32_t v = range.begin; v < range.end; ++v) {
    const int32_t member = order[v];
    bonus[v] = levels.MemberWorth(problem.bonus[member]);
    receive[v].lot = give[v].lot = LotOf(problem.ids[member]);
    capacity[v] = problem.capacity[member];
    need[v] = problem.need[member];
    allowance[v] = problem.allowance[member];
    int64_t most = std::numeric_limits<int64_t>::min();
    Arc<Weight>* arc = InArcs(v);
    for (int64_t e = problem.first[member]; e < problem.first[member + 1]; ++e, ++arc) {
      const int32_t giver = rank[problem.giver[e]];
      *arc = {giver, static_cast<Weight>(problem.weight[e])};
      most = std::max(most, problem.weight[e]);
      ++out_count[giver];
    }
    if (receive[v].count > 0) receive_price[v] = (static_cast<Wide>(most) + 1) << levels.shift;
  }
}

template <typename Weight>
void Network<Weight>::FillOut(Range range, std::vector<uint32_t>& next) {
  for (int32_t v = range.begin; v < range.end; ++v) {
    const Arc<Weight>* arc = InArcs(v);
    for (const Arc<Weight>* const end = arc + receive[v].count; arc != end; ++arc) {
      out[next[arc->member]++] = {v, arc->weight};
    }
  }
}

template struct Network<int32_t>;
template struct Network<int64_t>;

}  // namespace turnabout::clear
