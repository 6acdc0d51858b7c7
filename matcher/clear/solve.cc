#include "matcher/clear/solve.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/clear/balance.h"
#include "matcher/clear/levels.h"
#include "matcher/clear/locality.h"
#include "matcher/clear/network.h"

namespace turnabout::clear {
namespace {

constexpr int kThreadsMax = 16;

bool Narrow(const Problem& problem) {
  return std::all_of(problem.weight.begin(), problem.weight.end(), [](int64_t weight) {
    return weight >= std::numeric_limits<int32_t>::min() && weight < std::numeric_limits<int32_t>::max();
  });
}

// The network's limits may be tighter than those stated: whose list is short, or who could not earn that many turns,
// can do less. What the tighter limit is worth moves to the turn, or to the edges themselves, which are all used then.
template <typename Weight>
void PriceMember(const Network<Weight>& network, int32_t member, Wide& receiving, Wide& turn, Wide& giving) {
  const Side& receive = network.receive[member];
  const Side& give = network.give[member];
  receiving = network.receive_price[member];
  giving = network.give_price[member];
  // Who gives nothing asks for nothing below what their turn is worth, however low their price has sunk.
  turn = give.used > 0 ? std::max(Wide{0}, -giving) : Wide{0};
  if (receive.used < network.need[member]) {
    const Wide next = receive.used == 0 ? network.bonus[member] : Wide{0};
    if (receive.used == receive.count) receiving = std::min(receiving, turn - next);
    turn = std::max(turn, receiving + next);
  }
  giving = std::max(giving, -turn);
  if (give.used == give.count && give.used < network.capacity[member]) giving = -turn;
}

template <typename Weight>
Answer AnswerOf(Network<Weight>& network, const std::vector<int32_t>& order) {
  Answer answer;
  Prices& prices = answer.prices;
  for (std::vector<Wide>* list : {&prices.receiving, &prices.turn, &prices.giving}) list->resize(order.size());
  std::vector<int32_t> rank(order.size());
  for (int32_t i = 0; i < network.members(); ++i) {
    const int32_t member = order[i];
    rank[member] = i;
    PriceMember(network, i, prices.receiving[member], prices.turn[member], prices.giving[member]);
    answer.served += network.receive[i].used > 0;
  }
  for (int32_t giver = 0; giver < network.members(); ++giver) {
    const size_t first = answer.choices.size();
    const Arc<Weight>* const arcs = network.OutArcs(rank[giver]);
    for (int32_t k = 0; k < network.give[rank[giver]].used; ++k) {
      answer.weight += arcs[k].weight;
      answer.choices.push_back({giver, order[arcs[k].member]});
    }
    std::sort(answer.choices.begin() + static_cast<ptrdiff_t>(first), answer.choices.end());
  }
  return answer;
}

template <typename Weight>
absl::StatusOr<Answer> SolveWith(const Problem& problem, const Levels& levels, const SolveOptions& options) {
  const int threads = std::clamp(options.threads, 1, kThreadsMax);
  const std::vector<int32_t> order = LocalityOrder(problem);
  Network<Weight> network(problem, levels, order, threads);
  BalanceCounts counts;
  if (!BalanceFromNothing(network, threads, options.keep_going, counts)) return Refuse(Reason::kCancelled);
  return AnswerOf(network, order);
}

}  // namespace

absl::StatusOr<Answer> Solve(const Problem& problem, const SolveOptions& options) {
  ASSIGN_OR_RETURN(const Levels levels, LevelsOf(problem));
  return Narrow(problem) ? SolveWith<int32_t>(problem, levels, options) : SolveWith<int64_t>(problem, levels, options);
}

}  // namespace turnabout::clear
