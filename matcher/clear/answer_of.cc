#include "matcher/clear/answer_of.h"

#include <algorithm>

namespace turnabout::clear {
// Whose list is short, or who could not earn that many turns, can do less than stated. What the tighter limit is worth
// moves to the turn, or to the edges themselves, which are all used then.
template <typename Weight>
MemberPrices PricesOf(const Network<Weight>& network, int32_t member, const Stated& stated) {
  const Side& receive = network.receive[member];
  const Side& give = network.give[member];
  MemberPrices prices;
  prices.receiving = network.receive_price[member];
  prices.giving = network.give_price[member];
  // Who gives nothing asks for nothing below what their turn is worth, however low their price has sunk.
  prices.turn = give.used > 0 ? std::max(Wide{0}, -prices.giving) : Wide{0};
  if (receive.used < stated.need) {
    const Wide next = receive.used == 0 ? network.bonus[member] : Wide{0};
    if (receive.used == stated.edges_in) prices.receiving = std::min(prices.receiving, prices.turn - next);
    prices.turn = std::max(prices.turn, prices.receiving + next);
  }
  prices.giving = std::max(prices.giving, -prices.turn);
  if (give.used == stated.edges_out && give.used < stated.capacity) prices.giving = -prices.turn;
  return prices;
}

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
    const MemberPrices of_member =
        PricesOf(network, i, {network.need[i], network.capacity[i], network.receive[i].count, network.give[i].count});
    prices.receiving[member] = of_member.receiving;
    prices.turn[member] = of_member.turn;
    prices.giving[member] = of_member.giving;
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

template MemberPrices PricesOf(const Network<int32_t>&, int32_t, const Stated&);
template MemberPrices PricesOf(const Network<int64_t>&, int32_t, const Stated&);
template Answer AnswerOf(const Network<int32_t>&, const std::vector<int32_t>&);
template Answer AnswerOf(const Network<int64_t>&, const std::vector<int32_t>&);

}  // namespace turnabout::clear
