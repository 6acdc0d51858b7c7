// The search of a Network: Dijkstra over reduced costs, from one imbalance to the nearest place where it can end.
#include <algorithm>

#include "base/check.h"
#include "matcher/assign/network.h"

namespace turnabout {
namespace {

constexpr auto kFarther = [](const auto& a, const auto& b) { return a.distance > b.distance; };

}  // namespace

void Network::BeginSearch(int32_t source, bool backward) {
  ++searches_;
  ++search_;
  backward_ = backward;
  source_ = source;
  found_ = false;
  ends_at_hub_ = false;
  heap_.clear();
  settled_.clear();
  distance_[source] = 0;
  seen_[source] = search_;
  heap_.push_back({0, source});
}

void Network::Search() {
  while (!heap_.empty()) {
    const HeapItem item = heap_.front();
    if (found_ && item.distance >= end_distance_) break;
    std::pop_heap(heap_.begin(), heap_.end(), kFarther);
    heap_.pop_back();
    if (item.distance > distance_[item.node]) continue;
    settled_.push_back(item.node);
    if (backward_) {
      ExpandBackward(item.node, item.distance);
    } else {
      ExpandForward(item.node, item.distance);
    }
  }
  visits_ += static_cast<int64_t>(settled_.size());
  FinishSearch();
}

// Moves one unit along the way found, and the prices so that the way costs nothing.
void Network::FinishSearch() {
  TURNABOUT_CHECK(found_);
  for (const int32_t node : settled_) {
    const Wide by = end_distance_ - distance_[node];
    price_[node] += backward_ ? by : -by;
  }
  int32_t node = end_;
  if (ends_at_hub_) {
    Apply(hub_link_);
    node = hub_link_.from;
  } else {
    --ExcessOf(end_);
  }
  for (; node != source_; node = link_[node].from) Apply(link_[node]);
}

bool Network::IsExcess(int32_t node) const {
  if (node < receivers_) return false;
  if (node < receivers_ + givers_) return giver_excess_[node - receivers_] > 0;
  return accounts_[node - receivers_ - givers_].excess > 0;
}

int32_t& Network::ExcessOf(int32_t node) {
  if (node < receivers_ + givers_) return giver_excess_[node - receivers_];
  return accounts_[node - receivers_ - givers_].excess;
}

void Network::Reach(int32_t node, Wide distance, const Link& link) {
  TURNABOUT_CHECK(distance >= distance_[link.from]);
  if (found_ && distance >= end_distance_) return;
  if (seen_[node] == search_ && distance >= distance_[node]) return;
  seen_[node] = search_;
  distance_[node] = distance;
  link_[node] = link;
  if (backward_ && IsExcess(node)) {
    found_ = true;
    ends_at_hub_ = false;
    end_ = node;
    end_distance_ = distance;
    return;
  }
  heap_.push_back({distance, node});
  std::push_heap(heap_.begin(), heap_.end(), kFarther);
}

void Network::ReachHub(Wide distance, const Link& link) {
  TURNABOUT_CHECK(distance >= distance_[link.from]);
  if (found_ && distance >= end_distance_) return;
  found_ = true;
  ends_at_hub_ = true;
  end_distance_ = distance;
  hub_link_ = link;
}

// Every arc that could carry one more unit into the node.
void Network::ExpandBackward(int32_t node, Wide distance) {
  const Wide price = price_[node];
  if (node < receivers_) {
    if (demand_[node] > 0) {
      const int32_t account = account_of_receiver_[node];
      const Wide cost = AccountPrice(account) - price - LastDemandCost(node);
      const Link link{node, node, Step::kDemandLess};
      account == kNobody ? ReachHub(distance + cost, link) : Reach(AccountNode(account), distance + cost, link);
    }
    for (int32_t e = in_first_[node]; e < in_first_[node + 1]; ++e) {
      if (edge_used_[e]) continue;
      const int32_t giver = GiverNode(edge_giver_[e]);
      Reach(giver, distance + price_[giver] - price - edge_worth_[e], {node, e, Step::kUse});
    }
  } else if (node < receivers_ + givers_) {
    const int32_t giver = node - receivers_;
    if (giving_[giver] < instance_.givers[giver].capacity) {
      const int32_t account = account_of_giver_[giver];
      const Wide cost = AccountPrice(account) - price;
      const Link link{node, giver, Step::kGiveMore};
      account == kNobody ? ReachHub(distance + cost, link) : Reach(AccountNode(account), distance + cost, link);
    }
    for (const int32_t e : used_of_giver_[giver]) {
      const int32_t receiver = edge_receiver_[e];
      Reach(receiver, distance + price_[receiver] - price + edge_worth_[e], {node, e, Step::kUnuse});
    }
  } else {
    AccountBackward(node - receivers_ - givers_, distance);
  }
}

void Network::AccountBackward(int32_t account, Wide distance) {
  const int32_t node = AccountNode(account);
  const Wide price = price_[node];
  const Person& person = accounts_[account];
  ReachHub(distance - price, {node, account, Step::kHoldLess});
  if (demand_[person.receiver] < need_[person.receiver]) {
    Reach(person.receiver, distance + price_[person.receiver] - price + DemandCost(person.receiver),
          {node, person.receiver, Step::kDemandMore});
  }
  if (giving_[person.giver] > 0) {
    const int32_t giver = GiverNode(person.giver);
    Reach(giver, distance + price_[giver] - price, {node, person.giver, Step::kGiveLess});
  }
}

// Every arc that could carry one more unit out of the node.
void Network::ExpandForward(int32_t node, Wide distance) {
  const Wide price = price_[node];
  if (node < receivers_) {
    if (demand_[node] < need_[node]) {
      const int32_t account = account_of_receiver_[node];
      const Wide cost = price - AccountPrice(account) + DemandCost(node);
      const Link link{node, node, Step::kDemandMore};
      account == kNobody ? ReachHub(distance + cost, link) : Reach(AccountNode(account), distance + cost, link);
    }
    for (int32_t e = in_first_[node]; e < in_first_[node + 1]; ++e) {
      if (!edge_used_[e]) continue;
      const int32_t giver = GiverNode(edge_giver_[e]);
      Reach(giver, distance + price - price_[giver] + edge_worth_[e], {node, e, Step::kUnuse});
    }
  } else if (node < receivers_ + givers_) {
    const int32_t giver = node - receivers_;
    if (giving_[giver] > 0) {
      const int32_t account = account_of_giver_[giver];
      const Wide cost = price - AccountPrice(account);
      const Link link{node, giver, Step::kGiveLess};
      account == kNobody ? ReachHub(distance + cost, link) : Reach(AccountNode(account), distance + cost, link);
    }
    for (int32_t i = out_first_[giver]; i < out_first_[giver + 1]; ++i) {
      const int32_t e = out_edge_[i];
      if (edge_used_[e]) continue;
      const int32_t receiver = edge_receiver_[e];
      Reach(receiver, distance + price - price_[receiver] - edge_worth_[e], {node, e, Step::kUse});
    }
  } else {
    AccountForward(node - receivers_ - givers_, distance);
  }
}

void Network::AccountForward(int32_t account, Wide distance) {
  const int32_t node = AccountNode(account);
  const Wide price = price_[node];
  const Person& person = accounts_[account];
  if (person.held < person.turns) ReachHub(distance + price, {node, account, Step::kHoldMore});
  if (giving_[person.giver] < instance_.givers[person.giver].capacity) {
    const int32_t giver = GiverNode(person.giver);
    Reach(giver, distance + price - price_[giver], {node, person.giver, Step::kGiveMore});
  }
  if (demand_[person.receiver] > 0) {
    Reach(person.receiver, distance + price - price_[person.receiver] - LastDemandCost(person.receiver),
          {node, person.receiver, Step::kDemandLess});
  }
}

}  // namespace turnabout
