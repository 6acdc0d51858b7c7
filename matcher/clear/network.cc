#include "matcher/clear/network.h"

#include <algorithm>

namespace turnabout::clear {

template <typename Weight>
Network<Weight>::Network(const Problem& problem, const Levels& levels, const std::vector<int32_t>& order)
    : levels(levels),
      receive_price(problem.ids.size()),
      give_price(problem.ids.size()),
      bonus(problem.ids.size()),
      lot(problem.ids.size()),
      receive(problem.ids.size()),
      give(problem.ids.size()),
      capacity(problem.ids.size()),
      need(problem.ids.size()),
      allowance(problem.ids.size()),
      in(problem.giver.size()),
      out(problem.giver.size()) {
  std::vector<int32_t> rank(order.size());
  for (size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<int32_t>(i);
  int64_t at = 0;
  for (int32_t v = 0; v < members(); ++v) {
    const int32_t member = order[v];
    bonus[v] = levels.MemberWorth(problem.bonus[member]);
    lot[v] = LotOf(problem.ids[member]);
    capacity[v] = problem.capacity[member];
    need[v] = problem.need[member];
    allowance[v] = problem.allowance[member];
    Side& side = receive[v];
    side.at = at;
    side.count = side.room = static_cast<int32_t>(problem.first[member + 1] - problem.first[member]);
    int64_t most = std::numeric_limits<int64_t>::min();
    for (int64_t e = problem.first[member]; e < problem.first[member + 1]; ++e, ++at) {
      const int32_t giver = rank[problem.giver[e]];
      in[at] = {giver, static_cast<Weight>(problem.weight[e])};
      most = std::max(most, problem.weight[e]);
      ++give[giver].room;
    }
    if (side.count > 0) receive_price[v] = (static_cast<Wide>(most) + 1) << levels.shift;
  }
  at = 0;
  for (Side& side : give) {
    side.at = at;
    at += side.room;
  }
  for (int32_t v = 0; v < members(); ++v) {
    const Side& side = receive[v];
    for (int64_t e = side.at; e < side.at + side.count; ++e) {
      Side& giving = give[in[e].member];
      out[giving.at + giving.count++] = {v, in[e].weight};
    }
  }
}

template struct Network<int32_t>;
template struct Network<int64_t>;

}  // namespace turnabout::clear
