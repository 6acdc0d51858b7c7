#include "matcher/clear/live.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "matcher/clear/verify.h"
#include "tests/support/problems.h"
#include "tests/support/seed.h"

namespace turnabout::clear {
namespace {

// Makes one change of any kind, or a few.
template <typename Weight>
class Changer {
 public:
  Changer(Live<Weight>& live, const RandomShape& shape, Seed seed) : live_(live), shape_(shape), random_(seed) {
    for (int32_t i = 0; i < live.members(); ++i) next_id_ = std::max(next_id_, (live.id(i) | 7) + 1);
  }

  void Change() {
    const uint64_t lot = random_.Below(100);
    if (lot < 35) {
      const auto [giver, receiver] = AnyPair();
      if (giver != receiver) {
        const Weight weight = static_cast<Weight>(random_.Between(shape_.weight_least, shape_.weight_most));
        EXPECT_TRUE(live_.SetEdge(giver, receiver, weight).ok());
      }
    } else if (lot < 60) {
      const auto [giver, receiver] = ChosenPair();
      if (giver != receiver) live_.RemoveEdge(giver, receiver);
    } else if (lot < 90) {
      EXPECT_TRUE(live_.SetMember(AnyMember(), AnyTerms()).ok());
    } else if (lot < 96 || live_.members() < 3) {
      // Ids come in no order.
      const int32_t position = live_.members();
      EXPECT_EQ(*live_.AddMember(next_id_ ^ 5, AnyTerms()), position);
      next_id_ += 8;
    } else {
      live_.RemoveMember(AnyMember());
    }
  }

 private:
  int32_t AnyMember() { return static_cast<int32_t>(random_.Below(live_.members())); }
  std::pair<int32_t, int32_t> AnyPair() {
    const int32_t giver = AnyMember();
    if (shape_.reach == 0) return {giver, AnyMember()};
    const int64_t receiver = giver + random_.Between(-shape_.reach, shape_.reach);
    return {giver, static_cast<int32_t>(std::clamp<int64_t>(receiver, 0, live_.members() - 1))};
  }
  std::pair<int32_t, int32_t> ChosenPair() {
    const int32_t receiver = AnyMember();
    const std::vector<int32_t> givers = live_.GiversOf(receiver);
    return givers.empty() ? AnyPair() : std::pair(givers[random_.Below(givers.size())], receiver);
  }
  Terms AnyTerms() {
    return {static_cast<int32_t>(random_.Between(0, shape_.capacity_most)),
            static_cast<int32_t>(random_.Between(0, shape_.need_most)),
            random_.OneIn(1, 2) ? 0 : static_cast<int32_t>(random_.Between(0, shape_.allowance_most)),
            random_.OneIn(1, 2) ? 0 : random_.Between(0, shape_.bonus_most)};
  }

  Live<Weight>& live_;
  const RandomShape shape_;
  Random random_;
  int64_t next_id_ = 8;
};

template <typename Weight>
void ExpectAsIfSolvedAnew(const Live<Weight>& live) {
  const Problem problem = live.ProblemNow();
  const Answer warm = live.AnswerNow();
  const Answer cold = *Solve(problem, {});
  ASSERT_EQ(warm.choices, cold.choices);
  EXPECT_TRUE(warm.weight == cold.weight && live.weight() == cold.weight);
  EXPECT_EQ(warm.served, cold.served);
  EXPECT_EQ(live.served(), cold.served);
  Wide bonus = 0;
  std::set<int32_t> served;
  for (const Choice& choice : warm.choices) {
    if (served.insert(choice.receiver).second) bonus += problem.bonus[choice.receiver];
  }
  EXPECT_TRUE(live.bonus() == bonus);
  EXPECT_EQ(Verify(problem, warm), absl::OkStatus());
}

template <typename Weight>
void ChangeAndCompare(const RandomShape& shape, int changes, int compare_each, Seed seed) {
  for (const Objective objective : {Objective::kWeight, Objective::kPeopleFirst}) {
    Problem problem = MakeRandomProblem(shape, seed);
    problem.objective = objective;
    Live<Weight> live = *Live<Weight>::Make(problem, {});
    Changer<Weight> changer(live, shape, seed);
    for (int i = 0; i < changes && !testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE(i);
      changer.Change();
      if (i % 5 == 4) changer.Change();
      ASSERT_TRUE(live.Balance({}));
      if (i % compare_each == 0) ExpectAsIfSolvedAnew(live);
    }
  }
}

TEST(Live, IsAsIfSolvedAnewAfterEveryChange) {
  const Seed seed = TestSeed(1);
  SCOPED_TRACE(RerunWith(seed));
  for (int i = 0; i < (IsFullRun() ? 200 : 12); ++i) {
    RandomShape shape{.members = 7, .edges = 18, .capacity_most = 3, .need_most = 3, .allowance_most = 2};
    if (i % 2 == 1) shape.weight_most = 3;
    ChangeAndCompare<int32_t>(shape, 120, 1, Seed{Mix(seed.value, i)});
  }
}

TEST(Live, IsAsIfSolvedAnewAmongHundreds) {
  const Seed seed = TestSeed(2);
  SCOPED_TRACE(RerunWith(seed));
  const RandomShape shape{.members = 400,
                          .edges = 3'200,
                          .capacity_most = 3,
                          .need_most = 3,
                          .allowance_most = 2,
                          .bonus_most = 30,
                          .weight_least = -20,
                          .weight_most = 100,
                          .reach = 12};
  for (int i = 0; i < (IsFullRun() ? 20 : 2); ++i) {
    ChangeAndCompare<int32_t>(shape, 400, 8, Seed{Mix(seed.value, i)});
    ChangeAndCompare<int64_t>(shape, 100, 8, Seed{Mix(seed.value, 100 + i)});
  }
}

TEST(Live, GrowsFromNothingAndMakesWorthsAnewOnTheWay) {
  const Seed seed = TestSeed(3);
  SCOPED_TRACE(RerunWith(seed));
  for (const Objective objective : {Objective::kWeight, Objective::kPeopleFirst}) {
    Problem nothing = MakeMembers(0);
    nothing.objective = objective;
    Live<int64_t> live = *Live<int64_t>::Make(nothing, {});
    Random random(seed);
    int64_t weight_most = 3;
    for (int32_t i = 0; i < 120; ++i) {
      const int32_t allowance = random.OneIn(1, 2) ? 0 : 1;
      ASSERT_TRUE(live.AddMember(1'000 - i, {2, 2, allowance, random.Between(0, weight_most)}).ok());
      for (int k = 0; k < 5 && i > 0; ++k) {
        const int32_t other = static_cast<int32_t>(random.Below(i));
        const int64_t weight = random.Between(-weight_most / 2, weight_most);
        ASSERT_TRUE((random.OneIn(1, 2) ? live.SetEdge(other, i, weight) : live.SetEdge(i, other, weight)).ok());
      }
      ASSERT_TRUE(live.Balance({}));
      if (i % 10 == 9) ExpectAsIfSolvedAnew(live);
      weight_most += weight_most / 6 + 1;
    }
  }
}

TEST(Live, SaysWhatMoved) {
  const Seed seed = TestSeed(4);
  SCOPED_TRACE(RerunWith(seed));
  const RandomShape shape{.members = 60, .edges = 400, .reach = 8};
  Live<int32_t> live = *Live<int32_t>::Make(MakeRandomProblem(shape, seed), {});
  const auto chosen = [&] {
    std::set<std::pair<int32_t, int32_t>> pairs;
    for (int32_t v = 0; v < live.members(); ++v) {
      for (const int32_t u : live.GiversOf(v)) pairs.emplace(u, v);
    }
    return pairs;
  };
  std::set<std::pair<int32_t, int32_t>> pairs = chosen();
  Changer<int32_t> changer(live, shape, seed);
  int moved = 0;
  for (int i = 0; i < 300; ++i) {
    for (int k = 0; k <= i % 3; ++k) changer.Change();
    ASSERT_TRUE(live.Balance({}));
    for (const Move<int32_t>& move : live.moves()) {
      ++moved;
      move.used ? void(pairs.emplace(move.giver, move.receiver)) : void(pairs.erase({move.giver, move.receiver}));
    }
    ASSERT_EQ(pairs, chosen());
  }
  EXPECT_GT(moved, 100);
}

TEST(Live, RefusesWhatIsMoreThanItHoldsAndGoesOn) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  Problem problem = MakeMembers(2'000);
  problem.objective = Objective::kPeopleFirst;
  Live<int64_t> live = *Live<int64_t>::Make(problem, {});
  bool refused = false;
  for (int32_t i = 0; i + 1 < live.members() && !refused; ++i) {
    refused = !live.SetMember(i, {1, 1'000'000, 1'000'000, kMost}).ok();
    for (int32_t k = 0; k < live.members() && !refused; ++k) {
      if (k != i) refused = !live.SetEdge(k, i, kMost).ok();
    }
  }
  EXPECT_TRUE(refused);
  ASSERT_TRUE(live.Balance({}));
  EXPECT_EQ(Verify(live.ProblemNow(), live.AnswerNow()), absl::OkStatus());
}

// What a coordinator asks for costs something or nothing, and asking for more does not cost less.
TEST(Pins, NeverMakeTheRestBetter) {
  const Seed seed = TestSeed(5);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  int impossible = 0;
  for (int i = 0; i < (IsFullRun() ? 2'000 : 200); ++i) {
    SCOPED_TRACE(i);
    Problem problem = MakeRandomProblem({.members = 20, .edges = 90, .bonus_most = 0}, Seed{random.Next()});
    if (i % 2 == 1) problem.objective = Objective::kPeopleFirst;
    const auto value = [&](const Answer& answer) {
      return std::pair(problem.objective == Objective::kPeopleFirst ? answer.served : 0, answer.weight);
    };
    Answer last = *Solve(problem, {});
    problem.pinned.assign(problem.giver.size(), 0);
    for (int k = 0; k < 3; ++k) {
      const size_t edge = random.Below(problem.giver.size());
      problem.pinned[edge] = 1;
      const absl::StatusOr<Answer> answer = Solve(problem, {});
      if (!answer.ok()) {
        ++impossible;
        problem.pinned[edge] = 0;
        continue;
      }
      EXPECT_EQ(Verify(problem, *answer), absl::OkStatus());
      EXPECT_LE(value(*answer), value(last));
      last = *answer;
    }
  }
  EXPECT_GT(impossible, 0);
}

TEST(Forbidding, OfWhatIsNotChosenChangesNothingAndOfWhatIsCosts) {
  const Seed seed = TestSeed(6);
  SCOPED_TRACE(RerunWith(seed));
  const Problem problem = MakeRandomProblem({.members = 60, .edges = 400, .weight_least = 1, .reach = 10}, seed);
  Live<int32_t> live = *Live<int32_t>::Make(problem, {});
  Wide worth = live.weight() + live.bonus();
  for (int32_t v = 0; v < problem.members(); ++v) {
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      const std::vector<int32_t> givers = live.GiversOf(v);
      const bool chosen = std::count(givers.begin(), givers.end(), problem.giver[e]) > 0;
      live.RemoveEdge(problem.giver[e], v);
      ASSERT_TRUE(live.Balance({}));
      EXPECT_EQ(live.moves().empty(), !chosen);
      EXPECT_TRUE(live.weight() + live.bonus() <= worth);
      worth = live.weight() + live.bonus();
    }
  }
  EXPECT_TRUE(worth == 0);
}

}  // namespace
}  // namespace turnabout::clear
