#include "matcher/clear/solve.h"

#include <gtest/gtest.h>

#include <limits>

#include "matcher/clear/levels.h"
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

}  // namespace
}  // namespace turnabout::clear
