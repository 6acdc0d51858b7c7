#include "matcher/clear/answer_of.h"

#include <algorithm>

namespace turnabout::clear {
namespace {

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

}  // namespace

template <typename Weight>
Answer AnswerOf(const Network<Weight>& network, const std::vector<int32_t>& order) {
  Answer answer;
  answer.levels = network.levels;
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

template Answer AnswerOf(const Network<int32_t>&, const std::vector<int32_t>&);
template Answer AnswerOf(const Network<int64_t>&, const std::vector<int32_t>&);

}  // namespace turnabout::clear
