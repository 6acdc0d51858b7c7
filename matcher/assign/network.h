// A Network is the clearing as a circulation: turns flow from a hub through people and back, and the cheapest
// circulation is the best round.
//
//   giver u --(pair, -worth, one each)--> receiver v --(demand, minus the worth of being served, for the first)-->
//   account account --(giving, up to capacity)--> giver       account <--(holding)--> hub, at most `turns` towards it
//
// A person who both gives and receives, and whose turns may not cover what they receive, has an account; for everyone
// else the hub takes its place, whose price is 0 for ever.
//
// The network holds prices and flows such that no arc that could carry more would pay (its reduced cost is never below
// 0), and people whose books do not balance yet. AddPairs keeps the first and breaks the second; Balance restores it
// one unit at a time, by the shortest way to the nearest other imbalance or to the hub. The hub is never searched
// beyond, so a search stays near where it began. When everything balances, the flow is optimal and the prices prove it.
#ifndef TURNABOUT_MATCHER_ASSIGN_NETWORK_H_
#define TURNABOUT_MATCHER_ASSIGN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"

namespace turnabout {

// A pair as the network sees it.
struct NetworkPair {
  int32_t giver = 0;
  int32_t receiver = 0;
  Wide worth = 0;
};

// Not thread-safe.
class Network {
 public:
  // `needs[v]` is how many givers receivers[v] can have at most. REQUIRES: `instance` outlives the network.
  Network(const Instance& instance, std::vector<int32_t> needs);

  // Adds pairs that are not there yet. REQUIRES: sorted by receiver; needs[receiver] > 0.
  void AddPairs(const std::vector<NetworkPair>& pairs);

  // Makes every book balance. False when `meter` was cancelled.
  bool Balance(Meter& meter);

  // The pairs that carry a turn, by receiver, then giver.
  std::vector<PoolPair> Used() const;

  // True when the network holds the pair.
  int32_t PairCount(int32_t receiver) const { return in_first_[receiver + 1] - in_first_[receiver]; }
  int32_t GiverOf(int32_t receiver, int32_t n) const { return edge_giver_[in_first_[receiver] + n]; }

  // Worth at most this to a receiver, a pair with a giver of that price does not pay: worth <= giver + receiver price.
  Wide ReceiverPrice(int32_t receiver) const { return -price_[receiver]; }
  Wide GiverPrice(int32_t giver) const { return price_[GiverNode(giver)]; }
  // What one more turn would be worth to a receiver.
  Wide TurnPrice(int32_t receiver) const;

  // Searches made and people looked at so far.
  int64_t searches() const { return searches_; }
  int64_t visits() const { return visits_; }

 private:
  enum class Step : uint8_t { kUse, kUnuse, kDemandMore, kDemandLess, kGiveMore, kGiveLess, kHoldMore, kHoldLess };
  // How a search came to a node: over which arc (`at` is a pair, receiver, giver or account), and from which node.
  struct Link {
    int32_t from = 0;
    int32_t at = 0;
    Step step = Step::kUse;
  };
  struct HeapItem {
    Wide distance;
    int32_t node;
  };
  struct Person {  // an account
    int32_t receiver = 0;
    int32_t giver = 0;
    int32_t turns = 0;
    int32_t held = 0;  // net flow to the hub; at most `turns`
    int32_t excess = 0;
  };

  int32_t GiverNode(int32_t giver) const { return receivers_ + giver; }
  int32_t AccountNode(int32_t account) const { return receivers_ + givers_ + account; }
  Wide AccountPrice(int32_t account) const { return account == kNobody ? Wide{0} : price_[AccountNode(account)]; }
  // The cost of the next unit of demand, and of the last one taken back.
  Wide DemandCost(int32_t receiver) const { return demand_[receiver] == 0 ? -worth_[receiver] : Wide{0}; }
  Wide LastDemandCost(int32_t receiver) const { return demand_[receiver] == 1 ? -worth_[receiver] : Wide{0}; }

  // In units of some ten microseconds.
  int64_t WorkOfLastSearch() const { return 1 + static_cast<int64_t>(settled_.size()) / 16; }

  void Rebuild(const std::vector<NetworkPair>& pairs);
  void Tighten(int32_t receiver);
  void SetDemand(int32_t receiver, int32_t demand);
  void Apply(const Link& link);

  void BeginSearch(int32_t source, bool backward);
  void Search();
  void Reach(int32_t node, Wide distance, const Link& link);
  void ReachHub(Wide distance, const Link& link);
  void ExpandBackward(int32_t node, Wide distance);
  void ExpandForward(int32_t node, Wide distance);
  void AccountBackward(int32_t account, Wide distance);
  void AccountForward(int32_t account, Wide distance);
  bool IsExcess(int32_t node) const;
  int32_t& ExcessOf(int32_t node);
  void FinishSearch();

  const Instance& instance_;
  const int32_t receivers_;
  const int32_t givers_;

  std::vector<int32_t> need_;
  std::vector<Wide> worth_;            // of each receiver
  std::vector<int32_t> demand_;        // flow from receiver to account or hub
  std::vector<int32_t> deficit_;       // demand without a giver
  std::vector<int32_t> giving_;        // flow from account or hub to giver
  std::vector<int32_t> giver_excess_;  // giving without a receiver
  std::vector<Person> accounts_;
  std::vector<int32_t> account_of_receiver_;
  std::vector<int32_t> account_of_giver_;
  std::vector<Wide> price_;  // by node: receivers, givers, accounts

  std::vector<int32_t> in_first_;  // pairs by receiver
  std::vector<int32_t> edge_giver_;
  std::vector<int32_t> edge_receiver_;
  std::vector<Wide> edge_worth_;
  std::vector<uint8_t> edge_used_;
  std::vector<int32_t> out_first_;  // pairs by giver
  std::vector<int32_t> out_edge_;
  std::vector<std::vector<int32_t>> used_of_giver_;

  bool backward_ = true;
  int32_t source_ = 0;
  std::vector<HeapItem> heap_;
  std::vector<Wide> distance_;
  std::vector<int32_t> seen_;  // the search that set a node's distance
  std::vector<Link> link_;
  std::vector<int32_t> settled_;
  int32_t search_ = 0;
  bool found_ = false;
  bool ends_at_hub_ = false;
  int32_t end_ = 0;  // where the search ends, unless at the hub
  Wide end_distance_ = 0;
  Link hub_link_;
  int64_t searches_ = 0;
  int64_t visits_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_NETWORK_H_
