#include "tests/support/wild_people.h"

#include <algorithm>

#include "tests/support/pool_generator.h"

namespace turnabout {
namespace {

bool OneIn(uint64_t n, const Choose& choose) { return choose(n) == 0; }

int32_t Near(int32_t middle, int32_t spread, int32_t most, const Choose& choose) {
  const int64_t wide = 2 * int64_t{spread} + 1;
  const int64_t at = middle + static_cast<int64_t>(choose(static_cast<uint64_t>(wide))) - spread;
  return static_cast<int32_t>(std::clamp<int64_t>(at, -most, most));
}

Point Somewhere(const Wildness& wildness, const Choose& choose) {
  if (OneIn(8, choose)) return wildness.middle;  // many in one spot
  Point point{Near(wildness.middle.latitude_e6, wildness.spread_e6, 90'000'000, choose),
              Near(wildness.middle.longitude_e6, wildness.spread_e6, 180'000'000, choose)};
  if (OneIn(10, choose)) point.longitude_e6 = -point.longitude_e6;  // beyond the date line, or the meridian
  if (OneIn(200, choose)) point.latitude_e6 = INT32_MAX;            // not on the earth
  return point;
}

uint8_t Category(const Wildness& wildness, const Choose& choose) {
  return static_cast<uint8_t>(wildness.narrow ? choose(4) : choose(66));  // 64 and 65 are none
}

void AddLists(const Wildness& wildness, const Choose& choose, Person& person) {
  for (uint64_t i = choose(wildness.narrow ? 4 : 12); i > 0; --i) {
    person.offers.push_back({Category(wildness, choose), static_cast<SettingSet>(choose(16))});
  }
  for (uint64_t i = choose(wildness.narrow ? 4 : 12); i > 0; --i) {
    person.needs.push_back(
        {Category(wildness, choose), static_cast<SettingSet>(choose(16)), static_cast<uint8_t>(choose(3))});
  }
  for (uint64_t i = choose(3); i > 0; --i) {
    const uint8_t service = static_cast<uint8_t>(choose(wildness.narrow ? 3 : 65));
    const Stage stage = OneIn(8, choose) ? Stage::kCurrent : static_cast<Stage>(2 * choose(2));
    person.journeys.push_back({service, stage});
  }
}

}  // namespace

Person WildPerson(uint64_t n, const Wildness& wildness, const Choose& choose) {
  Person person;
  person.id = MadeUpId(n);
  person.has_place = !OneIn(12, choose);
  person.place = Somewhere(wildness, choose);
  constexpr int32_t kReaches[] = {0, 1, 5'000, 12'000, 24'999, 25'000, 60'000, INT32_MAX};
  person.travel_metres = OneIn(2, choose) ? kReaches[choose(8)] : static_cast<int32_t>(choose(50'000));
  person.languages = OneIn(20, choose) ? 0 : wildness.narrow ? 1 + choose(7) : uint64_t{1} << choose(64);
  person.slots = static_cast<SlotSet>(wildness.narrow ? choose(64) : choose(uint64_t{1} << 32));
  AddLists(wildness, choose, person);
  person.gender = static_cast<uint8_t>(choose(wildness.narrow ? 3 : 8));
  person.wanted_genders = static_cast<uint8_t>(OneIn(3, choose) ? choose(256) : 0);
  person.checks = static_cast<CheckSet>(OneIn(6, choose) ? choose(4) : 3);
  for (uint64_t i = OneIn(5, choose) ? choose(4) : 0; i > 0 && n > 0; --i) {
    person.excluded.push_back(MadeUpId(choose(n)));
  }
  std::sort(person.excluded.begin(), person.excluded.end());
  person.give_capacity = static_cast<int32_t>(choose(3));
  person.receive_need = static_cast<int32_t>(choose(3));
  person.turns = static_cast<int32_t>(choose(3));
  person.waiting_days = static_cast<int32_t>(choose(1'000));
  person.groups = static_cast<uint32_t>(choose(8));
  return person;
}

Pool WildPool(int32_t people, const Wildness& wildness, const Choose& choose) {
  Pool pool;
  for (int32_t n = 0; n < people; ++n) pool.people.push_back(WildPerson(static_cast<uint64_t>(n), wildness, choose));
  for (int32_t i = 0; i < people / 10; ++i) {
    const PoolPair pair{static_cast<int32_t>(choose(people)), static_cast<int32_t>(choose(people))};
    (i % 2 == 0 ? pool.resting : pool.paired).push_back(pair);
  }
  return pool;
}

Settings WildSettings(const Choose& choose) {
  Settings settings;
  constexpr int32_t kFurthest[] = {0, 1, 10'000, 25'000, 40'000, INT32_MAX};
  settings.distance_metres_max = kFurthest[choose(6)];
  settings.same_service_required = OneIn(2, choose);
  settings.current_may_give = OneIn(2, choose);
  settings.required_checks = static_cast<CheckSet>(choose(4));
  for (int32_t* weight : {&settings.weights.needs_met, &settings.weights.distance, &settings.weights.shared_time,
                          &settings.weights.shared_journey, &settings.weights.shared_language}) {
    constexpr int32_t kWeights[] = {0, 1, 7, 40, 1'000'000};
    *weight = OneIn(2, choose) ? kWeights[choose(5)] : *weight;
  }
  return settings;
}

}  // namespace turnabout
