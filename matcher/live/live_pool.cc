#include "matcher/live/live_pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/pool_check.h"

namespace turnabout {
namespace {

// Pairs held at a time, more each time that it was not enough.
constexpr size_t kHeldFirst = 8;
constexpr size_t kHeldMost = 4'096;

int32_t GivesNode(int32_t person) { return 2 * person + 1; }
int32_t ReceivesNode(int32_t person) { return 2 * person; }

bool CouldReceive(const Person& person) {
  return person.receive_need > 0 && (person.turns > 0 || person.give_capacity > 0);
}

}  // namespace

int32_t LivePool::PositionOf(const MemberId& id) const {
  const auto found = at_.find(id);
  return found == at_.end() ? -1 : found->second;
}

const Person* LivePool::Find(const MemberId& id) const {
  const int32_t person = PositionOf(id);
  return person < 0 ? nullptr : &people_[person];
}

bool LivePool::IsUsed(int32_t giver, int32_t receiver) const {
  const clear::Arc<int32_t>* const arc = network_->FindArc(giver, receiver);
  return arc != nullptr && arc - network_->InArcs(receiver) < network_->receive[receiver].used;
}

bool LivePool::IsBarred(int32_t giver, int32_t receiver) const {
  return std::binary_search(barred_[receiver].begin(), barred_[receiver].end(), giver);
}

// Somebody of whom nothing but the id is known.
int32_t LivePool::Add(const MemberId& id) {
  const int32_t person = static_cast<int32_t>(people_.size());
  people_.emplace_back().id = id;
  traits_.push_back(TraitsOf(people_.back(), settings_));
  barred_.emplace_back();
  for (std::vector<Wide>* floors : {&giving_floor_, &receiving_floor_}) floors->push_back(0);
  for (std::vector<uint8_t>* sides : {&gives_, &receives_}) sides->push_back(0);
  mark_.push_back(0);
  at_.emplace(id, person);
  return person;
}

absl::Status LivePool::SetPerson(const Person& person) {
  Pool alone;
  alone.people.push_back(person);
  RETURN_IF_ERROR(CheckPool(alone, settings_));
  int32_t at = PositionOf(person.id);
  if (at < 0 && size() == kPoolPeopleMax) {
    return RefuseFields({{"people", absl::StrCat("a pool has at most ", kPoolPeopleMax, " people")}});
  }
  LiveBounds bounds = bounds_;
  if (at >= 0) bounds.Remove(people_[at]);
  bounds.Add(person);
  if (!Fits(bounds.Now(), room_)) {
    RETURN_IF_ERROR(Objective::Make(bounds.Now()).status());
    outgrown_ = true;
  }
  bounds_ = bounds;
  if (at < 0) {
    at = Add(person.id);
    network_->AddMember(LotteryOf(person.id, seed_), 0);
  }
  const bool same_excluded = people_[at].excluded == person.excluded;
  people_[at] = person;
  const Traits traits = TraitsOf(people_[at], settings_);
  if (outgrown_) {
    traits_[at] = traits;
    return absl::OkStatus();
  }
  if (!same_excluded || !(traits == traits_[at])) {
    CloseGiving(at);
    CloseReceiving(at);
    traits_[at] = traits;
    rows_->Changed(at);
  }
  Apply(at);
  return absl::OkStatus();
}

void LivePool::Apply(int32_t person) {
  const Person& now = people_[person];
  const bool gives = now.give_capacity > 0;
  const bool receives = CouldReceive(now);
  if (!gives) CloseGiving(person);
  if (!receives) CloseReceiving(person);
  network_->capacity[person] = now.give_capacity;
  network_->need[person] = now.receive_need;
  network_->allowance[person] = now.turns;
  network_->bonus[person] = objective_.PersonWorth(IsUrgent(now), now.waiting_days);
  if (gives && gives_[person] == 0) OpenGiving(person);
  if (receives && receives_[person] == 0) OpenReceiving(person);
  repair_->Settle(person);
}

void LivePool::Drop(int32_t giver, int32_t receiver) {
  if (IsUsed(giver, receiver)) repair_->LetGo(giver, receiver);
  network_->RemoveEdge(giver, receiver);
  --held_;
}

void LivePool::CloseGiving(int32_t giver) {
  gives_[giver] = 0;
  while (network_->give[giver].count > 0) Drop(giver, network_->OutArcs(giver)[0].member);
}

void LivePool::CloseReceiving(int32_t receiver) {
  receives_[receiver] = 0;
  while (network_->receive[receiver].count > 0) Drop(network_->InArcs(receiver)[0].member, receiver);
}

// Whose side opens asks for so much that nobody would take a turn of theirs, and comes down from there.
void LivePool::OpenGiving(int32_t giver) {
  gives_[giver] = 1;
  RowOfGiver(giver);
  Wide price = 0;
  for (const LivePartner& one : row_) {
    price = std::max(price, WorthOf(giver, one.person, one.score) - network_->receive_price[one.person]);
  }
  network_->give_price[giver] = price;
  HoldSome(/*of_giver=*/true, giver, kHeldFirst);
  fell_.push_back(GivesNode(giver));
}

void LivePool::OpenReceiving(int32_t receiver) {
  receives_[receiver] = 1;
  RowOfReceiver(receiver);
  Wide price = 0;
  for (const LivePartner& one : row_) {
    price = std::max(price, WorthOf(one.person, receiver, one.score) - network_->give_price[one.person]);
  }
  network_->receive_price[receiver] = price;
  HoldSome(/*of_giver=*/false, receiver, kHeldFirst);
  fell_.push_back(ReceivesNode(receiver));
}

void LivePool::RowOfGiver(int32_t giver) {
  ++looks_;
  rows_->ReceiversFor(giver, row_);
  std::erase_if(row_,
                [&](const LivePartner& one) { return receives_[one.person] == 0 || IsBarred(giver, one.person); });
}

void LivePool::RowOfReceiver(int32_t receiver) {
  ++looks_;
  rows_->GiversFor(receiver, row_);
  std::erase_if(row_,
                [&](const LivePartner& one) { return gives_[one.person] == 0 || IsBarred(one.person, receiver); });
}

void LivePool::HoldSome(bool of_giver, int32_t person, size_t most) {
  const clear::Side& side = of_giver ? network_->give[person] : network_->receive[person];
  const clear::Arc<int32_t>* const arcs = of_giver ? network_->OutArcs(person) : network_->InArcs(person);
  ++marked_;
  for (int32_t i = 0; i < side.count; ++i) mark_[arcs[i].member] = marked_;
  unheld_.clear();
  for (const LivePartner& one : row_) {
    if (mark_[one.person] == marked_) continue;
    const Wide worth = of_giver ? WorthOf(person, one.person, one.score) : WorthOf(one.person, person, one.score);
    const Wide floor = of_giver ? receiving_floor_[one.person] : giving_floor_[one.person];
    unheld_.push_back({worth - floor, one.person, one.score});
  }
  const Wide price = of_giver ? network_->give_price[person] : network_->receive_price[person];
  // Where everything is held any floor will do. This one lies as far below the price as scores can make a difference.
  Wide floor = price - objective_.PairWorth(kScoreMax, 0);
  if (unheld_.size() > most) {
    const auto next = unheld_.begin() + static_cast<ptrdiff_t>(most);
    std::nth_element(unheld_.begin(), next, unheld_.end(),
                     [](const Unheld& a, const Unheld& b) { return a.pays_below > b.pays_below; });
    floor = next->pays_below;
    unheld_.resize(most);
  }
  (of_giver ? giving_floor_ : receiving_floor_)[person] = floor;
  for (const Unheld& one : unheld_) {
    of_giver ? network_->AddEdge(person, one.person, one.score) : network_->AddEdge(one.person, person, one.score);
  }
  held_ += static_cast<int64_t>(unheld_.size());
}

bool LivePool::IsBelowFloor(int32_t node) const {
  const int32_t person = node / 2;
  if (node == GivesNode(person)) {
    return gives_[person] != 0 && network_->give_price[person] < giving_floor_[person];
  }
  return receives_[person] != 0 && network_->receive_price[person] < receiving_floor_[person];
}

bool LivePool::LookAgain(size_t most) {
  std::vector<int32_t> nodes = std::exchange(fell_, {});
  std::erase_if(nodes, [&](int32_t node) { return !IsBelowFloor(node); });
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  for (const int32_t node : nodes) {
    const int32_t person = node / 2;
    const bool of_giver = node == GivesNode(person);
    of_giver ? RowOfGiver(person) : RowOfReceiver(person);
    HoldSome(of_giver, person, most);
    if (!of_giver) {
      repair_->Reopen(person);
    } else {
      for (const Unheld& one : unheld_) {
        if (network_->SlackOf(person, one.person, one.score) < 0) repair_->Reopen(one.person);
      }
    }
    fell_.push_back(node);  // it may have been too few
  }
  return !nodes.empty();
}

absl::Status LivePool::Balance(const Progress& progress) {
  if (outgrown_ || network_->in.size() > arcs_most_) return Rebuild(progress);
  const auto keep_going = [&](int64_t done, int64_t of) { return !progress || progress(done, of); };
  size_t most = kHeldFirst;
  do {
    if (!repair_->Run(keep_going)) return Refuse(Reason::kCancelled);
    most = std::min(2 * most, kHeldMost);
  } while (LookAgain(most));
  TellMoves();
  return absl::OkStatus();
}

void LivePool::Bar(const LivePair& pair) {
  const int32_t giver = PositionOf(pair.giver);
  const int32_t receiver = PositionOf(pair.receiver);
  if (giver < 0 || receiver < 0) return;
  std::vector<int32_t>& barred = barred_[receiver];
  const auto at = std::lower_bound(barred.begin(), barred.end(), giver);
  if (at != barred.end() && *at == giver) return;
  barred.insert(at, giver);
  if (!outgrown_ && network_->FindArc(giver, receiver) != nullptr) Drop(giver, receiver);
}

void LivePool::Unbar(const LivePair& pair) {
  const int32_t giver = PositionOf(pair.giver);
  const int32_t receiver = PositionOf(pair.receiver);
  if (giver < 0 || receiver < 0 || !IsBarred(giver, receiver)) return;
  std::vector<int32_t>& barred = barred_[receiver];
  barred.erase(std::lower_bound(barred.begin(), barred.end(), giver));
  if (outgrown_ || gives_[giver] == 0 || receives_[receiver] == 0) return;
  if (!Allowed(traits_[giver], traits_[receiver], settings_)) return;
  const int32_t score = ScoreOf(traits_[giver], traits_[receiver], settings_);
  if (WorthOf(giver, receiver, score) <= giving_floor_[giver] + receiving_floor_[receiver]) return;
  network_->AddEdge(giver, receiver, score);
  ++held_;
  repair_->Reopen(receiver);
}

std::vector<MemberId> LivePool::GiversOf(const MemberId& receiver) const {
  std::vector<MemberId> givers;
  const int32_t v = PositionOf(receiver);
  if (v < 0) return givers;
  for (int32_t k = 0; k < network_->receive[v].used; ++k) givers.push_back(people_[network_->InArcs(v)[k].member].id);
  std::sort(givers.begin(), givers.end());
  return givers;
}

std::vector<MemberId> LivePool::ReceiversOf(const MemberId& giver) const {
  std::vector<MemberId> receivers;
  const int32_t u = PositionOf(giver);
  if (u < 0) return receivers;
  for (int32_t k = 0; k < network_->give[u].used; ++k) receivers.push_back(people_[network_->OutArcs(u)[k].member].id);
  std::sort(receivers.begin(), receivers.end());
  return receivers;
}

Proposal LivePool::ScoreOfPair(const LivePair& pair) const {
  return ScorePair(*Find(pair.giver), *Find(pair.receiver), settings_);
}

std::vector<LiveSuggestion> LivePool::Suggest(const MemberId& receiver, int32_t most) {
  std::vector<LiveSuggestion> suggestions;
  const int32_t v = PositionOf(receiver);
  if (v < 0 || most <= 0) return suggestions;
  RowOfReceiver(v);
  const auto better = [&](const LivePartner& a, const LivePartner& b) {
    const bool a_used = IsUsed(a.person, v);
    const bool b_used = IsUsed(b.person, v);
    if (a_used != b_used) return a_used;
    return a.score != b.score ? a.score > b.score : people_[a.person].id < people_[b.person].id;
  };
  const size_t count = std::min(row_.size(), static_cast<size_t>(most));
  std::partial_sort(row_.begin(), row_.begin() + static_cast<ptrdiff_t>(count), row_.end(), better);
  for (size_t i = 0; i < count; ++i) {
    const int32_t giver = row_[i].person;
    suggestions.push_back({people_[giver].id, IsUsed(giver, v), ScorePair(people_[giver], people_[v], settings_)});
  }
  return suggestions;
}

}  // namespace turnabout
