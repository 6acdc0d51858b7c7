#include "matcher/live/live_bounds.h"

#include <gtest/gtest.h>

#include "base/seed.h"
#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

using Bounds = Objective::Bounds;

bool Same(const Bounds& a, const Bounds& b) {
  return a.people == b.people && a.urgent == b.urgent && a.waiting_days == b.waiting_days && a.pairs == b.pairs;
}

bool SameLevels(const Bounds& a, const Bounds& b) {
  const Objective one = *Objective::Make(a);
  const Objective other = *Objective::Make(b);
  return one.ticket_bits() == other.ticket_bits() && one.score_shift() == other.score_shift() &&
         one.AbovePair() == other.AbovePair() && one.PersonWorth(true, 1) == other.PersonWorth(true, 1) &&
         one.total_bits() == other.total_bits();
}

TEST(LiveBounds, AreThoseOfThePeopleThereAre) {
  Pool pool = MakeTownPool({.people = 400, .cities = 1}, Seed{1});
  LiveBounds bounds;
  for (const Person& person : pool.people) bounds.Add(person);
  EXPECT_TRUE(Same(bounds.Now(), Objective::BoundsOf(pool)));
  while (pool.people.size() > 150) {
    bounds.Remove(pool.people.back());
    pool.people.pop_back();
  }
  EXPECT_TRUE(Same(bounds.Now(), Objective::BoundsOf(pool)));
}

TEST(LiveBounds, RoomIsAllThatTheLevelsHoldAndNoMore) {
  const Seed seed = TestSeed(1);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  for (int i = 0; i < 2'000; ++i) {
    const auto any = [&] { return static_cast<int64_t>(random.Below(uint64_t{1} << random.Below(20))); };
    const Bounds bounds{any(), any(), any(), any()};
    const Bounds room = RoomOf(bounds);
    EXPECT_TRUE(Fits(bounds, room));
    EXPECT_TRUE(SameLevels(bounds, room));
    for (int64_t Bounds::*field : {&Bounds::people, &Bounds::urgent, &Bounds::waiting_days, &Bounds::pairs}) {
      Bounds more = room;
      ++(more.*field);
      EXPECT_FALSE(Fits(more, room));
      EXPECT_FALSE(SameLevels(bounds, more));
    }
  }
}

TEST(LiveBounds, HeadroomLeavesTheLotteryAsItIs) {
  const Bounds scheme{800, 90, 80'000, 900};
  EXPECT_GT(WithHeadroom(scheme, scheme).people, scheme.people);
  // The levels of a country leave the lottery what remains.
  const Bounds country{600'000, 300'000, 200'000'000, 900'000};
  EXPECT_TRUE(Same(WithHeadroom(country, country), country));
  for (const Bounds& bounds : {scheme, country}) {
    EXPECT_EQ(Objective::Make(WithHeadroom(bounds, bounds))->ticket_bits(), Objective::Make(bounds)->ticket_bits());
  }
}

}  // namespace
}  // namespace turnabout
