#include "matcher/assign/eligible_rows.h"

#include <gtest/gtest.h>

#include "matcher/assign/brute_force.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

using Pairs = std::vector<std::pair<PoolPair, int32_t>>;  // with scores, by position in the pool

Pairs FromRows(const Instance& instance, EligibleRows& rows) {
  Pairs pairs;
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    const EligibleRows::Row row = rows.At(v);
    EXPECT_EQ(static_cast<int64_t>(row.givers.size()), rows.size(v));
    for (size_t i = 0; i < row.givers.size(); ++i) {
      pairs.push_back({{instance.givers[row.givers[i]].person, instance.receivers[v].person}, row.scores[i]});
    }
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

Pairs OneByOne(const Pool& pool, const Settings& settings) {
  Pairs pairs;
  for (const PoolPair& pair : AllEligiblePairs(pool, settings)) {
    pairs.push_back({pair, ScorePair(pool.people[pair.giver], pool.people[pair.receiver], settings).score});
  }
  return pairs;
}

void ExpectSame(const Pool& pool, const Settings& settings) {
  const Instance instance = *MakeInstance(pool, settings, Seed{1});
  const Pairs expected = OneByOne(pool, settings);
  const Progress none;
  for (const int64_t kept : {int64_t{0}, int64_t{100}, kKeptPairsMax}) {
    Meter meter(none);
    EligibleRows rows(instance, kept);
    ASSERT_TRUE(rows.Build(meter).ok());
    ASSERT_EQ(rows.pairs(), static_cast<int64_t>(expected.size()));
    ASSERT_EQ(FromRows(instance, rows), expected) << "kept " << kept;
  }
}

TEST(EligibleRows, AreThePairsThatCheckPairAllows) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Settings settings = TownSettings();
    settings.same_service_required = seed % 2 == 0;
    settings.current_may_give = seed % 3 == 0;
    ExpectSame(
        MakeTownPool({.people = 300, .cities = 1 + static_cast<int32_t>(seed % 2), .remote_percent = 30}, Seed{seed}),
        settings);
  }
}

TEST(EligibleRows, AreEmptyForAnEmptyPool) { ExpectSame(Pool{}, Settings{}); }

TEST(EligibleRows, HoldWhoeverHasNoPlaceOnlyByPhone) {
  Pool pool;
  pool.people = {Gives(1), Receives(2), Gives(3), Receives(4)};
  pool.people[0].has_place = pool.people[1].has_place = false;
  pool.people[2].offers[0].settings |= kPhone;
  pool.people[3].needs[0].settings |= kPhone;
  ExpectSame(pool, Settings{});
}

}  // namespace
}  // namespace turnabout
