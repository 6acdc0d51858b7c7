#include "ledger/rules/limits.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
const AccountKey kMinutesAccount{1, Unit::kMinutes, kPot};
const AccountKey kTurnsAccount{1, Unit::kTurns, kPot};

Account With(int64_t posted, int64_t held_out, int64_t held_in, int64_t floor, int64_t ceiling) {
  Account account;
  account.posted = posted;
  account.held_out = held_out;
  account.held_in = held_in;
  account.limits = {floor, ceiling};
  return account;
}

struct Case {
  const char* what;
  Account account;
  int64_t net;
  const char* answer;  // "" when allowed, else the reason
};

TEST(JudgeLimits, Table) {
  const Case cases[] = {
      {"exactly to the floor", With(0, 0, 0, -600, kNoCeiling), -600, ""},
      {"one past the floor", With(0, 0, 0, -600, kNoCeiling), -601, "CREDIT_LIMIT_REACHED"},
      {"what is held to go out counts", With(0, 500, 0, -600, kNoCeiling), -101, "CREDIT_LIMIT_REACHED"},
      {"to the floor with holds", With(0, 500, 0, -600, kNoCeiling), -100, ""},
      {"what is held to come in is not there to spend", With(0, 0, 500, -600, kNoCeiling), -601,
       "CREDIT_LIMIT_REACHED"},
      {"exactly to the ceiling", With(0, 0, 0, 0, 100), 100, ""},
      {"one past the ceiling", With(0, 0, 0, 0, 100), 101, "CEILING_REACHED"},
      {"what is held to come in counts", With(0, 0, 60, 0, 100), 41, "CEILING_REACHED"},
      {"to the ceiling with holds", With(0, 0, 60, 0, 100), 40, ""},
      {"what is held to go out makes no room", With(100, 50, 0, 0, 100), 1, "CEILING_REACHED"},
      {"credit may reach an account below its floor", With(-900, 0, 0, -600, 0), 1, ""},
      {"but nothing may leave it", With(-900, 0, 0, -600, 0), -1, "CREDIT_LIMIT_REACHED"},
      {"an account above its ceiling may pay", With(900, 0, 0, 0, 600), -1, ""},
      {"but not earn", With(900, 0, 0, 0, 600), 1, "CEILING_REACHED"},
      {"nothing is always allowed", With(-900, 900, 900, 0, 0), 0, ""},
      {"no limits at all", With(0, 0, 0, kNoFloor, kNoCeiling), -(int64_t{1} << 40), ""},
      {"overflow below", With(kLeast + 5, 0, 0, kNoFloor, kNoCeiling), -6, "AMOUNT_OVERFLOW"},
      {"to the very bottom", With(kLeast + 5, 0, 0, kNoFloor, kNoCeiling), -5, ""},
      {"overflow above", With(kMost - 5, 0, 0, kNoFloor, kNoCeiling), 6, "AMOUNT_OVERFLOW"},
      {"to the very top", With(kMost - 5, 0, 0, kNoFloor, kNoCeiling), 5, ""},
      {"overflow by what is held to go out", With(kLeast + 5, 5, 0, kNoFloor, kNoCeiling), -1, "AMOUNT_OVERFLOW"},
      {"overflow by what is held to come in", With(kMost - 5, 0, 5, kNoFloor, kNoCeiling), 1, "AMOUNT_OVERFLOW"},
  };
  for (const Case& each : cases) {
    const absl::Status judged = JudgeLimits(kMinutesAccount, each.account, each.net);
    const std::optional<Refusal> refusal = RefusalOf(judged);
    const absl::string_view answer = refusal.has_value() ? InfoOf(refusal->reason).name : "";
    EXPECT_EQ(answer, each.answer) << each.what;
    EXPECT_EQ(judged.ok(), answer.empty()) << each.what;
  }
}

TEST(JudgeLimits, TurnsHaveReasonsOfTheirOwn) {
  const absl::Status pledge = JudgeLimits(kTurnsAccount, With(0, 0, 0, 0, kNoCeiling), -1);
  EXPECT_TRUE(IsRefused(pledge, Reason::kPledgeNeeded));
  const absl::Status turn = JudgeLimits(kTurnsAccount, With(-1, 0, 0, -1, kNoCeiling), -1);
  EXPECT_TRUE(IsRefused(turn, Reason::kTurnNeeded));
  EXPECT_EQ(FactOf(turn, "limit"), "1");
  EXPECT_EQ(FactOf(turn, "would_be"), "-2");
  EXPECT_TRUE(IsOk(JudgeLimits(kTurnsAccount, With(1, 0, 0, 0, kNoCeiling), -1)));
  EXPECT_TRUE(IsRefused(JudgeLimits(kTurnsAccount, With(1, 1, 0, 0, kNoCeiling), -1), Reason::kPledgeNeeded));
  EXPECT_TRUE(IsRefused(JudgeLimits(kTurnsAccount, With(0, 0, 0, 0, 0), 1), Reason::kCeilingReached));
}

TEST(JudgeLimits, SaysHowFarItWouldHaveGone) {
  const absl::Status judged = JudgeLimits(kMinutesAccount, With(-500, 60, 0, -600, kNoCeiling), -90);
  EXPECT_EQ(FactOf(judged, "would_be"), "-650");
  EXPECT_EQ(FactOf(judged, "limit"), "-600");
  EXPECT_EQ(FactOf(judged, "account"), "pot.minutes");
}

}  // namespace
}  // namespace turnabout
