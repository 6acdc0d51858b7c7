#include "matcher/assign/objective.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// The most that each level can add up to, for a pool that fits.
struct Sums {
  Wide tickets, score, days, served, urgent;
};

Sums SumsOf(const Objective& objective, const Objective::Bounds& bounds) {
  const Wide pairs = bounds.pairs;
  const Wide served = objective.PersonWorth(false, 0);
  const Wide day = objective.PersonWorth(false, 1) - served;
  const Wide urgent = objective.PersonWorth(true, 0) - served;
  return {pairs * ((Wide{1} << objective.ticket_bits()) - 1), pairs * objective.PairWorth(1000, 0),
          bounds.waiting_days * day, bounds.people * served, bounds.urgent * urgent};
}

// No level can add up to one of the next, and all of them together stay below 2^122: sums and differences of several
// prices then stay below 2^126.
void ExpectSeparate(const Objective::Bounds& bounds) {
  const absl::StatusOr<Objective> objective = Objective::Make(bounds);
  ASSERT_TRUE(objective.ok()) << objective.status();
  const Sums sums = SumsOf(*objective, bounds);
  const Wide served = objective->PersonWorth(false, 0);
  EXPECT_TRUE(sums.tickets < objective->PairWorth(1, 0));
  EXPECT_TRUE(sums.tickets + sums.score < objective->PersonWorth(false, 1) - served);
  EXPECT_TRUE(sums.tickets + sums.score + sums.days < served);
  EXPECT_TRUE(sums.tickets + sums.score + sums.days + sums.served < objective->PersonWorth(true, 0) - served);
  EXPECT_TRUE(sums.tickets + sums.score + sums.days + sums.served + sums.urgent < Wide{1} << kObjectiveBits);
  EXPECT_LE(objective->total_bits(), kObjectiveBits);
  EXPECT_GE(objective->ticket_bits(), 1);
}

TEST(Objective, LevelsNeverRunIntoEachOther) {
  Random random(Seed{1});
  for (int i = 0; i < 20'000; ++i) {
    Objective::Bounds bounds;
    bounds.people = random.Between(0, int64_t{1} << random.Between(0, 20));
    bounds.urgent = random.Between(0, bounds.people);
    bounds.waiting_days = random.Between(0, bounds.people * kWaitingDaysCounted);
    bounds.pairs = random.Between(0, int64_t{1} << random.Between(0, 21));
    ExpectSeparate(bounds);
  }
}

TEST(Objective, FitsAMillionPeople) {
  ExpectSeparate({1 << 20, 1 << 17, int64_t{120} << 20, 1 << 20});
  ExpectSeparate({1 << 19, 1 << 19, int64_t{kWaitingDaysCounted} << 19, 1 << 19});
}

TEST(Objective, KeepsAFullLotteryForTenThousandPeople) {
  EXPECT_GE(Objective::Make({10'000, 2'000, 10'000 * 365, 15'000})->ticket_bits(), 36);
}

TEST(Objective, FitsAnEmptyPool) { ExpectSeparate({}); }

TEST(Objective, RefusesWhatDoesNotFit) {
  const absl::StatusOr<Objective> objective =
      Objective::Make({1 << 20, 1 << 20, int64_t{kWaitingDaysCounted} << 20, int64_t{1} << 40});
  EXPECT_TRUE(IsRefusedFor(objective.status(), Reason::kBadFields));
}

TEST(Objective, CountsNoMoreThanTwoYearsOfWaiting) {
  const Objective objective = *Objective::Make({10, 1, 7'300, 10});
  EXPECT_TRUE(objective.PersonWorth(false, 730) == objective.PersonWorth(false, 2'000));
  EXPECT_TRUE(objective.PersonWorth(false, 729) < objective.PersonWorth(false, 730));
}

TEST(Objective, BoundsFollowTurnsAndPlaces) {
  Pool pool;
  pool.people = {Gives(1, 5), Receives(2, 1, 3), Receives(3, 0, 2), Gives(4, 2)};
  pool.people[3].receive_need = 1'000'000;
  pool.people[1].waiting_days = 800;
  const Objective::Bounds bounds = Objective::BoundsOf(pool);
  EXPECT_EQ(bounds.people, 3);
  EXPECT_EQ(bounds.waiting_days, 730);
  EXPECT_EQ(bounds.pairs, 3);  // 1 for its one turn, 0 without a turn, 2 for the two who give
}

}  // namespace
}  // namespace turnabout
