#include "tests/bench/matcher/population.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tests/support/pool_generator.h"

namespace turnabout::bench {
namespace {

constexpr int kLanguages = 13;
constexpr int kCategories = 12;
constexpr int kServices = 6;
constexpr int kSlots = 21;
constexpr int kTowns = 400;

// The middle of a settlement, how wide people live around it and how many of them, in thousands.
struct Settlement {
  Point middle;
  int64_t spread_e6 = 0;
  uint64_t size = 0;
};

constexpr std::array<Settlement, 42> kCities = {{
    {{51'510'000, -120'000}, 110'000, 8'900},  {{52'480'000, -1'900'000}, 60'000, 2'500},
    {{53'480'000, -2'240'000}, 60'000, 2'500}, {{53'800'000, -1'550'000}, 55'000, 1'800},
    {{55'860'000, -4'250'000}, 50'000, 1'200}, {{50'850'000, -1'180'000}, 45'000, 860},
    {{53'410'000, -2'980'000}, 45'000, 860},   {{54'980'000, -1'610'000}, 45'000, 770},
    {{52'950'000, -1'150'000}, 40'000, 730},   {{53'380'000, -1'470'000}, 40'000, 690},
    {{51'450'000, -2'590'000}, 40'000, 620},   {{54'600'000, -5'930'000}, 40'000, 600},
    {{52'640'000, -1'130'000}, 35'000, 510},   {{55'950'000, -3'190'000}, 35'000, 490},
    {{50'720'000, -1'880'000}, 35'000, 470},   {{51'480'000, -3'180'000}, 35'000, 450},
    {{53'000'000, -2'180'000}, 35'000, 370},   {{52'410'000, -1'510'000}, 30'000, 360},
    {{54'570'000, -1'240'000}, 30'000, 380},   {{53'740'000, -330'000}, 30'000, 310},
    {{53'760'000, -2'700'000}, 30'000, 310},   {{51'590'000, -2'990'000}, 28'000, 310},
    {{51'620'000, -3'940'000}, 28'000, 300},   {{51'540'000, 710'000}, 28'000, 300},
    {{50'820'000, -140'000}, 28'000, 470},     {{52'920'000, -1'480'000}, 25'000, 270},
    {{50'370'000, -4'140'000}, 25'000, 260},   {{51'450'000, -970'000}, 25'000, 320},
    {{52'040'000, -760'000}, 25'000, 230},     {{52'630'000, 1'300'000}, 25'000, 210},
    {{57'150'000, -2'110'000}, 25'000, 200},   {{52'240'000, -900'000}, 22'000, 220},
    {{51'880'000, -420'000}, 22'000, 260},     {{53'820'000, -3'050'000}, 22'000, 240},
    {{51'560'000, -1'780'000}, 22'000, 190},   {{52'060'000, 1'160'000}, 22'000, 180},
    {{56'460'000, -2'970'000}, 22'000, 150},   {{53'960'000, -1'080'000}, 20'000, 150},
    {{52'210'000, 120'000}, 20'000, 160},      {{51'750'000, -1'260'000}, 20'000, 170},
    {{50'720'000, -3'530'000}, 18'000, 120},   {{51'900'000, -2'080'000}, 18'000, 120},
}};

// About normal, with the given spread: the sum of twelve uniform numbers.
int64_t Bell(Random& random, int64_t spread) {
  int64_t sum = 0;
  for (int i = 0; i < 12; ++i) sum += random.Between(-spread, spread);
  return sum / 2;
}

Point Near(const Point& middle, int64_t spread_e6, Random& random) {
  return {static_cast<int32_t>(middle.latitude_e6 + Bell(random, spread_e6)),
          static_cast<int32_t>(middle.longitude_e6 + Bell(random, spread_e6 * 8 / 5))};
}

// Where people live.
class Country {
 public:
  Country(int32_t people, Random& random) : cities_(people < 5'000 ? 1 : people < 50'000 ? 3 : kCities.size()) {
    for (int i = 0; i < kTowns; ++i) towns_.push_back(Around(kCities[i % cities_].middle, 600'000, random));
    for (size_t i = 0; i < cities_; ++i) all_ += kCities[i].size;
  }

  Point Home(Random& random) const {
    const uint64_t lot = random.Below(100);
    if (lot >= 92) return Around(kCities[random.Below(cities_)].middle, 800'000, random);
    if (lot >= 80) return Near(towns_[random.Below(towns_.size())], 12'000, random);
    uint64_t at = random.Below(all_);
    size_t city = 0;
    for (; at >= kCities[city].size; ++city) at -= kCities[city].size;
    return Near(kCities[city].middle, kCities[city].spread_e6, random);
  }

 private:
  static Point Around(const Point& middle, int64_t most_e6, Random& random) {
    return {static_cast<int32_t>(middle.latitude_e6 + random.Between(-most_e6, most_e6)),
            static_cast<int32_t>(middle.longitude_e6 + random.Between(-most_e6, most_e6) * 8 / 5)};
  }

  const size_t cities_;
  std::vector<Point> towns_;
  uint64_t all_ = 0;
};

SettingSet SomeSettings(const Population& shape, Random& random) {
  SettingSet settings = random.OneIn(1, 5) ? kHome | kWard : kHome;
  if (random.OneIn(static_cast<uint64_t>(shape.remote_percent), 100)) settings |= random.OneIn(1, 2) ? kPhone : kOnline;
  return settings;
}

uint8_t SomeCategory(Random& random) { return static_cast<uint8_t>(random.Below(kCategories)); }

void AddLife(Random& random, Person& person) {
  if (random.OneIn(92, 100)) person.languages |= 1;
  if (person.languages == 0 || random.OneIn(1, 6)) {
    person.languages |= LanguageSet{1} << random.Between(1, 1 + static_cast<int64_t>(random.Below(kLanguages - 1)));
  }
  for (int64_t i = random.Between(2, 7); i > 0; --i) person.slots |= SlotSet{1} << random.Below(kSlots);
  person.gender = static_cast<uint8_t>(random.OneIn(1, 30) ? 3 : random.Between(1, 2));
  if (random.OneIn(1, 6)) person.wanted_genders = static_cast<uint8_t>(1u << person.gender);
  if (random.OneIn(2, 3)) {
    const Stage stage = random.OneIn(1, 20) ? Stage::kCurrent : Stage::kFormer;
    person.journeys.push_back({static_cast<uint8_t>(random.Below(kServices)), stage});
  }
}

Person MakePerson(const Population& shape, const Country& country, Random& random) {
  Person person;
  person.has_place = true;
  person.place = country.Home(random);
  person.travel_metres = static_cast<int32_t>(random.Between(5'000, 40'000));
  AddLife(random, person);
  person.checks = random.OneIn(85, 100) ? 1 : 0;
  for (int64_t i = random.Between(1, 4); i > 0; --i) {
    person.offers.push_back({SomeCategory(random), SomeSettings(shape, random)});
  }
  for (int64_t i = random.Between(1, 3); i > 0; --i) {
    const uint8_t urgency = random.OneIn(1, 15) ? 2 : random.OneIn(1, 4) ? 1 : 0;
    person.needs.push_back({SomeCategory(random), SomeSettings(shape, random), urgency});
  }
  person.give_capacity = static_cast<int32_t>(random.Between(1, 3));
  person.receive_need = static_cast<int32_t>(random.Between(1, 2));
  person.turns = random.OneIn(1, 2) ? 0 : static_cast<int32_t>(random.Between(1, 2));
  person.waiting_days = static_cast<int32_t>(random.Below(random.OneIn(1, 5) ? 900 : 120));
  return person;
}

}  // namespace

Pool MakePopulation(const Population& shape, Seed seed) {
  Random random(seed);
  const Country country(shape.people, random);
  Pool pool;
  pool.people.reserve(shape.people);
  for (int32_t i = 0; i < shape.people; ++i) {
    pool.people.push_back(MakePerson(shape, country, random));
    pool.people.back().id = MadeUpId(static_cast<uint64_t>(i));
  }
  return pool;
}

Settings PopulationSettings() {
  Settings settings = TownSettings();
  settings.distance_metres_max = 40'000;
  return settings;
}

}  // namespace turnabout::bench
