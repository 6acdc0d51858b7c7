#include "matcher/clear/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/reason.h"
#include "matcher/clear/solve.h"
#include "tests/support/problems.h"
#include "tests/support/seed.h"

namespace turnabout::clear {
namespace {

// The bound that prices set on what any choice is worth, from the formula of verify.h, without its cleverness.
Wide BoundOf(const Problem& problem, const Prices& prices) {
  const Levels levels = *LevelsOf(problem);
  Wide bound = 0;
  for (int32_t v = 0; v < problem.members(); ++v) {
    const Wide brings = prices.receiving[v] - prices.turn[v];
    bound += (prices.giving[v] + prices.turn[v]) * problem.capacity[v] + prices.turn[v] * problem.allowance[v];
    Wide best = 0;
    for (int32_t turns = 1; turns <= problem.need[v]; ++turns) {
      best = std::max(best, levels.MemberWorth(problem.bonus[v]) + brings * turns);
    }
    bound += best;
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      const int32_t u = problem.giver[e];
      const Wide worth = levels.EdgeWorth(problem.weight[e], LotOf(problem.ids[u]), LotOf(problem.ids[v]));
      bound += std::max(Wide{0}, worth - prices.giving[u] - prices.receiving[v]);
    }
  }
  return bound;
}

bool Allowed(const Prices& prices) {
  for (size_t i = 0; i < prices.turn.size(); ++i) {
    if (prices.turn[i] < 0 || prices.giving[i] + prices.turn[i] < 0) return false;
  }
  return true;
}

std::vector<Problem> SomeProblems(Seed seed) {
  std::vector<Problem> problems;
  for (int i = 0; i < 40; ++i) {
    problems.push_back(
        MakeRandomProblem({.members = 12, .edges = 40, .weight_most = i % 2 == 0 ? 3 : 50}, Seed{Mix(seed.value, i)}));
    if (i % 3 == 0) problems.back().objective = Objective::kPeopleFirst;
  }
  return problems;
}

void ExpectRefused(const Problem& problem, const Answer& answer) {
  EXPECT_TRUE(IsRefusedFor(Verify(problem, answer), Reason::kNotProven)) << Verify(problem, answer);
}

TEST(Verify, RefusesEveryOtherChoice) {
  const Seed seed = TestSeed(1);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  for (const Problem& problem : SomeProblems(seed)) {
    const Answer answer = *Solve(problem, {});
    ASSERT_EQ(Verify(problem, answer), absl::OkStatus());
    // One edge more, one less, and one for another.
    for (int32_t v = 0; v < problem.members(); ++v) {
      for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
        const Choice choice{problem.giver[e], v};
        Answer changed = answer;
        const auto at = std::lower_bound(changed.choices.begin(), changed.choices.end(), choice);
        if (at != changed.choices.end() && *at == choice) {
          changed.choices.erase(at);
        } else {
          changed.choices.insert(at, choice);
        }
        ExpectRefused(problem, changed);
        if (changed.choices.size() < answer.choices.size() || answer.choices.empty()) continue;
        changed.choices.erase(changed.choices.begin() + static_cast<ptrdiff_t>(random.Below(changed.choices.size())));
        if (changed.choices != answer.choices) ExpectRefused(problem, changed);
      }
    }
  }
}

// Every choice of a problem whose edges all weigh the same: many are worth as much but for the tickets.
TEST(Verify, RefusesChoicesThatOnlyTheTicketsTellApart) {
  Problem problem = MakeMembers(4);
  problem.capacity = problem.need = problem.allowance = {1, 1, 1, 1};
  SetEdges(problem, {{0, 1, 5}, {0, 2, 5}, {3, 1, 5}, {3, 2, 5}});
  const Answer answer = *Solve(problem, {});
  EXPECT_EQ(Verify(problem, answer), absl::OkStatus());
  Answer other = answer;
  const std::vector<Choice> one = {{0, 1}, {3, 2}};
  const std::vector<Choice> two = {{0, 2}, {3, 1}};
  other.choices = answer.choices == one ? two : one;
  ExpectRefused(problem, other);
}

TEST(Verify, RefusesEveryOtherValue) {
  const Seed seed = TestSeed(2);
  SCOPED_TRACE(RerunWith(seed));
  for (const Problem& problem : SomeProblems(seed)) {
    const Answer answer = *Solve(problem, {});
    Answer changed = answer;
    ++changed.weight;
    ExpectRefused(problem, changed);
    changed = answer;
    --changed.served;
    ExpectRefused(problem, changed);
  }
}

TEST(Verify, RefusesAChangedPriceUnlessTheRestIsStillAProof) {
  const Seed seed = TestSeed(3);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  int refused = 0;
  for (const Problem& problem : SomeProblems(seed)) {
    const Answer answer = *Solve(problem, {});
    const Wide proven = BoundOf(problem, answer.prices);
    for (int32_t i = 0; i < problem.members(); ++i) {
      for (const auto list : {&Prices::receiving, &Prices::turn, &Prices::giving}) {
        for (const Wide by : {Wide{1}, Wide{-1}, Wide{1} << 64, static_cast<Wide>(random.Next()) << 40}) {
          Answer changed = answer;
          (changed.prices.*list)[i] += by;
          const bool proof = Allowed(changed.prices) && BoundOf(problem, changed.prices) == proven;
          EXPECT_EQ(Verify(problem, changed).ok(), proof);
          refused += !proof;
        }
      }
    }
  }
  EXPECT_GT(refused, 1'000);
}

TEST(Verify, RefusesWhatIsOutOfRange) {
  Problem problem = MakeMembers(2);
  problem.capacity = problem.need = problem.allowance = {1, 1};
  SetEdges(problem, {{0, 1, 5}});
  const Answer answer = *Solve(problem, {});
  for (const Choice& choice : {Choice{-1, 1}, Choice{0, 2}, Choice{1, 0}, Choice{0, -5}}) {
    Answer changed = answer;
    changed.choices = {choice};
    ExpectRefused(problem, changed);
  }
  Answer changed = answer;
  changed.choices.push_back(changed.choices[0]);
  ExpectRefused(problem, changed);
  changed = answer;
  changed.prices.turn.pop_back();
  ExpectRefused(problem, changed);
  constexpr Wide kMost = static_cast<Wide>(~static_cast<unsigned __int128>(0) >> 1);
  for (const auto list : {&Prices::receiving, &Prices::turn, &Prices::giving}) {
    for (const Wide price : {kMost, -kMost - 1, kMost / 3, kMost / 8}) {
      changed = answer;
      (changed.prices.*list)[1] = price;
      ExpectRefused(problem, changed);
    }
  }
}

TEST(Verify, RefusesAnAnswerToAnotherProblem) {
  const Seed seed = TestSeed(4);
  SCOPED_TRACE(RerunWith(seed));
  for (Problem problem : SomeProblems(seed)) {
    const Answer answer = *Solve(problem, {});
    if (answer.choices.empty()) continue;
    const Choice choice = answer.choices[0];
    Problem other = problem;
    other.capacity[choice.giver] = 0;
    ExpectRefused(other, answer);
    other = problem;
    other.need[choice.receiver] = 0;
    ExpectRefused(other, answer);
  }
}

}  // namespace
}  // namespace turnabout::clear
