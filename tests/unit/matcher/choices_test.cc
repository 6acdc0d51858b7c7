#include "matcher/choices.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/reason.h"
#include "matcher/assign/brute_force.h"
#include "matcher/criteria/all.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// The best of all rounds, every set of pairs tried, that holds `pinned` and not `forbidden`.
Value BestWith(const Pool& pool, const Settings& settings, const Choices& choices) {
  const std::vector<PoolPair> all = AllEligiblePairs(pool, settings);
  const auto listed = [](const std::vector<PoolPair>& pairs, const PoolPair& pair) {
    return std::find(pairs.begin(), pairs.end(), pair) != pairs.end();
  };
  Value best{-1, -1, -1, -1};
  for (uint32_t set = 0; set < uint32_t{1} << all.size(); ++set) {
    std::vector<PoolPair> pairs;
    std::vector<int32_t> given(pool.people.size(), 0), received(pool.people.size(), 0);
    bool allowed = true;
    for (size_t i = 0; i < all.size(); ++i) {
      const bool chosen = (set >> i & 1) != 0;
      allowed = allowed && (chosen ? !listed(choices.forbidden, all[i]) : !listed(choices.pinned, all[i]));
      if (!chosen) continue;
      pairs.push_back(all[i]);
      ++given[all[i].giver];
      ++received[all[i].receiver];
    }
    for (size_t i = 0; i < given.size(); ++i) {
      const Person& person = pool.people[i];
      allowed = allowed && given[i] <= person.give_capacity && received[i] <= person.receive_need &&
                received[i] <= person.turns + given[i];
    }
    if (allowed) best = std::max(best, ValueOfPairs(pool, settings, pairs));
  }
  return best;
}

TEST(Choices, CostWhatEveryRoundTriedSays) {
  const Settings settings;
  int pins = 0, forbids = 0, dear = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Pool pool = MakeTinyPool({.people = 6, .capacity_most = 2, .need_most = 1, .turns_most = 0}, Seed{seed});
    for (Person& person : pool.people) person.turns = person.receive_need;  // so that giving helps nobody to receive
    const std::vector<PoolPair> all = AllEligiblePairs(pool, settings);
    if (all.size() > 9) continue;
    const Value free = *BestValue(pool, settings, Seed{seed}, {});
    EXPECT_EQ(free, ProposeRound(pool, settings, Seed{seed})->value);
    for (const PoolPair& pair : all) {
      for (const Choices& choices : {Choices{.pinned = {pair}, .forbidden = {}}, Choices{{}, {pair}}}) {
        const Value with = *BestValue(pool, settings, Seed{seed}, choices);
        EXPECT_EQ(with, BestWith(pool, settings, choices));
        EXPECT_LE(with, free);
        ++(choices.pinned.empty() ? forbids : pins);
        dear += with.served < free.served;
      }
    }
  }
  EXPECT_GT(pins, 300);
  EXPECT_GT(forbids, 300);
  EXPECT_GT(dear, 50);
}

TEST(Choices, APinWithATurnNeverBringsMore) {
  const Settings settings;
  int tried = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Pool pool = MakeTinyPool({.people = 7, .capacity_most = 2, .need_most = 2, .turns_most = 1}, Seed{seed});
    const Value free = *BestValue(pool, settings, Seed{seed}, {});
    for (const PoolPair& pair : AllEligiblePairs(pool, settings)) {
      if (pool.people[pair.receiver].turns == 0) continue;
      EXPECT_LE(*BestValue(pool, settings, Seed{seed}, {.pinned = {pair}, .forbidden = {}}), free) << "seed " << seed;
      ++tried;
    }
  }
  EXPECT_GT(tried, 300);
}

TEST(Choices, ThePinnedPairAndTheRoundBesideItKeepEveryLimit) {
  Pool pool;
  pool.people = {Gives(1), Gives(2), Receives(3, 2, 2), Receives(4)};
  const Pool left = WithChoices(pool, {.pinned = {{0, 2}}, .forbidden = {{1, 3}}});
  EXPECT_EQ(left.people[0].give_capacity, 0);
  EXPECT_EQ(left.people[2].receive_need, 1);
  EXPECT_EQ(left.people[2].turns, 1);
  const Round round = *ProposeRound(left, Settings{}, Seed{1});
  ASSERT_EQ(round.proposals.size(), 1u);
  EXPECT_EQ(round.proposals[0].giver, 1);
  EXPECT_EQ(round.proposals[0].receiver, 2);
  // The one who receives twice is one person.
  EXPECT_EQ(ValueOfPairs(pool, Settings{}, {{0, 2}, {1, 2}}).served, 1);
}

TEST(Choices, CanBeCancelled) {
  Pool pool;
  pool.people = {Gives(1), Receives(2)};
  const auto status = BestValue(pool, Settings{}, Seed{1}, {}, [](int64_t, int64_t) { return false; }).status();
  EXPECT_TRUE(IsRefusedFor(status, Reason::kCancelled));
}

}  // namespace
}  // namespace turnabout
