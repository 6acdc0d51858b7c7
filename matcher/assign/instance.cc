#include "matcher/assign/instance.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

constexpr int64_t kCellE6 = 2000;  // about 200 metres
constexpr uint64_t kNowhere = ~uint64_t{0};

// Every second bit of a word, from the lower half of `x`.
uint64_t Spread(uint64_t x) {
  x = (x | (x << 16)) & 0x0000ffff0000ffffull;
  x = (x | (x << 8)) & 0x00ff00ff00ff00ffull;
  x = (x | (x << 4)) & 0x0f0f0f0f0f0f0f0full;
  x = (x | (x << 2)) & 0x3333333333333333ull;
  return (x | (x << 1)) & 0x5555555555555555ull;
}

uint64_t MortonOf(const Person& person) {
  if (!person.has_place) return kNowhere;
  const uint64_t y = static_cast<uint64_t>((person.place.latitude_e6 + int64_t{90'000'000}) / kCellE6);
  const uint64_t x = static_cast<uint64_t>((person.place.longitude_e6 + int64_t{180'000'000}) / kCellE6);
  return Spread(y) << 1 | Spread(x);
}

std::vector<int32_t> MapOrder(const Pool& pool) {
  std::vector<std::pair<uint64_t, int32_t>> keys(pool.people.size());
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = {MortonOf(pool.people[i]), static_cast<int32_t>(i)};
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : pool.people[a.second].id < pool.people[b.second].id;
  });
  std::vector<int32_t> order(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].second;
  return order;
}

void ListSides(const std::vector<int32_t>& order, Instance& instance) {
  for (const int32_t at : order) {
    const Person& person = instance.pool->people[at];
    const bool gives = person.give_capacity > 0;
    const bool receives = person.receive_need > 0;
    if (!gives && !receives) continue;
    const Traits traits = TraitsOf(person, *instance.settings);
    const uint64_t lottery = LotteryOf(person.id, instance.seed);
    const int32_t giver = gives ? static_cast<int32_t>(instance.givers.size()) : kNobody;
    const int32_t receiver = receives ? static_cast<int32_t>(instance.receivers.size()) : kNobody;
    if (gives) {
      instance.givers.push_back({at, person.give_capacity, receiver, lottery});
      instance.giver_traits.push_back(traits);
    }
    if (receives) {
      const bool urgent = IsUrgent(person);
      const Wide worth = instance.objective.PersonWorth(urgent, person.waiting_days);
      instance.receivers.push_back({at,
                                    person.receive_need,
                                    person.turns,
                                    person.give_capacity,
                                    giver,
                                    urgent,
                                    std::min(person.waiting_days, kWaitingDaysCounted),
                                    lottery,
                                    worth,
                                    {}});
      instance.receiver_traits.push_back(traits);
    }
  }
}

// Who is where among the givers and the receivers, by position in the pool and by id.
struct Places {
  std::vector<int32_t> giver_at;
  std::vector<int32_t> receiver_at;
};

void Block(const Places& places, int32_t giver_person, int32_t receiver_person, Instance& instance) {
  const int32_t giver = places.giver_at[giver_person];
  const int32_t receiver = places.receiver_at[receiver_person];
  if (giver != kNobody && receiver != kNobody) instance.receivers[receiver].blocked.push_back(giver);
}

void BlockExcluded(const Places& places, Instance& instance) {
  const std::vector<Person>& people = instance.pool->people;
  absl::flat_hash_map<MemberId, int32_t> at;
  for (size_t i = 0; i < people.size(); ++i) at.emplace(people[i].id, static_cast<int32_t>(i));
  for (size_t i = 0; i < people.size(); ++i) {
    for (const MemberId& id : people[i].excluded) {
      const auto other = at.find(id);
      if (other == at.end()) continue;
      Block(places, static_cast<int32_t>(i), other->second, instance);
      Block(places, other->second, static_cast<int32_t>(i), instance);
    }
  }
}

void BlockPairs(Instance& instance) {
  const Pool& pool = *instance.pool;
  Places places{std::vector<int32_t>(pool.people.size(), kNobody), std::vector<int32_t>(pool.people.size(), kNobody)};
  for (size_t i = 0; i < instance.givers.size(); ++i)
    places.giver_at[instance.givers[i].person] = static_cast<int32_t>(i);
  for (size_t i = 0; i < instance.receivers.size(); ++i) {
    Receiver& receiver = instance.receivers[i];
    places.receiver_at[receiver.person] = static_cast<int32_t>(i);
    if (receiver.giver != kNobody) receiver.blocked.push_back(receiver.giver);
  }
  for (const PoolPair& pair : pool.resting) Block(places, pair.giver, pair.receiver, instance);
  for (const PoolPair& pair : pool.paired) Block(places, pair.giver, pair.receiver, instance);
  BlockExcluded(places, instance);
  for (Receiver& receiver : instance.receivers) {
    std::sort(receiver.blocked.begin(), receiver.blocked.end());
    receiver.blocked.erase(std::unique(receiver.blocked.begin(), receiver.blocked.end()), receiver.blocked.end());
  }
}

}  // namespace

absl::StatusOr<Instance> MakeInstance(const Pool& pool, const Settings& settings, Seed seed, const Means& means) {
  Instance instance;
  instance.pool = &pool;
  instance.settings = &settings;
  instance.seed = seed;
  instance.means = means;
  ASSIGN_OR_RETURN(instance.objective, Objective::Make(Objective::BoundsOf(pool)));
  ListSides(MapOrder(pool), instance);
  BlockPairs(instance);
  return instance;
}

void SetObjective(const Objective& objective, const std::vector<int64_t>& bonus_days, Instance& instance) {
  instance.objective = objective;
  for (Receiver& receiver : instance.receivers) {
    const uint32_t groups = instance.pool->people[receiver.person].groups;
    receiver.worth = objective.PersonWorth(receiver.urgent, receiver.waiting_days, BonusDaysOf(groups, bonus_days));
  }
}

absl::Status SetBonusDays(const std::vector<int64_t>& bonus_days, Instance& instance) {
  ASSIGN_OR_RETURN(const Objective objective, Objective::Make(Objective::BoundsOf(*instance.pool, bonus_days)));
  SetObjective(objective, bonus_days, instance);
  return absl::OkStatus();
}

}  // namespace turnabout
