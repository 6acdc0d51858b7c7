#include "matcher/clear/solve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/reason.h"
#include "matcher/clear/balance.h"
#include "matcher/clear/levels.h"
#include "matcher/clear/locality.h"
#include "matcher/clear/network.h"
#include "matcher/clear/repair.h"
#include "matcher/clear/verify.h"
#include "tests/support/brute_force.h"
#include "tests/support/problems.h"
#include "tests/support/seed.h"

namespace turnabout::clear {
namespace {

void ExpectBest(const Problem& problem) {
  const absl::StatusOr<Answer> answer = Solve(problem, {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const BruteForceAnswer best = SolveByBruteForce(problem, LevelsOf(problem)->ticket_bits);
  EXPECT_EQ(answer->choices, best.choices);
  EXPECT_TRUE(answer->weight == best.weight);
  EXPECT_EQ(answer->served, best.served);
  EXPECT_EQ(Verify(problem, *answer), absl::OkStatus());
}

// Thousands of problems of a shape, for both objectives.
void ExpectBestOfMany(const RandomShape& shape, uint64_t otherwise) {
  const Seed seed = TestSeed(otherwise);
  SCOPED_TRACE(RerunWith(seed));
  const int count = IsFullRun() ? 20'000 : 1'000;
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    Problem problem = MakeRandomProblem(shape, Seed{Mix(seed.value, i)});
    ExpectBest(problem);
    problem.objective = Objective::kPeopleFirst;
    ExpectBest(problem);
  }
}

Wide BonusesOf(const Problem& problem, const Answer& answer) {
  std::vector<uint8_t> served(problem.ids.size());
  for (const Choice& choice : answer.choices) served[choice.receiver] = 1;
  Wide bonuses = 0;
  for (size_t i = 0; i < served.size(); ++i) bonuses += served[i] ? problem.bonus[i] : 0;
  return bonuses;
}

TEST(Solve, AgreesWithBruteForce) { ExpectBestOfMany({}, 1); }

TEST(Solve, AgreesWithBruteForceWhereNobodyHasCredit) {
  ExpectBestOfMany({.members = 5, .edges = 12, .allowance_most = 0}, 2);
}

TEST(Solve, AgreesWithBruteForceWhereMostEdgesCost) {
  ExpectBestOfMany({.members = 5, .edges = 11, .allowance_most = 1, .weight_least = -20, .weight_most = 8}, 3);
}

TEST(Solve, AgreesWithBruteForceWhereAllWeighTheSame) {
  ExpectBestOfMany({.members = 5, .edges = 12, .bonus_most = 1, .weight_least = 1, .weight_most = 1}, 4);
}

TEST(Solve, AgreesWithBruteForceWhereSomeTakeManyTurns) {
  ExpectBestOfMany({.members = 4, .edges = 14, .capacity_most = 4, .need_most = 4, .allowance_most = 3}, 5);
}

TEST(Solve, AgreesWithBruteForceAtTheExtremes) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  ExpectBestOfMany({.members = 5,
                    .edges = 10,
                    .capacity_most = std::numeric_limits<int32_t>::max(),
                    .need_most = std::numeric_limits<int32_t>::max(),
                    .allowance_most = 1,
                    .bonus_most = kMost,
                    .weight_least = -kMost / 2,
                    .weight_most = kMost / 2},
                   6);
}

// Towns strung along a road: neighbours are near in the list, and there are enough for two parts.
Problem MakeRoad(Seed seed) {
  return MakeRandomProblem({.members = 12'000,
                            .edges = 120'000,
                            .capacity_most = 3,
                            .need_most = 3,
                            .allowance_most = 2,
                            .bonus_most = 200,
                            .weight_least = -100,
                            .weight_most = 1'000,
                            .reach = 50},
                           seed);
}

TEST(Solve, GivesTheSameBytesWithOneThreadAndTwo) {
  const Seed seed = TestSeed(7);
  SCOPED_TRACE(RerunWith(seed));
  const Problem problem = MakeRoad(seed);
  const Answer one = *Solve(problem, {.threads = 1});
  EXPECT_EQ(Verify(problem, one), absl::OkStatus());
  EXPECT_TRUE(*Solve(problem, {.threads = 2}) == one);
}

// Members in another order are another network, with other parts and other ways; the best choice stays.
TEST(Solve, ChoosesTheSameInWhateverOrderMembersComeInMemory) {
  const Seed seed = TestSeed(8);
  SCOPED_TRACE(RerunWith(seed));
  const Problem problem = MakeRoad(seed);
  const Answer answer = *Solve(problem, {});
  const Levels levels = *LevelsOf(problem);
  std::vector<int32_t> order(problem.ids.size());
  std::iota(order.begin(), order.end(), 0);
  for (const bool shuffled : {false, true}) {
    if (shuffled) {
      Random random(seed);
      for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random.Below(i + 1)]);
    }
    Network<int64_t> network(problem, levels, order, 1);
    Repair<int64_t> repair(network);
    for (int32_t i = 0; i < network.members(); ++i) repair.Settle(i);
    ASSERT_TRUE(repair.Run({}));
    std::vector<Choice> choices;
    for (int32_t v = 0; v < network.members(); ++v) {
      for (int32_t k = 0; k < network.receive[v].used; ++k) {
        choices.push_back({order[network.InArcs(v)[k].member], order[v]});
      }
    }
    std::sort(choices.begin(), choices.end());
    EXPECT_EQ(choices, answer.choices);
  }
}

TEST(Solve, FindsItsWayWhereIdsSayNothingOfWhoIsNear) {
  const Seed seed = TestSeed(9);
  SCOPED_TRACE(RerunWith(seed));
  const Problem road = MakeRoad(seed);
  Random random(seed);
  std::vector<int32_t> to(road.ids.size());
  std::iota(to.begin(), to.end(), 0);
  for (size_t i = to.size() - 1; i > 0; --i) std::swap(to[i], to[random.Below(i + 1)]);
  Problem shuffled = MakeMembers(road.members());
  std::vector<ProblemEdge> edges;
  for (int32_t v = 0; v < road.members(); ++v) {
    shuffled.capacity[to[v]] = road.capacity[v];
    shuffled.need[to[v]] = road.need[v];
    shuffled.allowance[to[v]] = road.allowance[v];
    shuffled.bonus[to[v]] = road.bonus[v];
    for (int64_t e = road.first[v]; e < road.first[v + 1]; ++e) {
      edges.push_back({to[road.giver[e]], to[v], road.weight[e]});
    }
  }
  SetEdges(shuffled, std::move(edges));
  const std::vector<int32_t> order = LocalityOrder(shuffled);
  std::vector<int32_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (int32_t i = 0; i < shuffled.members(); ++i) ASSERT_EQ(sorted[i], i);
  EXPECT_NE(order, sorted);
  const Answer answer = *Solve(shuffled, {.threads = 2});
  EXPECT_EQ(Verify(shuffled, answer), absl::OkStatus());
  // Tickets are of ids, so only what they decide may differ.
  EXPECT_TRUE(answer.weight + BonusesOf(shuffled, answer) == [&] {
    const Answer of_road = *Solve(road, {});
    return of_road.weight + BonusesOf(road, of_road);
  }());
}

TEST(Solve, StopsWhenToldTo) {
  const Problem problem = MakeRoad(Seed{1});
  for (const int threads : {1, 2}) {
    int asked = 0;
    const auto stop_at_second = [&](int64_t done, int64_t of) {
      EXPECT_LE(done, of);
      return ++asked < 2;
    };
    EXPECT_TRUE(IsRefusedFor(Solve(problem, {threads, stop_at_second}).status(), Reason::kCancelled));
    EXPECT_EQ(asked, 2);
  }
}

TEST(Solve, RefusesNumbersThatAddUpToMoreThanItHolds) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  Problem problem = MakeRandomProblem({.members = 30'000,
                                       .edges = 300'000,
                                       .need_most = 20,
                                       .bonus_most = kMost,
                                       .weight_least = kMost,
                                       .weight_most = kMost},
                                      Seed{1});
  EXPECT_EQ(Verify(problem, *Solve(problem, {})), absl::OkStatus());
  problem.objective = Objective::kPeopleFirst;
  EXPECT_TRUE(IsRefusedFor(Solve(problem, {}).status(), Reason::kBadFields));
}

TEST(Solve, IsProvenInPartsWhereGivingIsScarce) {
  const Seed seed = TestSeed(10);
  SCOPED_TRACE(RerunWith(seed));
  Problem road = MakeRoad(seed);
  for (int32_t& need : road.need) need *= 4;
  for (int32_t& allowance : road.allowance) allowance *= 4;
  const Answer one = *Solve(road, {.threads = 1});
  EXPECT_EQ(Verify(road, one), absl::OkStatus());
  EXPECT_TRUE(*Solve(road, {.threads = 2}) == one);
}

// Counts work and not time: each search once went through most of the network, and many times where worths were wide.
TEST(Solve, FindsTheFewGiversSoonWhereAllWeighTheSameAndNobodyIsNear) {
  for (const int64_t weight : {int64_t{1}, std::numeric_limits<int64_t>::max()}) {
    const Problem problem = MakeRandomProblem({.members = 3'000,
                                               .edges = 30'000,
                                               .need_most = 20,
                                               .bonus_most = weight,
                                               .weight_least = weight,
                                               .weight_most = weight},
                                              Seed{1});
    Network<int64_t> network(problem, *LevelsOf(problem), LocalityOrder(problem), 1);
    BalanceCounts counts;
    ASSERT_TRUE(BalanceFromNothing(network, 1, {}, counts));
    EXPECT_LT(counts.visits, 20 * counts.searches);
  }
}

TEST(Solve, TakesProblemsOfNobodyAndOfNothing) {
  for (const int32_t members : {0, 1, 3}) {
    const Problem problem = MakeMembers(members);
    const Answer answer = *Solve(problem, {});
    EXPECT_TRUE(answer.choices.empty());
    EXPECT_EQ(Verify(problem, answer), absl::OkStatus());
  }
}

}  // namespace
}  // namespace turnabout::clear
