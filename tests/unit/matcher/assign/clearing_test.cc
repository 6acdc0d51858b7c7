// LEMON's graphs copy nodes before they fill them in, which GCC warns of when sanitizers are on.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "matcher/assign/clearing.h"

#include <gtest/gtest.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "matcher/assign/greedy.h"
#include "tests/support/pool_generator.h"

namespace turnabout {
namespace {

ClearingResult ClearWith(const Instance& instance, const EligibleRows::Kept& kept, const ClearingOptions& options) {
  const Progress none;
  Meter meter(none);
  EligibleRows rows(instance, kept);
  EXPECT_TRUE(rows.Build(meter).ok());
  return *Clear(instance, rows, options, meter);
}

// What a set of pairs is worth without the lottery, in 62 bits at most for the pools below.
int64_t ShortPersonWorth(const Receiver& receiver) {
  return (int64_t{receiver.urgent} << 56) + (int64_t{1} << 44) + (int64_t{receiver.waiting_days} << 24);
}

int64_t ShortWorth(const Instance& instance, const std::vector<PoolPair>& pairs) {
  int64_t worth = 0;
  std::vector<uint8_t> served(instance.receivers.size(), 0);
  for (const PoolPair& pair : pairs) {
    worth += ScoreOf(instance.giver_traits[pair.giver], instance.receiver_traits[pair.receiver], *instance.settings);
    if (!std::exchange(served[pair.receiver], 1)) worth += ShortPersonWorth(instance.receivers[pair.receiver]);
  }
  return worth;
}

// The same circulation, as the textbook draws it, solved by LEMON's network simplex.
class LemonTwin {
 public:
  explicit LemonTwin(const Instance& instance)
      : instance_(instance), lower_(graph_), upper_(graph_), cost_(graph_), hub_(graph_.addNode()) {
    const int32_t people = static_cast<int32_t>(instance.pool->people.size());
    for (int32_t i = 0; i < people; ++i) {
      const Person& person = instance.pool->people[i];
      in_.push_back(graph_.addNode());
      account_.push_back(graph_.addNode());
      out_.push_back(graph_.addNode());
      AddArc(account_[i], out_[i], person.give_capacity, 0);
      AddArc(account_[i], hub_, person.turns, 0);
      AddArc(hub_, account_[i], person.give_capacity, 0);
    }
  }

  int64_t Solve(EligibleRows& rows) {
    for (int32_t v = 0; v < static_cast<int32_t>(instance_.receivers.size()); ++v) {
      const Receiver& receiver = instance_.receivers[v];
      AddArc(in_[receiver.person], account_[receiver.person], 1, -ShortPersonWorth(receiver));
      AddArc(in_[receiver.person], account_[receiver.person], receiver.need - 1, 0);
      const EligibleRows::Row row = rows.At(v);
      for (size_t i = 0; i < row.givers.size(); ++i) {
        AddArc(out_[instance_.givers[row.givers[i]].person], in_[receiver.person], 1, -int64_t{row.scores[i]});
      }
    }
    lemon::NetworkSimplex<lemon::SmartDigraph, int, int64_t> simplex(graph_);
    simplex.lowerMap(lower_).upperMap(upper_).costMap(cost_);
    EXPECT_EQ(simplex.run(), decltype(simplex)::OPTIMAL);
    return -simplex.totalCost<int64_t>();
  }

 private:
  void AddArc(lemon::SmartDigraph::Node from, lemon::SmartDigraph::Node to, int capacity, int64_t cost) {
    const lemon::SmartDigraph::Arc arc = graph_.addArc(from, to);
    lower_[arc] = 0;
    upper_[arc] = capacity;
    cost_[arc] = cost;
  }

  const Instance& instance_;
  lemon::SmartDigraph graph_;
  lemon::SmartDigraph::ArcMap<int> lower_;
  lemon::SmartDigraph::ArcMap<int> upper_;
  lemon::SmartDigraph::ArcMap<int64_t> cost_;
  lemon::SmartDigraph::Node hub_;
  std::vector<lemon::SmartDigraph::Node> in_, account_, out_;
};

void CompareWithLemon(const TownPool& shape, uint64_t seed) {
  Pool pool = MakeTownPool(shape, Seed{seed});
  for (Person& person : pool.people) person.waiting_days %= 200;
  const Settings settings = TownSettings();
  const Instance instance = *MakeInstance(pool, settings, Seed{seed});
  const Progress none;
  Meter meter(none);
  EligibleRows rows(instance);
  ASSERT_TRUE(rows.Build(meter).ok());
  const ClearingResult result = *Clear(instance, rows, ClearingOptions{}, meter);
  EXPECT_EQ(ShortWorth(instance, result.pairs), LemonTwin(instance).Solve(rows)) << "seed " << seed;
}

TEST(Clearing, AgreesWithNetworkSimplexOnManySmallTowns) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    CompareWithLemon({.people = 60, .cities = 1, .no_turn_percent = static_cast<int32_t>(seed % 3) * 45}, seed);
  }
}

TEST(Clearing, AgreesWithNetworkSimplexOnTownsOfSeveralHundred) {
  for (uint64_t seed = 100; seed < 106; ++seed) {
    CompareWithLemon({.people = 500, .cities = 1, .no_turn_percent = 50 + static_cast<int32_t>(seed % 2) * 40}, seed);
  }
}

TEST(Clearing, AgreesWithNetworkSimplexOnTwoThousandPeople) { CompareWithLemon({.people = 2'000, .cities = 1}, 200); }

TEST(Clearing, DoesNotDependOnWhichPairsItStartsWith) {
  const Settings settings = TownSettings();
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Pool pool = MakeTownPool({.people = 400, .cities = 1, .remote_percent = 50}, Seed{seed});
    const Instance instance = *MakeInstance(pool, settings, Seed{seed});
    const ClearingResult all = ClearWith(instance, {.best = 100'000}, ClearingOptions{});
    EXPECT_EQ(all.solves, 1);
    struct Few {
      EligibleRows::Kept kept;
      int32_t added_most;
    };
    for (const Few& few_first : {Few{{}, 12}, Few{{1, 0}, 1}, Few{{0, 1}, 1}, Few{{3, 3}, 2}}) {
      const ClearingResult few = ClearWith(instance, few_first.kept, {few_first.added_most});
      EXPECT_LT(few.listed_pairs, all.listed_pairs);
      ASSERT_EQ(few.pairs, all.pairs) << "seed " << seed;
    }
  }
}

TEST(Clearing, PricesAtLeastCoverEveryPairThatIsNotUsed) {
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 500, .cities = 1}, Seed{3});
  const Instance instance = *MakeInstance(pool, settings, Seed{3});
  const Progress none;
  Meter meter(none);
  EligibleRows rows(instance);
  ASSERT_TRUE(rows.Build(meter).ok());
  const ClearingResult result = *Clear(instance, rows, ClearingOptions{}, meter);
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    const EligibleRows::Row row = rows.At(v);
    for (size_t i = 0; i < row.givers.size(); ++i) {
      const int32_t u = row.givers[i];
      const uint64_t ticket =
          Ticket(instance.givers[u].lottery, instance.receivers[v].lottery, instance.objective.ticket_bits());
      const Wide worth = instance.objective.PairWorth(row.scores[i], ticket);
      const Wide prices = result.prices.giving[u] + result.prices.receiving[v];
      const PoolPair pair{u, v};
      const bool used = std::find(result.pairs.begin(), result.pairs.end(), pair) != result.pairs.end();
      ASSERT_TRUE(used ? worth >= prices : worth <= prices);
    }
  }
}

// The greedy twin again, by looking at every pair before each step.
std::vector<PoolPair> SlowGreedy(const Instance& instance, EligibleRows& rows) {
  std::vector<PoolPair> taken;
  std::vector<int64_t> given(instance.givers.size(), 0);
  std::vector<int64_t> received(instance.receivers.size(), 0);
  while (true) {
    Wide best = 0;
    PoolPair pair{kNobody, kNobody};
    for (int32_t v = 0; v < static_cast<int32_t>(received.size()); ++v) {
      const Receiver& receiver = instance.receivers[v];
      const int64_t turns = receiver.turns + (receiver.giver == kNobody ? 0 : given[receiver.giver]);
      if (received[v] >= turns || received[v] >= receiver.need) continue;
      const EligibleRows::Row row = rows.At(v);
      for (size_t i = 0; i < row.givers.size(); ++i) {
        const int32_t u = row.givers[i];
        if (given[u] >= instance.givers[u].capacity) continue;
        if (std::find(taken.begin(), taken.end(), PoolPair{u, v}) != taken.end()) continue;
        const uint64_t ticket = Ticket(instance.givers[u].lottery, receiver.lottery, instance.objective.ticket_bits());
        const Wide worth =
            instance.objective.PairWorth(row.scores[i], ticket) + (received[v] == 0 ? receiver.worth : Wide{0});
        if (worth > best) std::tie(best, pair) = std::make_pair(worth, PoolPair{u, v});
      }
    }
    if (pair.giver == kNobody) return taken;
    taken.push_back(pair);
    ++given[pair.giver];
    ++received[pair.receiver];
  }
}

TEST(Greedy, TakesTheBestRemainingPairEachTime) {
  const Settings settings = TownSettings();
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const Pool pool = MakeTownPool({.people = 90, .cities = 1, .remote_percent = 50}, Seed{seed});
    const Instance instance = *MakeInstance(pool, settings, Seed{seed});
    const Progress none;
    Meter meter(none);
    EligibleRows rows(instance);
    ASSERT_TRUE(rows.Build(meter).ok());
    ASSERT_EQ(*ClearGreedily(instance, rows, meter), SlowGreedy(instance, rows)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace turnabout
