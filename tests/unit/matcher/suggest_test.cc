#include <gtest/gtest.h>

#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

std::vector<int32_t> GiversOf(const std::vector<Proposal>& proposals) {
  std::vector<int32_t> givers;
  for (const Proposal& proposal : proposals) givers.push_back(proposal.giver);
  return givers;
}

TEST(SuggestGivers, BestScoreFirst) {
  Pool pool;
  pool.people = {Receives(1), Gives(2), Gives(3), Gives(4)};
  pool.people[1].place.latitude_e6 += 30'000;
  pool.people[3].place.latitude_e6 += 15'000;
  EXPECT_EQ(GiversOf(SuggestGivers(pool, Settings{}, 0, 10)), (std::vector<int32_t>{2, 3, 1}));
  EXPECT_EQ(GiversOf(SuggestGivers(pool, Settings{}, 0, 2)), (std::vector<int32_t>{2, 3}));
}

TEST(SuggestGivers, LeavesOutWhoIsFullForbiddenOrTheReceiver) {
  Pool pool;
  pool.people = {Receives(1), Gives(2, 0), Gives(3), Gives(4), Gives(5)};
  pool.people[0].give_capacity = 1;
  pool.resting = {{2, 0}};
  pool.paired = {{3, 0}, {0, 4}};
  EXPECT_EQ(GiversOf(SuggestGivers(pool, Settings{}, 0, 10)), (std::vector<int32_t>{4}));
}

TEST(SuggestGivers, IsWhatCheckPairAndScorePairSay) {
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 300, .cities = 1}, Seed{2});
  for (int32_t receiver = 0; receiver < 40; ++receiver) {
    const std::vector<Proposal> proposals = SuggestGivers(pool, settings, receiver, 1'000);
    size_t eligible = 0;
    for (int32_t giver = 0; giver < 300; ++giver) {
      const PoolPair pair{giver, receiver};
      const auto listed = [&](const auto& list) { return std::find(list.begin(), list.end(), pair) != list.end(); };
      eligible += pool.people[giver].give_capacity > 0 && !listed(pool.resting) && !listed(pool.paired) &&
                  CheckPair(pool.people[giver], pool.people[receiver], settings).ok();
    }
    ASSERT_EQ(proposals.size(), eligible);
    for (size_t i = 0; i < proposals.size(); ++i) {
      EXPECT_EQ(proposals[i].receiver, receiver);
      EXPECT_EQ(proposals[i].score, ScorePair(pool.people[proposals[i].giver], pool.people[receiver], settings).score);
      if (i > 0) {
        EXPECT_GE(proposals[i - 1].score, proposals[i].score);
      }
    }
  }
}

TEST(SuggestGivers, IsEmptyForNobody) {
  Pool pool;
  pool.people = {Receives(1), Gives(2)};
  EXPECT_TRUE(SuggestGivers(pool, Settings{}, -1, 5).empty());
  EXPECT_TRUE(SuggestGivers(pool, Settings{}, 2, 5).empty());
  EXPECT_TRUE(SuggestGivers(pool, Settings{}, 0, 0).empty());
}

}  // namespace
}  // namespace turnabout
