#include "matcher/assign/round_network.h"

#include <algorithm>
#include <utility>

#include "matcher/clear/balance.h"
#include "matcher/clear/problem.h"

namespace turnabout {

RoundNetwork::RoundNetwork(const Instance& instance, const EligibleRows& rows)
    : instance_(instance), rows_(rows), giver_at_(instance.givers.size()), receiver_at_(instance.receivers.size()) {
  // Both lists go along the map, and whoever is in both comes at the same place in each.
  const auto add = [&](int32_t giver, int32_t receiver) {
    const int32_t member = static_cast<int32_t>(giver_of_.size());
    if (giver != kNobody) giver_at_[giver] = member;
    if (receiver != kNobody) receiver_at_[receiver] = member;
    giver_of_.push_back(giver);
    receiver_of_.push_back(receiver);
  };
  int32_t giver = 0;
  for (int32_t receiver = 0; receiver < static_cast<int32_t>(instance.receivers.size()); ++receiver) {
    const int32_t both = instance.receivers[receiver].giver;
    for (; giver < both; ++giver) add(giver, kNobody);
    add(both, receiver);
    if (both != kNobody) giver = both + 1;
  }
  for (; giver < static_cast<int32_t>(instance.givers.size()); ++giver) add(giver, kNobody);
}

void RoundNetwork::Build(const std::vector<EligiblePair>& pairs) {
  clear::Problem problem;
  const size_t members = giver_of_.size();
  problem.bonus.resize(members);
  problem.first.push_back(0);
  size_t next = 0;
  for (size_t i = 0; i < members; ++i) {
    const int32_t giver = giver_of_[i];
    const int32_t receiver = receiver_of_[i];
    problem.ids.push_back(static_cast<int64_t>(i));
    problem.capacity.push_back(giver == kNobody ? 0
                                                : static_cast<int32_t>(std::min<int64_t>(
                                                      instance_.givers[giver].capacity, rows_.size_of_giver(giver))));
    problem.need.push_back(receiver == kNobody ? 0
                                               : static_cast<int32_t>(std::min<int64_t>(
                                                     instance_.receivers[receiver].need, rows_.size(receiver))));
    problem.allowance.push_back(receiver == kNobody ? 0 : instance_.receivers[receiver].turns);
    for (; next < pairs.size() && pairs[next].receiver == receiver; ++next) {
      problem.giver.push_back(giver_at_[pairs[next].giver]);
      problem.weight.push_back(pairs[next].score);
    }
    problem.first.push_back(static_cast<int64_t>(problem.giver.size()));
  }
  clear::Levels levels;
  levels.shift = instance_.objective.score_shift();
  levels.ticket_bits = instance_.objective.ticket_bits();
  std::vector<int32_t> order(members);
  for (size_t i = 0; i < members; ++i) order[i] = static_cast<int32_t>(i);
  network_ = std::make_unique<clear::Network<int32_t>>(problem, levels, order, instance_.means.threads,
                                                       problem.giver.size() / 4);
  network_->complete = false;
  for (size_t i = 0; i < members; ++i) {
    const int32_t giver = giver_of_[i];
    const int32_t receiver = receiver_of_[i];
    const uint64_t lot = giver != kNobody ? instance_.givers[giver].lottery : instance_.receivers[receiver].lottery;
    network_->receive[i].lot = network_->give[i].lot = lot;
    if (receiver != kNobody) network_->bonus[i] = instance_.receivers[receiver].worth;
  }
}

void RoundNetwork::AddPairs(const std::vector<EligiblePair>& pairs) {
  if (network_ == nullptr) return Build(pairs);
  for (size_t i = 0; i < pairs.size(); ++i) {
    const int32_t receiver = receiver_at_[pairs[i].receiver];
    network_->AddEdge(giver_at_[pairs[i].giver], receiver, pairs[i].score);
    if (i + 1 == pairs.size() || pairs[i + 1].receiver != pairs[i].receiver) repair_->Reopen(receiver);
  }
}

bool RoundNetwork::Balance(Meter& meter) {
  const auto keep_going = [&](int64_t done, int64_t of) { return meter.Ask(done, of); };
  if (std::exchange(is_new_, false)) {
    clear::BalanceCounts counts;
    const bool done = clear::BalanceFromNothing(*network_, instance_.means.threads, keep_going, counts);
    searches_ = counts.searches;
    visits_ = counts.visits;
    repair_ = std::make_unique<clear::Repair<int32_t>>(*network_);
    return done;
  }
  const int64_t searches = repair_->search().searches();
  const int64_t visits = repair_->search().visits();
  const bool done = repair_->Run(keep_going);
  searches_ += repair_->search().searches() - searches;
  visits_ += repair_->search().visits() - visits;
  return done;
}

std::vector<PoolPair> RoundNetwork::Used() const {
  std::vector<PoolPair> used;
  for (int32_t v = 0; v < static_cast<int32_t>(receiver_at_.size()); ++v) {
    const size_t first = used.size();
    const int32_t member = receiver_at_[v];
    for (int32_t k = 0; k < network_->receive[member].used; ++k) {
      used.push_back({giver_of_[network_->InArcs(member)[k].member], v});
    }
    std::sort(used.begin() + static_cast<ptrdiff_t>(first), used.end());
  }
  return used;
}

std::vector<int32_t> RoundNetwork::PeopleByMember() const {
  std::vector<int32_t> people;
  for (size_t i = 0; i < giver_of_.size(); ++i) {
    people.push_back(giver_of_[i] != kNobody ? instance_.givers[giver_of_[i]].person
                                             : instance_.receivers[receiver_of_[i]].person);
  }
  return people;
}

clear::MemberPrices RoundNetwork::PricesOf(int32_t member) const {
  const int32_t giver = giver_of_[member];
  const int32_t receiver = receiver_of_[member];
  clear::Stated stated;
  if (receiver != kNobody) {
    stated.need = instance_.receivers[receiver].need;
    stated.edges_in = rows_.size(receiver);
  }
  if (giver != kNobody) {
    stated.capacity = instance_.givers[giver].capacity;
    stated.edges_out = rows_.size_of_giver(giver);
  }
  return clear::PricesOf(*network_, member, stated);
}

}  // namespace turnabout
