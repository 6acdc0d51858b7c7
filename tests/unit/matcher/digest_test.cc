#include "matcher/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

Pool SomePool() {
  Pool pool;
  pool.people = {Gives(1), Receives(2), Receives(3)};
  pool.people[0].offers = {{0, kHome}, {1, kWard}};
  pool.people[1].journeys = {{0, Stage::kFormer}, {1, Stage::kCurrent}};
  pool.people[2].needs = {{0, kHome, 0}, {2, kHome, 1}};
  pool.people[2].excluded = {MadeUpId(7), MadeUpId(8)};
  pool.resting = {{0, 1}, {0, 2}};
  return pool;
}

TEST(Digest, IsTheSameInAnyOrder) {
  const Pool pool = SomePool();
  Pool turned = pool;
  std::reverse(turned.people.begin(), turned.people.end());
  turned.resting = {{2, 0}, {2, 1}};
  for (Person& person : turned.people) {
    std::reverse(person.offers.begin(), person.offers.end());
    std::reverse(person.journeys.begin(), person.journeys.end());
    std::reverse(person.needs.begin(), person.needs.end());
    std::reverse(person.excluded.begin(), person.excluded.end());
  }
  EXPECT_EQ(DigestOf(pool, Settings{}, Seed{1}), DigestOf(turned, Settings{}, Seed{1}));
  EXPECT_EQ(DigestOf(pool, Settings{}, Seed{1}).size(), 64u);
}

TEST(Digest, ChangesWithEverythingThatMatters) {
  const std::vector<std::function<void(Pool&, Settings&, Seed&)>> changes = {
      [](Pool&, Settings&, Seed&) {},
      [](Pool&, Settings&, Seed& seed) { seed.value = 2; },
      [](Pool& pool, Settings&, Seed&) { pool.people[0].id = MadeUpId(9); },
      [](Pool& pool, Settings&, Seed&) { pool.people[0].has_place = false; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].place.longitude_e6; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].travel_metres; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].languages; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].slots; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].gender; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].wanted_genders; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].checks; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].give_capacity; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].receive_need; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].turns; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].waiting_days; },
      [](Pool& pool, Settings&, Seed&) { ++pool.people[0].groups; },
      [](Pool& pool, Settings&, Seed&) { pool.people[0].offers[0].settings = kPhone; },
      [](Pool& pool, Settings&, Seed&) { pool.people[2].needs[0].urgency = 2; },
      [](Pool& pool, Settings&, Seed&) { pool.people[1].journeys[0].stage = Stage::kNeighbour; },
      [](Pool& pool, Settings&, Seed&) { pool.people[2].excluded.pop_back(); },
      [](Pool& pool, Settings&, Seed&) { pool.resting.pop_back(); },
      [](Pool& pool, Settings&, Seed&) { std::swap(pool.resting, pool.paired); },
      [](Pool& pool, Settings&, Seed&) { pool.people.pop_back(), pool.resting.pop_back(); },
      [](Pool&, Settings& settings, Seed&) { --settings.distance_metres_max; },
      [](Pool&, Settings& settings, Seed&) { settings.current_may_give = true; },
      [](Pool&, Settings& settings, Seed&) { settings.same_service_required = true; },
      [](Pool&, Settings& settings, Seed&) { settings.required_checks = 1; },
      [](Pool&, Settings& settings, Seed&) { ++settings.weights.shared_language; },
      [](Pool&, Settings& settings, Seed&) {
        settings.groups = {{"some", 1}};
      },
      [](Pool&, Settings& settings, Seed&) {
        settings.groups = {{"some", 2}};
      },
      [](Pool&, Settings& settings, Seed&) {
        settings.groups = {{"none", 0}, {"some", 1}};
      },
  };
  std::set<std::string> digests;
  for (const auto& change : changes) {
    Pool pool = SomePool();
    Settings settings;
    Seed seed{1};
    change(pool, settings, seed);
    digests.insert(DigestOf(pool, settings, seed));
  }
  EXPECT_EQ(digests.size(), changes.size());
}

TEST(Digest, WordsDoNotMatter) {
  EXPECT_EQ(DigestOf(SomePool(), TownSettings(), Seed{1}), [] {
    Settings settings = TownSettings();
    settings.words = {};
    settings.groups.resize(2);  // watched, and without a floor
    return DigestOf(SomePool(), settings, Seed{1});
  }());
}

}  // namespace
}  // namespace turnabout
