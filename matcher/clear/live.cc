#include "matcher/clear/live.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/clear/answer_of.h"
#include "matcher/clear/balance.h"
#include "matcher/clear/locality.h"

namespace turnabout::clear {
namespace {

// Levels with room for twice as much, so that they are seldom made anew.
Totals Twice(const Totals& totals) {
  Totals twice = totals;
  twice.total = 2 * totals.total + 1;
  twice.turns = 2 * totals.turns + 1;
  twice.members = 2 * totals.members + 1;
  return twice;
}

Wide Magnitude(int64_t amount) { return amount < 0 ? -static_cast<Wide>(amount) : amount; }

}  // namespace

template <typename Weight>
absl::StatusOr<Live<Weight>> Live<Weight>::Make(const Problem& problem, const SolveOptions& options) {
  const Totals totals = TotalsOf(problem);
  const Totals room = Twice(totals);
  ASSIGN_OR_RETURN(const Levels levels, LevelsOf(room, problem.objective));
  const int threads = std::max(1, options.threads);
  Live live(problem, levels, totals, room, LocalityOrder(problem), threads);
  BalanceCounts counts;
  if (!BalanceFromNothing(*live.network_, threads, options.keep_going, counts)) return Refuse(Reason::kCancelled);
  for (int32_t v = 0; v < live.network_->members(); ++v) {
    const Side& side = live.network_->receive[v];
    for (int32_t i = 0; i < side.used; ++i) live.weight_ += live.network_->InArcs(v)[i].weight;
    live.served_ += side.used > 0;
    if (side.used > 0) live.bonus_ += live.BonusOf(v);
  }
  return live;
}

template <typename Weight>
Live<Weight>::Live(const Problem& problem, const Levels& levels, const Totals& totals, const Totals& room,
                   std::vector<int32_t> order, int threads)
    : ids_(problem.ids),
      rank_(order.size()),
      order_(std::move(order)),
      objective_(problem.objective),
      totals_(totals),
      room_(room),
      network_(std::make_unique<Network<Weight>>(problem, levels, order_, threads, problem.giver.size() / 8 + 1'024)),
      log_(std::make_unique<std::vector<Move<Weight>>>()),
      repair_(std::make_unique<Repair<Weight>>(*network_, log_.get())) {
  for (size_t i = 0; i < order_.size(); ++i) rank_[order_[i]] = static_cast<int32_t>(i);
}

template <typename Weight>
int64_t Live<Weight>::BonusOf(int32_t rank) const {
  return static_cast<int64_t>((network_->bonus[rank] >> network_->levels.shift) - network_->levels.person);
}

template <typename Weight>
int64_t Live<Weight>::TurnsOf(int32_t rank, int64_t count) const {
  return std::min<int64_t>(network_->need[rank], count);
}

template <typename Weight>
bool Live<Weight>::IsUsed(int32_t giver, int32_t receiver) const {
  return network_->FindArc(giver, receiver) - network_->InArcs(receiver) < network_->receive[receiver].used;
}

template <typename Weight>
void Live<Weight>::BeginChange() {
  if (std::exchange(balanced_, false)) moves_.clear();
}

template <typename Weight>
absl::Status Live<Weight>::Count(const Totals& totals) {
  BeginChange();
  if (totals.total > room_.total || totals.turns > room_.turns || totals.members > room_.members) {
    const Totals room = Twice(totals);
    ASSIGN_OR_RETURN(const Levels levels, LevelsOf(room, objective_));
    room_ = room;
    MakeWorthsAnew(levels);
  }
  totals_ = totals;
  return absl::OkStatus();
}

// Nothing is chosen then, and Balance finds everything again.
template <typename Weight>
void Live<Weight>::MakeWorthsAnew(const Levels& levels) {
  Network<Weight>& network = *network_;
  std::vector<int64_t> bonus(order_.size());
  for (int32_t i = 0; i < network.members(); ++i) bonus[i] = BonusOf(i);
  network.levels = levels;
  visits_ += repair_->search().visits();
  repair_ = std::make_unique<Repair<Weight>>(network, log_.get());
  for (int32_t v = 0; v < network.members(); ++v) {
    while (network.receive[v].used > 0) repair_->LetGo(network.InArcs(v)[0].member, v);
  }
  for (int32_t i = 0; i < network.members(); ++i) {
    network.bonus[i] = levels.MemberWorth(bonus[i]);
    network.give_price[i] = 0;
    Wide most = 0;
    for (int32_t k = 0; k < network.receive[i].count; ++k) {
      const Wide weight = network.InArcs(i)[k].weight;
      most = k == 0 ? weight : std::max(most, weight);
    }
    network.receive_price[i] = (most + 1) << levels.shift;
  }
  for (int32_t i = 0; i < network.members(); ++i) repair_->Settle(i);
}

template <typename Weight>
absl::StatusOr<int32_t> Live<Weight>::AddMember(int64_t id, const Terms& terms) {
  Totals totals = totals_;
  ++totals.members;
  totals.AddWeight(terms.bonus);
  RETURN_IF_ERROR(Count(totals));
  const int32_t member = members();
  network_->AddMember(LotOf(id), network_->levels.MemberWorth(terms.bonus));
  ids_.push_back(id);
  rank_.push_back(member);
  order_.push_back(member);
  RETURN_IF_ERROR(SetMember(member, terms));
  return member;
}

template <typename Weight>
absl::Status Live<Weight>::SetMember(int32_t member, const Terms& terms) {
  const int32_t i = rank_[member];
  const Side& receive = network_->receive[i];
  const int64_t bonus = BonusOf(i);
  Totals totals = totals_;
  totals.total -= bonus;
  totals.AddWeight(terms.bonus);
  totals.turns += std::min<int64_t>(terms.need, receive.count) - TurnsOf(i, receive.count);
  RETURN_IF_ERROR(Count(totals));
  Tally();
  if (receive.used > 0) bonus_ += terms.bonus - bonus;
  network_->capacity[i] = terms.capacity;
  network_->need[i] = terms.need;
  network_->allowance[i] = terms.allowance;
  network_->bonus[i] = network_->levels.MemberWorth(terms.bonus);
  repair_->Settle(i);
  return absl::OkStatus();
}

template <typename Weight>
void Live<Weight>::RemoveMember(int32_t member) {
  const int32_t i = rank_[member];
  while (network_->receive[i].count > 0) RemoveEdge(order_[network_->InArcs(i)[0].member], member);
  while (network_->give[i].count > 0) RemoveEdge(member, order_[network_->OutArcs(i)[0].member]);
  // Less is never refused.
  SetMember(member, {}).IgnoreError();
}

template <typename Weight>
absl::Status Live<Weight>::SetEdge(int32_t giver, int32_t receiver, Weight weight) {
  const int32_t u = rank_[giver];
  const int32_t v = rank_[receiver];
  const Arc<Weight>* const arc = network_->FindArc(u, v);
  const Weight old = arc == nullptr ? Weight{0} : arc->weight;
  const int64_t count = network_->receive[v].count;
  Totals totals = totals_;
  totals.AddWeight(weight);
  if (arc != nullptr) {
    totals.total -= Magnitude(old);
  } else {
    totals.turns += TurnsOf(v, count + 1) - TurnsOf(v, count);
  }
  RETURN_IF_ERROR(Count(totals));
  if (arc != nullptr) {
    const bool used = IsUsed(u, v);
    if (used) weight_ += static_cast<Wide>(weight) - old;
    network_->SetWeight(u, v, weight);
    if (used && network_->SlackOf(u, v, weight) > 0) repair_->LetGo(u, v);
  } else {
    network_->AddEdge(u, v, weight);
    repair_->Settle(u);
    repair_->Settle(v);
  }
  repair_->Reopen(v);
  return absl::OkStatus();
}

template <typename Weight>
void Live<Weight>::RemoveEdge(int32_t giver, int32_t receiver) {
  const int32_t u = rank_[giver];
  const int32_t v = rank_[receiver];
  const Arc<Weight>* const arc = network_->FindArc(u, v);
  if (arc == nullptr) return;
  const int64_t count = network_->receive[v].count;
  totals_.total -= Magnitude(arc->weight);
  totals_.turns -= TurnsOf(v, count) - TurnsOf(v, count - 1);
  BeginChange();
  if (IsUsed(u, v)) repair_->LetGo(u, v);
  network_->RemoveEdge(u, v);
  repair_->Settle(u);
  repair_->Settle(v);
}

template <typename Weight>
bool Live<Weight>::Balance(const KeepGoing& keep_going) {
  BeginChange();
  balanced_ = repair_->Run(keep_going);
  Tally();
  return balanced_;
}

template <typename Weight>
void Live<Weight>::Tally() {
  for (Move<Weight> move : *log_) {
    weight_ += move.used ? Wide{move.weight} : -Wide{move.weight};
    // The first turn that came, or the last one that went.
    if (move.received == (move.used ? 1 : 0)) {
      served_ += move.used ? 1 : -1;
      bonus_ += move.used ? BonusOf(move.receiver) : -BonusOf(move.receiver);
    }
    move.giver = order_[move.giver];
    move.receiver = order_[move.receiver];
    moves_.push_back(move);
  }
  log_->clear();
}

template <typename Weight>
Terms Live<Weight>::TermsOf(int32_t member) const {
  const int32_t i = rank_[member];
  return {network_->capacity[i], network_->need[i], network_->allowance[i], BonusOf(i)};
}

template <typename Weight>
bool Live<Weight>::HasEdge(int32_t giver, int32_t receiver) const {
  return network_->FindArc(rank_[giver], rank_[receiver]) != nullptr;
}

template <typename Weight>
std::vector<int32_t> Live<Weight>::GiversOf(int32_t receiver) const {
  const int32_t v = rank_[receiver];
  std::vector<int32_t> givers;
  for (int32_t i = 0; i < network_->receive[v].used; ++i) givers.push_back(order_[network_->InArcs(v)[i].member]);
  return givers;
}

template <typename Weight>
std::vector<int32_t> Live<Weight>::ReceiversOf(int32_t giver) const {
  const int32_t u = rank_[giver];
  std::vector<int32_t> receivers;
  for (int32_t i = 0; i < network_->give[u].used; ++i) receivers.push_back(order_[network_->OutArcs(u)[i].member]);
  return receivers;
}

template <typename Weight>
std::vector<int32_t> Live<Weight>::PlaceById() const {
  std::vector<int32_t> by_id(ids_.size());
  std::iota(by_id.begin(), by_id.end(), 0);
  std::sort(by_id.begin(), by_id.end(), [&](int32_t a, int32_t b) { return ids_[a] < ids_[b]; });
  std::vector<int32_t> place(ids_.size());
  for (size_t i = 0; i < by_id.size(); ++i) place[rank_[by_id[i]]] = static_cast<int32_t>(i);
  return place;
}

template <typename Weight>
Problem Live<Weight>::ProblemNow() const {
  const std::vector<int32_t> place = PlaceById();
  std::vector<int32_t> rank(place.size());
  for (size_t i = 0; i < place.size(); ++i) rank[place[i]] = static_cast<int32_t>(i);
  Problem problem;
  problem.objective = objective_;
  problem.first.push_back(0);
  std::vector<std::pair<int32_t, int64_t>> list;
  for (const int32_t i : rank) {
    problem.ids.push_back(ids_[order_[i]]);
    problem.capacity.push_back(network_->capacity[i]);
    problem.need.push_back(network_->need[i]);
    problem.allowance.push_back(network_->allowance[i]);
    problem.bonus.push_back(BonusOf(i));
    list.clear();
    for (int32_t k = 0; k < network_->receive[i].count; ++k) {
      const Arc<Weight>& arc = network_->InArcs(i)[k];
      list.emplace_back(place[arc.member], arc.weight);
    }
    std::sort(list.begin(), list.end());
    for (const auto& [giver, weight] : list) {
      problem.giver.push_back(giver);
      problem.weight.push_back(weight);
    }
    problem.first.push_back(static_cast<int64_t>(problem.giver.size()));
  }
  return problem;
}

template <typename Weight>
Answer Live<Weight>::AnswerNow() const {
  return AnswerOf(*network_, PlaceById());
}

template class Live<int32_t>;
template class Live<int64_t>;

}  // namespace turnabout::clear
