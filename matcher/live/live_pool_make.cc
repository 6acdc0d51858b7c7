#include <algorithm>
#include <iterator>
#include <utility>

#include "base/status_macros.h"
#include "matcher/assign/clearing.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"
#include "matcher/live/live_pool.h"
#include "matcher/pool_check.h"

namespace turnabout {
namespace {

// How many of the meter's steps are done when a phase ends.
constexpr int64_t kPairsFound = 300;

// Lists may grow to so many times what they were, and so many arcs for each person, before all is made anew.
constexpr size_t kArcsGrowTo = 4;
constexpr size_t kArcsPerPerson = 64;

bool ByReceiver(const LivePair& a, const LivePair& b) {
  return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LivePool>> LivePool::Make(const Pool& pool, const Settings& settings, Seed seed,
                                                         const Progress& progress) {
  std::unique_ptr<LivePool> live(new LivePool(settings, seed));
  RETURN_IF_ERROR(live->Build(pool, progress));
  return live;
}

absl::Status LivePool::Build(const Pool& pool, const Progress& progress) {
  Meter meter(progress);
  RETURN_IF_ERROR(CheckPool(pool, settings_));
  ASSIGN_OR_RETURN(Instance instance, MakeInstance(pool, settings_, seed_));
  LiveBounds counted;
  for (const Person& person : pool.people) counted.Add(person);
  const Objective::Bounds bounds = WithHeadroom(Objective::BoundsOf(pool), counted.Now());
  ASSIGN_OR_RETURN(const Objective objective, Objective::Make(bounds));
  SetObjective(objective, {}, instance);
  meter.Phase(kPairsFound);
  EligibleRows rows(instance);
  RETURN_IF_ERROR(rows.Build(meter));
  meter.Phase(kMeterSteps);
  const std::vector<int32_t> needs = NeedsOf(instance, rows);
  RoundNetwork network(instance, rows);
  ClearingResult result;
  RETURN_IF_ERROR(BalanceOverAll(instance, rows, needs, ClearingOptions{}, network, result, meter));
  RETURN_IF_ERROR(meter.Finish());

  std::vector<uint8_t> priced(pool.people.size(), 0);
  for (size_t v = 0; v < needs.size(); ++v) priced[instance.receivers[v].person] = needs[v] > 0 ? 1 : 0;
  bounds_ = counted;
  room_ = RoomOf(bounds);
  objective_ = objective;
  std::vector<int32_t> order = network.PeopleByMember();
  network_ = std::move(network).Take();
  held_ = result.listed_pairs;
  TakePeople(pool, std::move(order));
  std::vector<uint8_t> priced_here(priced.size());
  for (size_t i = 0; i < priced.size(); ++i) priced_here[PositionOf(pool.people[i].id)] = priced[i];
  TakeSides(priced_here);
  RETURN_IF_ERROR(Balance());
  moves_.clear();
  return absl::OkStatus();
}

// People as they come in the network, then everyone else.
void LivePool::TakePeople(const Pool& pool, std::vector<int32_t> order) {
  std::vector<uint8_t> listed(pool.people.size(), 0);
  for (const int32_t at : order) listed[at] = 1;
  for (size_t i = 0; i < listed.size(); ++i) {
    if (listed[i] == 0) order.push_back(static_cast<int32_t>(i));
  }
  people_.clear();
  at_.clear();
  for (std::vector<Wide>* floors : {&giving_floor_, &receiving_floor_}) floors->clear();
  for (std::vector<uint8_t>* sides : {&gives_, &receives_}) sides->clear();
  traits_.clear();
  barred_.clear();
  mark_.clear();
  std::vector<int32_t> position(order.size());
  for (const int32_t at : order) {
    const Person& person = pool.people[at];
    position[at] = Add(person.id);
    people_.back() = person;
    traits_.back() = TraitsOf(people_.back(), settings_);
    if (position[at] == network_->members()) network_->AddMember(LotteryOf(person.id, seed_), 0);
  }
  for (const std::vector<PoolPair>* list : {&pool.resting, &pool.paired}) {
    for (const PoolPair& pair : *list) barred_[position[pair.receiver]].push_back(position[pair.giver]);
  }
  for (std::vector<int32_t>& barred : barred_) {
    std::sort(barred.begin(), barred.end());
    barred.erase(std::unique(barred.begin(), barred.end()), barred.end());
  }
}

// The prices at which no pair pays that is not held are the floors. Receivers who are not `priced` were left out.
void LivePool::TakeSides(const std::vector<uint8_t>& priced) {
  rows_ = std::make_unique<LiveRows>(traits_, settings_);
  log_.clear();
  fell_.clear();
  repair_ = std::make_unique<clear::Repair<int32_t>>(*network_, &log_, &fell_);
  giving_floor_ = network_->give_price;
  receiving_floor_ = network_->receive_price;
  for (size_t i = 0; i < people_.size(); ++i) {
    gives_[i] = people_[i].give_capacity > 0 ? 1 : 0;
    receives_[i] = priced[i];
  }
  outgrown_ = false;
  arcs_most_ = kArcsGrowTo * network_->in.size() + kArcsPerPerson * people_.size() + kArcsPerPerson;
  for (size_t i = 0; i < people_.size(); ++i) Apply(static_cast<int32_t>(i));
}

absl::Status LivePool::Rebuild(const Progress& progress) {
  std::vector<LivePair> before = PairsBefore();
  RETURN_IF_ERROR(Build(PoolNow(), progress));
  std::vector<LivePair> after = Pairs();
  moves_.clear();
  std::vector<LivePair> some;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(some), ByReceiver);
  for (const LivePair& pair : some) moves_.push_back({pair, false});
  some.clear();
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(some), ByReceiver);
  for (const LivePair& pair : some) moves_.push_back({pair, true});
  std::sort(moves_.begin(), moves_.end(),
            [](const LiveMove& a, const LiveMove& b) { return ByReceiver(a.pair, b.pair); });
  return absl::OkStatus();
}

std::vector<LivePair> LivePool::Pairs() const {
  std::vector<LivePair> pairs;
  for (int32_t v = 0; v < network_->members(); ++v) {
    for (int32_t k = 0; k < network_->receive[v].used; ++k) pairs.push_back(PairAt(network_->InArcs(v)[k].member, v));
  }
  std::sort(pairs.begin(), pairs.end(), ByReceiver);
  return pairs;
}

// Pairs after the last Balance: those of now, with what was moved since taken back.
std::vector<LivePair> LivePool::PairsBefore() const {
  std::vector<LivePair> pairs = Pairs();
  for (size_t i = log_.size(); i-- > 0;) {
    const LivePair pair = PairAt(log_[i].giver, log_[i].receiver);
    if (!log_[i].used) {
      pairs.push_back(pair);
    } else {
      pairs.erase(std::find(pairs.begin(), pairs.end(), pair));
    }
  }
  std::sort(pairs.begin(), pairs.end(), ByReceiver);
  return pairs;
}

void LivePool::TellMoves() {
  moves_.clear();
  // An edge moves to and fro: it has moved on balance when it did so an odd number of times.
  std::stable_sort(log_.begin(), log_.end(), [](const clear::Move<int32_t>& a, const clear::Move<int32_t>& b) {
    return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
  });
  for (size_t begin = 0, end = 0; begin < log_.size(); begin = end) {
    while (end < log_.size() && log_[end].giver == log_[begin].giver && log_[end].receiver == log_[begin].receiver) {
      ++end;
    }
    if ((end - begin) % 2 == 1) moves_.push_back({PairAt(log_[begin].giver, log_[begin].receiver), log_[begin].used});
  }
  log_.clear();
  std::sort(moves_.begin(), moves_.end(),
            [](const LiveMove& a, const LiveMove& b) { return ByReceiver(a.pair, b.pair); });
}

Pool LivePool::PoolNow() const {
  Pool pool;
  pool.people.assign(people_.begin(), people_.end());
  for (size_t v = 0; v < barred_.size(); ++v) {
    for (const int32_t giver : barred_[v]) pool.resting.push_back({giver, static_cast<int32_t>(v)});
  }
  return pool;
}

}  // namespace turnabout
