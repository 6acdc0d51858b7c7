#include "matcher/assign/eligible_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

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
  for (const EligibleRows::Kept& kept : {EligibleRows::Kept{0, 0}, EligibleRows::Kept{}, EligibleRows::Kept{1000, 0}}) {
    Meter meter(none);
    EligibleRows rows(instance, kept);
    ASSERT_TRUE(rows.Build(meter).ok());
    ASSERT_EQ(rows.pairs(), static_cast<int64_t>(expected.size()));
    ASSERT_EQ(FromRows(instance, rows), expected) << "kept " << kept.best;
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

TEST(EligibleRows, CountTheReceiversOfEachGiver) {
  const Pool pool = MakeTownPool({.people = 300, .cities = 1, .remote_percent = 30}, Seed{1});
  const Settings settings = TownSettings();
  const Instance instance = *MakeInstance(pool, settings, Seed{1});
  const Progress none;
  Meter meter(none);
  EligibleRows rows(instance);
  ASSERT_TRUE(rows.Build(meter).ok());
  std::vector<int64_t> counts(instance.givers.size());
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    for (const int32_t giver : rows.At(v).givers) ++counts[giver];
  }
  for (size_t u = 0; u < counts.size(); ++u) ASSERT_EQ(rows.size_of_giver(static_cast<int32_t>(u)), counts[u]);
}

TEST(EligibleRows, StartWithTheBestAndSomeByLot) {
  const Pool pool = MakeTownPool({.people = 300, .cities = 1, .remote_percent = 30}, Seed{2});
  const Settings settings = TownSettings();
  const Instance instance = *MakeInstance(pool, settings, Seed{2});
  const Progress none;
  Meter meter(none);
  EligibleRows rows(instance, {.best = 3, .mixed = 2});
  ASSERT_TRUE(rows.Build(meter).ok());
  int cut = 0;
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    const auto ticket = [&](int32_t u) {
      return Ticket(instance.givers[u].lottery, instance.receivers[v].lottery, instance.objective.ticket_bits());
    };
    std::vector<std::tuple<int32_t, uint64_t, int32_t>> row;
    const EligibleRows::Row all = rows.At(v);
    for (size_t i = 0; i < all.givers.size(); ++i) {
      row.push_back({all.scores[i], ticket(all.givers[i]), all.givers[i]});
    }
    std::sort(row.rbegin(), row.rend());
    const size_t best = std::min(row.size(), size_t{3} + 2 * static_cast<size_t>(instance.receivers[v].need));
    ASSERT_EQ(rows.BestCount(v), best);
    std::sort(row.begin() + static_cast<ptrdiff_t>(best), row.end(),
              [](const auto& a, const auto& b) { return std::get<1>(a) > std::get<1>(b); });
    cut += row.size() > best + 2 ? 1 : 0;
    row.resize(std::min(row.size(), best + 2));
    std::vector<int32_t> expected;
    for (const auto& one : row) expected.push_back(std::get<2>(one));
    const EligibleRows::Row start = rows.StartOf(v);
    std::vector<int32_t> found(start.givers.begin(), start.givers.end());
    for (std::vector<int32_t>* givers : {&expected, &found}) {
      ASSERT_EQ(givers->size(), row.size());
      std::sort(givers->begin(), givers->begin() + static_cast<ptrdiff_t>(best));
      std::sort(givers->begin() + static_cast<ptrdiff_t>(best), givers->end());
    }
    ASSERT_EQ(found, expected);
  }
  EXPECT_GT(cut, 50);
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
