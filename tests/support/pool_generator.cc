#include "tests/support/pool_generator.h"

#include <algorithm>

namespace turnabout {
namespace {

constexpr int kLanguages = 13;
constexpr int kCategories = 12;
constexpr int kServices = 6;
constexpr int kSlots = 21;

struct City {
  Point centre;
  int64_t spread_e6 = 0;
};

// About normal, with the given spread: the sum of twelve uniform numbers.
int64_t Bell(Random& random, int64_t spread) {
  int64_t sum = 0;
  for (int i = 0; i < 12; ++i) sum += random.Between(-spread, spread);
  return sum / 2;
}

Point Anywhere(Random& random) {
  return {static_cast<int32_t>(random.Between(51'000'000, 56'000'000)),
          static_cast<int32_t>(random.Between(-4'000'000, 1'000'000))};
}

Point Near(const City& city, Random& random) {
  return {static_cast<int32_t>(city.centre.latitude_e6 + Bell(random, city.spread_e6)),
          static_cast<int32_t>(city.centre.longitude_e6 + Bell(random, city.spread_e6 * 8 / 5))};
}

Point Home(const std::vector<City>& cities, const std::vector<City>& towns, Random& random) {
  const uint64_t lot = random.Below(100);
  if (lot >= 92) return Anywhere(random);
  if (lot >= 80) return Near(towns[random.Below(towns.size())], random);
  // The first city is the largest.
  const uint64_t a = random.Below(cities.size());
  const uint64_t b = random.Below(cities.size());
  return Near(cities[std::min(a, b)], random);
}

SettingSet SomeSettings(const TownPool& shape, Random& random) {
  SettingSet settings = random.OneIn(1, 5) ? kHome | kWard : kHome;
  if (random.OneIn(static_cast<uint64_t>(shape.remote_percent), 100)) settings |= random.OneIn(1, 2) ? kPhone : kOnline;
  return settings;
}

void AddOffers(const TownPool& shape, Random& random, Person& person) {
  const int64_t count = random.Between(1, 4);
  for (int64_t i = 0; i < count; ++i) {
    person.offers.push_back({static_cast<uint8_t>(random.Below(kCategories)), SomeSettings(shape, random)});
  }
}

void AddNeeds(const TownPool& shape, Random& random, Person& person) {
  const int64_t count = random.Between(1, 3);
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t urgency = random.OneIn(1, 15) ? 2 : random.OneIn(1, 4) ? 1 : 0;
    person.needs.push_back({static_cast<uint8_t>(random.Below(kCategories)), SomeSettings(shape, random), urgency});
  }
}

void AddLife(Random& random, Person& person) {
  if (random.OneIn(92, 100)) person.languages |= 1;
  if (person.languages == 0 || random.OneIn(1, 6)) {
    person.languages |= LanguageSet{1} << random.Between(1, 1 + static_cast<int64_t>(random.Below(kLanguages - 1)));
  }
  const int64_t slots = random.Between(2, 7);
  for (int64_t i = 0; i < slots; ++i) person.slots |= SlotSet{1} << random.Below(kSlots);
  person.gender = static_cast<uint8_t>(random.OneIn(1, 30) ? 3 : random.Between(1, 2));
  if (random.OneIn(1, 6)) person.wanted_genders = static_cast<uint8_t>(1u << person.gender);
}

Person MakePerson(const TownPool& shape, const std::vector<City>& cities, const std::vector<City>& towns,
                  Random& random) {
  Person person;
  person.has_place = !random.OneIn(1, 50);
  person.place = Home(cities, towns, random);
  person.travel_metres = static_cast<int32_t>(random.Between(5'000, 20'000));
  AddLife(random, person);
  const uint64_t role = random.Below(100);  // both, receives only, gives only
  const bool receives = role < 75;
  const bool gives = role < 45 || role >= 75;
  if (random.OneIn(2, 3)) {
    const bool current = receives && random.OneIn(1, 4);
    person.journeys.push_back(
        {static_cast<uint8_t>(random.Below(kServices)), current ? Stage::kCurrent : Stage::kFormer});
  }
  person.checks = random.OneIn(static_cast<uint64_t>(shape.cleared_percent), 100) ? 1 : 0;
  if (gives) {
    AddOffers(shape, random, person);
    person.give_capacity = static_cast<int32_t>(random.Between(1, 3));
  }
  if (receives) {
    AddNeeds(shape, random, person);
    person.receive_need = static_cast<int32_t>(random.Between(1, 2));
    const bool no_turn = random.OneIn(static_cast<uint64_t>(shape.no_turn_percent), 100);
    person.turns = no_turn ? 0 : static_cast<int32_t>(random.Between(1, 2));
    person.waiting_days = static_cast<int32_t>(random.Below(random.OneIn(1, 5) ? 900 : 120));
  }
  return person;
}

std::vector<City> MakeCities(int32_t count, int64_t spread_e6, Random& random) {
  std::vector<City> cities;
  for (int32_t i = 0; i < std::max(count, 1); ++i) cities.push_back({Anywhere(random), spread_e6});
  return cities;
}

}  // namespace

MemberId MadeUpId(uint64_t n) {
  IdBytes bytes{};
  const uint64_t mixed = Mix(n, 0x1d);
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(mixed >> (8 * i));
    bytes[8 + i] = static_cast<uint8_t>(n >> (8 * i));
  }
  bytes[15] |= 0x80;
  return MemberId(bytes);
}

Pool MakeTownPool(const TownPool& shape, Seed seed) {
  Random random(seed);
  const std::vector<City> cities = MakeCities(shape.cities, 60'000, random);
  const std::vector<City> towns = MakeCities(shape.cities * 4, 15'000, random);
  Pool pool;
  for (int32_t i = 0; i < shape.people; ++i) {
    pool.people.push_back(MakePerson(shape, cities, towns, random));
    pool.people.back().id = MadeUpId(static_cast<uint64_t>(i));
  }
  for (int32_t i = 0; i < shape.people / 50; ++i) {
    const PoolPair pair{static_cast<int32_t>(random.Below(shape.people)),
                        static_cast<int32_t>(random.Below(shape.people))};
    (i % 2 == 0 ? pool.resting : pool.paired).push_back(pair);
    pool.people[random.Below(shape.people)].excluded = {pool.people[random.Below(shape.people)].id};
  }
  return pool;
}

Settings TownSettings() {
  Settings settings;
  settings.required_checks = 1;
  settings.words.languages = {"English", "Welsh",  "Polish", "Punjabi", "Urdu",    "Bengali", "Gujarati",
                              "Arabic",  "French", "Somali", "Tamil",   "Turkish", "BSL"};
  settings.words.categories = {"shopping", "gardening", "a chat",  "cooking", "forms",  "walking",
                               "lifts",    "phones",    "reading", "pets",    "sewing", "repairs"};
  settings.words.services = {"the stroke ward",   "home dialysis",     "the heart clinic",
                             "the memory clinic", "the cancer centre", "the pain clinic"};
  settings.words.checks = {"DBS"};
  return settings;
}

Pool MakeTinyPool(const TinyPool& shape, Seed seed) {
  Random random(seed);
  Pool pool;
  for (int32_t i = 0; i < shape.people; ++i) {
    Person person;
    person.id = MadeUpId(seed.value * 1000 + static_cast<uint64_t>(i));
    person.has_place = true;
    person.place = {static_cast<int32_t>(53'000'000 + random.Below(20'000)), -2'000'000};
    person.travel_metres = 10'000;
    person.languages = random.OneIn(1, 3) ? 3 : 1;
    person.slots = 1 | static_cast<SlotSet>(random.Below(8));
    person.offers = {{0, kHome}, {1, kPhone}};
    person.needs = {{static_cast<uint8_t>(random.Below(2)), kHome | kPhone, static_cast<uint8_t>(random.Below(3))}};
    person.give_capacity = static_cast<int32_t>(random.Between(0, shape.capacity_most));
    person.receive_need = static_cast<int32_t>(random.Between(0, shape.need_most));
    person.turns = static_cast<int32_t>(random.Between(0, shape.turns_most));
    person.waiting_days = static_cast<int32_t>(random.Below(3));
    pool.people.push_back(person);
  }
  for (int32_t giver = 0; giver < shape.people; ++giver) {
    for (int32_t receiver = 0; receiver < shape.people; ++receiver) {
      if (!random.OneIn(static_cast<uint64_t>(shape.eligible_percent), 100)) pool.resting.push_back({giver, receiver});
    }
  }
  return pool;
}

}  // namespace turnabout
