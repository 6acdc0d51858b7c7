// LEMON's two best solvers, which share nothing with ours, find choices of the same worth.
#include <gtest/gtest.h>

#include "matcher/clear/solve.h"
#include "matcher/clear/verify.h"
#include "tests/support/lemon_twin.h"
#include "tests/support/problems.h"
#include "tests/support/seed.h"

namespace turnabout::clear {
namespace {

int64_t WorthOf(const Problem& problem, const Answer& answer) {
  int64_t worth = static_cast<int64_t>(answer.weight);
  int32_t last = -1;
  std::vector<int32_t> receivers;
  for (const Choice& choice : answer.choices) receivers.push_back(choice.receiver);
  std::sort(receivers.begin(), receivers.end());
  for (const int32_t v : receivers) {
    if (v != last) worth += problem.bonus[v];
    last = v;
  }
  return worth;
}

void ExpectAgreement(Problem problem) {
  for (const Objective objective : {Objective::kWeight, Objective::kPeopleFirst}) {
    problem.objective = objective;
    const absl::StatusOr<Answer> answer = Solve(problem, {});
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(Verify(problem, *answer), absl::OkStatus());
    for (const LemonSolver solver : {LemonSolver::kCostScaling, LemonSolver::kNetworkSimplex}) {
      const LemonAnswer lemon = SolveByLemon(problem, solver);
      EXPECT_EQ(WorthOf(problem, *answer), lemon.worth);
      if (objective == Objective::kPeopleFirst) {
        EXPECT_EQ(answer->served, lemon.served);
      }
    }
  }
}

TEST(Lemon, AgreesOnRandomProblems) {
  const Seed seed = TestSeed(1);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  const int count = IsFullRun() ? 2'000 : 60;
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    RandomShape shape;
    shape.members = static_cast<int32_t>(random.Between(2, i % 10 == 0 ? 1'500 : 200));
    shape.edges = static_cast<int32_t>(random.Between(1, 20)) * shape.members;
    shape.reach = random.OneIn(1, 2) ? 0 : static_cast<int32_t>(random.Between(1, 40));
    shape.capacity_most = static_cast<int32_t>(random.Between(1, 6));
    shape.need_most = static_cast<int32_t>(random.Between(1, 6));
    shape.allowance_most = static_cast<int32_t>(random.Between(0, 3));
    shape.weight_most = random.OneIn(1, 3) ? 3 : 1'000;
    shape.weight_least = random.OneIn(1, 2) ? 1 : -shape.weight_most / 2;
    shape.bonus_most = random.OneIn(1, 2) ? 0 : 500;
    ExpectAgreement(MakeRandomProblem(shape, Seed{random.Next()}));
  }
}

TEST(Lemon, AgreesOnTransportationProblems) {
  const Seed seed = TestSeed(2);
  SCOPED_TRACE(RerunWith(seed));
  for (int i = 0; i < 10; ++i)
    ExpectAgreement(MakeTransportation(40 + 60 * i, 600 * (i + 1), Seed{Mix(seed.value, i)}));
}

TEST(Lemon, AgreesOnTenThousandMembers) {
  const Seed seed = TestSeed(3);
  SCOPED_TRACE(RerunWith(seed));
  ExpectAgreement(MakeRandomProblem({.members = 10'000,
                                     .edges = 150'000,
                                     .capacity_most = 3,
                                     .need_most = 2,
                                     .allowance_most = 2,
                                     .bonus_most = 0,
                                     .weight_least = 1,
                                     .weight_most = 1'000,
                                     .reach = 60},
                                    seed));
}

}  // namespace
}  // namespace turnabout::clear
