#include "matcher/assign/network.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace turnabout {

Network::Network(const Instance& instance, std::vector<int32_t> needs)
    : instance_(instance),
      receivers_(static_cast<int32_t>(instance.receivers.size())),
      givers_(static_cast<int32_t>(instance.givers.size())),
      need_(std::move(needs)),
      worth_(receivers_),
      demand_(receivers_, 0),
      deficit_(receivers_, 0),
      giving_(givers_, 0),
      giver_excess_(givers_, 0),
      account_of_receiver_(receivers_, kNobody),
      account_of_giver_(givers_, kNobody),
      used_of_giver_(givers_) {
  for (int32_t v = 0; v < receivers_; ++v) {
    const Receiver& receiver = instance.receivers[v];
    worth_[v] = receiver.worth;
    if (receiver.giver == kNobody || receiver.turns >= need_[v]) continue;
    account_of_receiver_[v] = static_cast<int32_t>(accounts_.size());
    account_of_giver_[receiver.giver] = static_cast<int32_t>(accounts_.size());
    accounts_.push_back({v, receiver.giver, receiver.turns, 0, 0});
  }
  const size_t nodes = static_cast<size_t>(receivers_) + givers_ + accounts_.size();
  price_.assign(nodes, 0);
  for (int32_t v = 0; v < receivers_; ++v) price_[v] = worth_[v];
  distance_.assign(nodes, 0);
  seen_.assign(nodes, -1);
  link_.resize(nodes);
  Rebuild({});
}

void Network::AddPairs(const std::vector<NetworkPair>& pairs) {
  Rebuild(pairs);
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i == 0 || pairs[i].receiver != pairs[i - 1].receiver) Tighten(pairs[i].receiver);
  }
}

// Lists all pairs anew, by receiver and by giver. What was used stays used.
void Network::Rebuild(const std::vector<NetworkPair>& pairs) {
  const std::vector<int32_t> old_first = std::exchange(in_first_, {});
  const std::vector<int32_t> old_giver = std::exchange(edge_giver_, {});
  const std::vector<Wide> old_worth = std::exchange(edge_worth_, {});
  const std::vector<uint8_t> old_used = std::exchange(edge_used_, {});
  const size_t total = old_giver.size() + pairs.size();
  edge_giver_.reserve(total);
  edge_worth_.reserve(total);
  edge_used_.reserve(total);
  edge_receiver_.clear();
  edge_receiver_.reserve(total);
  in_first_.reserve(receivers_ + 1);
  size_t next = 0;
  for (int32_t v = 0; v < receivers_; ++v) {
    in_first_.push_back(static_cast<int32_t>(edge_giver_.size()));
    for (int32_t e = old_first.empty() ? 0 : old_first[v]; !old_first.empty() && e < old_first[v + 1]; ++e) {
      edge_giver_.push_back(old_giver[e]);
      edge_worth_.push_back(old_worth[e]);
      edge_used_.push_back(old_used[e]);
    }
    for (; next < pairs.size() && pairs[next].receiver == v; ++next) {
      edge_giver_.push_back(pairs[next].giver);
      edge_worth_.push_back(pairs[next].worth);
      edge_used_.push_back(0);
    }
    edge_receiver_.resize(edge_giver_.size(), v);
  }
  TURNABOUT_CHECK(next == pairs.size());
  in_first_.push_back(static_cast<int32_t>(edge_giver_.size()));

  out_first_.assign(givers_ + 1, 0);
  for (const int32_t giver : edge_giver_) ++out_first_[giver + 1];
  for (int32_t u = 0; u < givers_; ++u) out_first_[u + 1] += out_first_[u];
  out_edge_.resize(edge_giver_.size());
  std::vector<int32_t> at(out_first_.begin(), out_first_.end() - 1);
  for (std::vector<int32_t>& used : used_of_giver_) used.clear();
  for (int32_t e = 0; e < static_cast<int32_t>(edge_giver_.size()); ++e) {
    out_edge_[at[edge_giver_[e]]++] = e;
    if (edge_used_[e]) used_of_giver_[edge_giver_[e]].push_back(e);
  }
}

// Lowers the receiver's price until none of their pairs pays, and lets go of the pairs and takes up the demand that the
// new price asks for.
void Network::Tighten(int32_t receiver) {
  Wide lowest = price_[receiver];
  for (int32_t e = in_first_[receiver]; e < in_first_[receiver + 1]; ++e) {
    if (!edge_used_[e]) lowest = std::min(lowest, price_[GiverNode(edge_giver_[e])] - edge_worth_[e]);
  }
  if (lowest == price_[receiver]) return;
  price_[receiver] = lowest;
  for (int32_t e = in_first_[receiver]; e < in_first_[receiver + 1]; ++e) {
    const int32_t giver = edge_giver_[e];
    if (!edge_used_[e] || price_[GiverNode(giver)] - edge_worth_[e] <= lowest) continue;
    edge_used_[e] = 0;
    std::erase(used_of_giver_[giver], e);
    ++giver_excess_[giver];
    ++deficit_[receiver];
  }
  const Wide margin = lowest - AccountPrice(account_of_receiver_[receiver]);
  if (margin < 0) {
    SetDemand(receiver, need_[receiver]);
  } else if (margin < worth_[receiver]) {
    SetDemand(receiver, std::max(demand_[receiver], 1));
  }
}

void Network::SetDemand(int32_t receiver, int32_t demand) {
  const int32_t more = demand - demand_[receiver];
  demand_[receiver] = demand;
  deficit_[receiver] += more;
  const int32_t account = account_of_receiver_[receiver];
  if (account == kNobody) return;
  Person& person = accounts_[account];
  const int32_t held = std::min(more, person.turns - person.held);
  person.held += held;
  person.excess += more - held;
}

bool Network::Balance(Meter& meter) {
  const int64_t of = int64_t{receivers_} + givers_ + static_cast<int64_t>(accounts_.size());
  for (int32_t v = 0; v < receivers_; ++v) {
    while (deficit_[v] > 0) {
      if (!meter.Tick(v, of, WorkOfLastSearch())) return false;
      BeginSearch(v, /*backward=*/true);
      Search();
      --deficit_[v];
    }
  }
  for (int32_t node = receivers_; node < static_cast<int32_t>(price_.size()); ++node) {
    while (ExcessOf(node) > 0) {
      if (!meter.Tick(node, of, WorkOfLastSearch())) return false;
      BeginSearch(node, /*backward=*/false);
      Search();
      --ExcessOf(node);
    }
  }
  return true;
}

std::vector<PoolPair> Network::Used() const {
  std::vector<PoolPair> used;
  for (size_t e = 0; e < edge_used_.size(); ++e) {
    if (edge_used_[e]) used.push_back({edge_giver_[e], edge_receiver_[e]});
  }
  std::sort(used.begin(), used.end(), [](const PoolPair& a, const PoolPair& b) {
    return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
  });
  return used;
}

Wide Network::TurnPrice(int32_t receiver) const { return -AccountPrice(account_of_receiver_[receiver]); }

void Network::Apply(const Link& link) {
  switch (link.step) {
    case Step::kUse:
      edge_used_[link.at] = 1;
      used_of_giver_[edge_giver_[link.at]].push_back(link.at);
      break;
    case Step::kUnuse:
      edge_used_[link.at] = 0;
      std::erase(used_of_giver_[edge_giver_[link.at]], link.at);
      break;
    case Step::kDemandMore:
      ++demand_[link.at];
      break;
    case Step::kDemandLess:
      --demand_[link.at];
      break;
    case Step::kGiveMore:
      ++giving_[link.at];
      break;
    case Step::kGiveLess:
      --giving_[link.at];
      break;
    case Step::kHoldMore:
      ++accounts_[link.at].held;
      break;
    case Step::kHoldLess:
      --accounts_[link.at].held;
      break;
  }
}

}  // namespace turnabout
