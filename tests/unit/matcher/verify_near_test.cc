#include "matcher/verify_near.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"
#include "tests/support/wild_people.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

using Number = Near::Number;

constexpr int kTicketBits = 3;
constexpr int kShift = 5;  // less than tickets and scores could need: they only have to fit
constexpr Near::Worth kWorth{kShift, Number{1} << kTicketBits};

Number WorthOf(const Traits& giver, const Traits& receiver, const Settings& settings) {
  const uint64_t ticket = Ticket(LotteryOf(giver.id, Seed{1}), LotteryOf(receiver.id, Seed{1}), kTicketBits);
  return (static_cast<Number>(ScoreOf(giver, receiver, settings)) << kShift) + static_cast<Number>(ticket);
}

// A price that is often close to what pairs are worth, at times 0, far off or the same as another's.
Number SomePrice(Random& random) {
  constexpr Number kFar = Number{1} << 124;
  const uint64_t lot = random.Below(12);
  if (lot == 0) return kFar;
  if (lot == 1) return -kFar;
  if (lot == 2) return 0;
  if (lot == 3) return 400 << kShift;
  return random.Between(-200, 900) * (1 << kShift) + static_cast<int64_t>(random.Below(1 << kShift));
}

// Everybody as a giver and as a receiver, at prices by lot: Near visits every pair that pays, one by one found, and
// nobody twice. Returns how many pairs pay.
int64_t ExpectAllThatPay(const Pool& pool, const Settings& settings, Random& random) {
  std::vector<Traits> givers;
  std::vector<Number> prices;
  for (const Person& person : pool.people) {
    givers.push_back(TraitsOf(person, settings));
    prices.push_back(SomePrice(random));
  }
  const Near near(givers, prices, settings, kWorth);
  int64_t pay = 0;
  for (const Traits& receiver : givers) {
    const Number price = SomePrice(random);
    std::vector<int> visits(givers.size(), 0);
    EXPECT_TRUE(near.Visit(receiver, price, [&](int32_t u) { return ++visits[u] > 0; }));
    for (size_t u = 0; u < givers.size(); ++u) {
      EXPECT_LE(visits[u], 1);
      if (!Allowed(givers[u], receiver, settings)) continue;
      if (WorthOf(givers[u], receiver, settings) <= prices[u] + price) continue;
      EXPECT_EQ(visits[u], 1);
      ++pay;
    }
  }
  return pay;
}

TEST(VerifyNear, VisitsAllThatPayAmongPeopleOfAnySort) {
  const uint64_t first = TestSeed(1).value;
  int64_t pay = 0;
  for (uint64_t seed = first; seed < first + (IsFullRun() ? 20'000 : 2'000) && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(RerunWith(Seed{seed}));
    Random random(Seed{seed});
    const Choose choose = [&](uint64_t limit) { return random.Below(limit); };
    constexpr Point kMiddles[] = {
        {53'000'000, -2'000'000},    {0, 0},           {0, 180'000'000},         {89'900'000, 5},
        {-60'000'000, -180'000'000}, {-90'000'000, 0}, {70'000'000, 179'950'000}};
    const Wildness wildness{random.OneIn(4, 5), kMiddles[random.Below(std::size(kMiddles))],
                            random.OneIn(1, 5) ? 0 : static_cast<int32_t>(1) << random.Below(25)};
    const Pool pool = WildPool(static_cast<int32_t>(1 + random.Below(40)), wildness, choose);
    pay += ExpectAllThatPay(pool, WildSettings(choose), random);
  }
  EXPECT_GT(pay, 1'000);
}

TEST(VerifyNear, VisitsAllThatPayInTowns) {
  const uint64_t first = TestSeed(1).value;
  int64_t pay = 0;
  for (uint64_t seed = first; seed < first + 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(RerunWith(Seed{seed}));
    Random random(Seed{seed});
    Pool pool = MakeTownPool({.people = 200, .cities = 1, .remote_percent = static_cast<int32_t>(random.Below(60))},
                             Seed{seed});
    for (Person& person : pool.people) {
      if (seed % 4 == 1) person.place = pool.people[0].place;
      if (seed % 4 == 2) person.has_place = false;
      if (seed % 4 == 3 && random.OneIn(1, 3)) person.has_place = false;
    }
    pay += ExpectAllThatPay(pool, TownSettings(), random);
  }
  EXPECT_GT(pay, 10'000);
}

// The furthest place in a direction at which the two are Allowed, whichever of them goes less far, is found.
TEST(VerifyNear, FindsThoseAtTheEdgeOfReach) {
  const Settings settings;
  constexpr Point kDirections[] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 2}, {-1, 2}, {2, -1}, {3, 1}, {-2, -3}};
  for (const int32_t latitude : {0, 1'000'000, 53'000'000, -60'000'000, 80'000'000}) {
    for (const int32_t reach : {0, 1, 50, 999, 5'000, 25'000}) {
      for (const Point& direction : kDirections) {
        Person giver = Gives(1);
        Person receiver = Receives(2);
        receiver.place = {latitude, 179'999'000};
        giver.travel_metres = direction.latitude_e6 > 0 ? 25'000 : reach;
        receiver.travel_metres = direction.latitude_e6 > 0 ? reach : 25'000;
        const auto walk = [&](int32_t steps) {
          const int32_t east = receiver.place.longitude_e6 + direction.longitude_e6 * steps;
          giver.place = {latitude + direction.latitude_e6 * steps, east > 180'000'000 ? east - 360'000'000 : east};
          return CheckPair(giver, receiver, settings).ok();
        };
        int32_t steps = 0;
        for (int32_t by = 1 << 20; by > 0; by /= 2) steps += walk(steps + by) ? by : 0;
        ASSERT_TRUE(walk(steps));
        const std::vector<Traits> givers = {TraitsOf(giver, settings)};
        const Traits asking = TraitsOf(receiver, settings);
        const Number price = WorthOf(givers[0], asking, settings) - 1;
        int visits = 0;
        Near(givers, {price}, settings, kWorth).Visit(asking, 0, [&](int32_t) { return ++visits > 0; });
        EXPECT_EQ(visits, 1) << latitude << " " << reach << " " << direction.latitude_e6 << direction.longitude_e6;
      }
    }
  }
}

TEST(VerifyNear, StopsWhenToldTo) {
  Settings settings;
  const std::vector<Traits> givers = {TraitsOf(Gives(1), settings), TraitsOf(Gives(2), settings)};
  int visits = 0;
  const auto stop = [&](int32_t) { return ++visits == 0; };
  EXPECT_FALSE(Near(givers, {0, 0}, settings, kWorth).Visit(TraitsOf(Receives(3), settings), 0, stop));
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace turnabout
