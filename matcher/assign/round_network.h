// A RoundNetwork is a round's instance as a network of matcher/clear: people are its members, in the order of the map,
// and pairs its edges. It starts without pairs; each time that some are added, Balance makes the choice among all pairs
// so far the best again.
//
//   RoundNetwork network(instance, rows);
//   network.AddPairs(pairs);
//   network.Balance(meter);
//   network.GiverPrice(u) + network.ReceiverPrice(v)   // what a pair that was not added would have to be worth to pay
#ifndef TURNABOUT_MATCHER_ASSIGN_ROUND_NETWORK_H_
#define TURNABOUT_MATCHER_ASSIGN_ROUND_NETWORK_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"
#include "matcher/assign/pricing.h"
#include "matcher/clear/answer_of.h"
#include "matcher/clear/network.h"
#include "matcher/clear/repair.h"

namespace turnabout {

class RoundNetwork {
 public:
  // REQUIRES: both outlive the network.
  RoundNetwork(const Instance& instance, const EligibleRows& rows);

  // Adds pairs that are not there yet. REQUIRES: sorted by receiver; the receiver can have a turn.
  void AddPairs(const std::vector<EligiblePair>& pairs);

  // False when `meter` was cancelled. Nothing may be done with the network then.
  bool Balance(Meter& meter);

  // True when the pair was added.
  bool Has(int32_t giver, int32_t receiver) const {
    return network_->FindArc(giver_at_[giver], receiver_at_[receiver]) != nullptr;
  }

  // A pair that is not used is worth at most the two prices.
  Wide GiverPrice(int32_t giver) const { return network_->give_price[giver_at_[giver]]; }
  Wide ReceiverPrice(int32_t receiver) const { return network_->receive_price[receiver_at_[receiver]]; }

  // The pairs that carry a turn, by receiver, then giver.
  std::vector<PoolPair> Used() const;

  // A person's prices for the limits that the pool states.
  clear::MemberPrices PricesOfGiver(int32_t giver) const { return PricesOf(giver_at_[giver]); }
  clear::MemberPrices PricesOfReceiver(int32_t receiver) const { return PricesOf(receiver_at_[receiver]); }

  // Who in the pool each member of the network is, and the network itself, which this has no more then.
  std::vector<int32_t> PeopleByMember() const;
  std::unique_ptr<clear::Network<int32_t>> Take() && {
    repair_ = nullptr;
    return std::move(network_);
  }

  int64_t searches() const { return searches_; }
  int64_t visits() const { return visits_; }

 private:
  void Build(const std::vector<EligiblePair>& pairs);
  clear::MemberPrices PricesOf(int32_t member) const;

  const Instance& instance_;
  const EligibleRows& rows_;
  std::vector<int32_t> giver_at_;  // who each is among the members
  std::vector<int32_t> receiver_at_;
  std::vector<int32_t> giver_of_;  // and the other way round, or kNobody
  std::vector<int32_t> receiver_of_;
  std::unique_ptr<clear::Network<int32_t>> network_;
  std::unique_ptr<clear::Repair<int32_t>> repair_;
  bool is_new_ = true;
  int64_t searches_ = 0;
  int64_t visits_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_ROUND_NETWORK_H_
