#include "matcher/explain/recruit.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// Six people who speak only language 1 and live in one place, and one giver who speaks language 0.
Pool SixWithoutAGiver() {
  Pool pool;
  pool.people = {Gives(1)};
  for (uint64_t n = 2; n < 8; ++n) {
    pool.people.push_back(Receives(n));
    pool.people.back().languages = 2;
  }
  return pool;
}

std::vector<Recruit> Recruits(const Pool& pool, const RecruitOptions& options = {}) {
  return *FindRecruits(pool, Settings{}, Seed{1}, *ProposeRound(pool, Settings{}, Seed{1}), options);
}

TEST(Recruits, SayWhatOneMoreGiverWouldChange) {
  const std::vector<Recruit> recruits = Recruits(SixWithoutAGiver());
  ASSERT_EQ(recruits.size(), 1u);
  EXPECT_EQ(recruits[0].category, 0);
  EXPECT_EQ(recruits[0].language, 1);
  EXPECT_FALSE(recruits[0].remote);
  EXPECT_EQ(recruits[0].place, SixWithoutAGiver().people[1].place);
  EXPECT_EQ(recruits[0].suited, 6);
  EXPECT_EQ(recruits[0].more_served, 3);
  EXPECT_EQ(Recruits(SixWithoutAGiver(), {.capacity = 1})[0].more_served, 1);
}

TEST(Recruits, AreNotForSoFewThatTheyCouldBeTold) {
  Pool pool = SixWithoutAGiver();
  pool.people.resize(5);
  EXPECT_TRUE(Recruits(pool).empty());
  EXPECT_EQ(Recruits(pool, {.suited_least = 4}).size(), 1u);
}

// All six suit the giver; two of them have no turn, and nothing to give.
TEST(Recruits, CountOnlyThoseWhoMayReceive) {
  Pool pool = SixWithoutAGiver();
  pool.people[1].turns = pool.people[2].turns = 0;
  const std::vector<Recruit> recruits = Recruits(pool, {.capacity = 9});
  ASSERT_EQ(recruits.size(), 1u);
  EXPECT_EQ(recruits[0].suited, 6);
  EXPECT_EQ(recruits[0].more_served, 4);
}

TEST(Recruits, AreTheMostUsefulFirstAndNoMoreThanAsked) {
  Pool pool;
  for (uint64_t n = 1; n <= 24; ++n) {
    pool.people.push_back(Receives(n));
    // Category 1 is wished by 6 people, category 2 by 8, category 3 by 10.
    pool.people.back().needs = {{static_cast<uint8_t>(n <= 6 ? 1 : n <= 14 ? 2 : 3), kPhone, 0}};
  }
  const std::vector<Recruit> recruits = Recruits(pool, {.capacity = 9});
  ASSERT_EQ(recruits.size(), 3u);
  EXPECT_TRUE(recruits[0].remote);
  EXPECT_EQ(recruits[0].category, 3);
  EXPECT_EQ(recruits[0].more_served, 9);
  EXPECT_EQ(recruits[1].more_served, 8);
  EXPECT_EQ(recruits[2].more_served, 6);
  EXPECT_EQ(Recruits(pool, {.most = 1}).size(), 1u);
  EXPECT_EQ(Recruits(pool, {.tried_most = 2}).size(), 2u);
  EXPECT_TRUE(Recruits(pool, {.people_most = 24}).empty());
}

TEST(Recruits, AreNoneWhereAGiverIsThereAndATurnIsMissing) {
  Pool pool;
  pool.people = {Gives(1, 9)};
  for (uint64_t n = 2; n < 9; ++n) pool.people.push_back(Receives(n, 0));
  EXPECT_TRUE(Recruits(pool).empty());
}

TEST(Recruits, CanBeCancelled) {
  const Pool pool = SixWithoutAGiver();
  const Round round = *ProposeRound(pool, Settings{}, Seed{1});
  const auto status =
      FindRecruits(pool, Settings{}, Seed{1}, round, {}, [](int64_t, int64_t) { return false; }).status();
  EXPECT_TRUE(IsRefusedFor(status, Reason::kCancelled));
}

}  // namespace
}  // namespace turnabout
