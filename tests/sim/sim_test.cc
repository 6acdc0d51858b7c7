// Simulated worlds, one for each seed, until so many steps were taken. A seed that fails is run again by itself:
//
//   TURNABOUT_SEED=74 build/dev/tests/sim_test --gtest_filter=Simulation.AgreesWithTheModelWhateverHappens
#include <errno.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"
#include "tests/sim/world.h"
#include "tests/support/seed.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout::sim {
namespace {

constexpr uint64_t kAllSteps = 1'000'000'000;

// How to run the world again that runs now, also for when a check of the project's own stops the process.
std::string* const rerun = new std::string();
void SayHowToRerun(int) { (void)!write(STDERR_FILENO, rerun->data(), rerun->size()); }

class Simulation : public testing::Test {
 protected:
  Simulation() {
    // The worlds make the mistakes on purpose that the log is about.
    SetLogSeverity(static_cast<Severity>(static_cast<int>(Severity::kError) + 1));
    std::signal(SIGABRT, SayHowToRerun);
  }
  ~Simulation() override {
    SetLogSeverity(Severity::kInfo);
    std::signal(SIGABRT, SIG_DFL);
  }
};

// Runs the world of a seed to its end.
void RunWorld(Seed seed, std::map<std::string, uint64_t>& seen, uint64_t& steps) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  *rerun = absl::StrCat("run it alone: TURNABOUT_SEED=", seed.value, " ", program_invocation_name,
                        " --gtest_filter=", test.test_suite_name(), ".", test.name(), "\n");
  World world(seed, {});
  const bool is_good = world.Run(kAllSteps);
  steps += world.steps();
  for (const auto& [what, count] : world.seen()) seen[what] += count;
  if (is_good) return;
  ADD_FAILURE() << "seed " << seed.value << ", " << world.problem() << "\n"
                << *rerun << "the last steps were\n  " << absl::StrJoin(world.LastSteps(), "\n  ");
}

TEST_F(Simulation, AgreesWithTheModelWhateverHappens) {
  std::map<std::string, uint64_t> seen;
  uint64_t steps = 0;
  if (HasTestSeed()) return RunWorld(TestSeed(0), seen, steps);
  const uint64_t most = IsFullRun() ? 20'000'000 : 1'500'000;
  uint64_t seed = 0;
  while (steps < most && !HasFailure()) RunWorld(Seed{++seed}, seen, steps);
  std::printf("%llu steps in %llu worlds\n", static_cast<unsigned long long>(steps),
              static_cast<unsigned long long>(seed));
  // Everything was met often, so that nothing is agreed on for want of trying.
  for (const char* what : {"",
                           "INTERNAL",
                           "ACCOUNT_NOT_FOUND",
                           "SAME_ACCOUNT",
                           "AMOUNT_NOT_POSITIVE",
                           "AMOUNT_OVER_LIMIT",
                           "ENTRY_NOT_FOUND",
                           "NOT_REVERSIBLE",
                           "ALREADY_REVERSED",
                           "HOLD_ALREADY_RESOLVED",
                           "HOLD_LINKED",
                           "PART_OVER_HOLD",
                           "CREDIT_LIMIT_REACHED",
                           "PLEDGE_NEEDED",
                           "TURN_NEEDED",
                           "CEILING_REACHED",
                           "ETAG_MISMATCH",
                           "REQUEST_ID_REUSED",
                           "repeated",
                           "expiry",
                           "disk full",
                           "write kept",
                           "write lost",
                           "write torn",
                           "write flipped",
                           "write misdirected",
                           "damage found on opening",
                           "damage found by a replay",
                           "cut",
                           "shelf full",
                           "shelf damaged",
                           "shelf unreadable",
                           "stopped",
                           "bulk written",
                           "asked again",
                           "opened",
                           "opened in a store",
                           "replayed"}) {
    EXPECT_GE(seen[what], 50) << what;
  }
}

TEST_F(Simulation, ASeedIsTheSameWorldAgain) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    World one(Seed{seed}, {});
    World other(Seed{seed}, {});
    ASSERT_TRUE(one.Run(kAllSteps)) << one.problem();
    ASSERT_TRUE(other.Run(kAllSteps)) << other.problem();
    EXPECT_EQ(one.seen(), other.seen());
    EXPECT_EQ(one.disk().noted(), other.disk().noted());
  }
}

TEST_F(Simulation, ItsHistoriesOpenInAStoreWithAShelfInAFolder) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    World world(Seed{seed}, {});
    ASSERT_TRUE(world.Run(kAllSteps)) << world.problem();
    const TemporaryFolder folder(FastPlace());
    const ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
    for (int times = 0; times < 2; ++times) {
      Disk disk = world.disk();
      auto journal = OpenJournal(disk);
      ASSERT_TRUE(IsOk(journal));
      auto shelf = Shelf::Open(folder.path() + "/shelf");
      ASSERT_TRUE(IsOk(shelf));
      Book book;
      const auto store = Store::Open(*std::move(journal), clock, {&book},
                                     {.shelf = *std::move(shelf), .cut_records = 1 + 100 * seed, .cut_every = {}});
      ASSERT_TRUE(IsOk(store));
      EXPECT_EQ((*store)->head(), world.disk().noted());
      EXPECT_TRUE(IsOk((*store)->Verify()));
    }
  }
}

// The simulator itself: what is wrong on purpose is noticed, and soon.
class Simulator : public Simulation {
 protected:
  // What is noticed of a plant; "" when nothing is.
  static std::string Noticed(const Plant& plant) {
    uint64_t steps = 0;
    for (uint64_t seed = 1; steps < 40'000; ++seed) {
      World world(Seed{seed}, plant);
      if (!world.Run(kAllSteps)) return world.problem();
      steps += world.steps();
    }
    return "";
  }
};

TEST_F(Simulator, NoticesAJournalThatAcknowledgesTooEarly) {
  EXPECT_NE(Noticed({.journal = JournalFault::kAcknowledgesEarly}), "");
}

TEST_F(Simulator, NoticesAJournalThatTakesDamageForItsEnd) {
  EXPECT_NE(Noticed({.journal = JournalFault::kEndsAtDamage}), "");
}

TEST_F(Simulator, NoticesAShelfThatTearsWhatIsPut) { EXPECT_NE(Noticed({.shelf = ShelfFault::kTearsPuts}), ""); }

TEST_F(Simulator, NoticesAShelfThatLosesWhatIsPut) { EXPECT_NE(Noticed({.shelf = ShelfFault::kLosesPuts}), ""); }

TEST_F(Simulator, NoticesAShelfThatGivesBackSomethingElse) {
  EXPECT_NE(Noticed({.shelf = ShelfFault::kFlipsRows}), "");
}

TEST_F(Simulator, NoticesABookThatMissesARecord) { EXPECT_NE(Noticed({.book = BookFault::kDropsRecord}), ""); }

TEST_F(Simulator, NoticesABookThatKeepsWhatWasRefused) { EXPECT_NE(Noticed({.book = BookFault::kKeepsRefused}), ""); }

TEST_F(Simulator, NoticesAModelThatForgetsARule) {
  for (const char* rule :
       {"HOLDS", "INTERNAL", "ACCOUNT_NOT_FOUND", "SAME_ACCOUNT", "AMOUNT_NOT_POSITIVE", "AMOUNT_OVER_LIMIT",
        "ENTRY_NOT_FOUND", "NOT_REVERSIBLE", "ALREADY_REVERSED", "HOLD_ALREADY_RESOLVED", "HOLD_LINKED",
        "PART_OVER_HOLD", "CREDIT_LIMIT_REACHED", "PLEDGE_NEEDED", "TURN_NEEDED", "CEILING_REACHED"}) {
    EXPECT_NE(Noticed({.model_forgets = rule}), "") << rule;
  }
}

}  // namespace
}  // namespace turnabout::sim
