#include "server/jobs/ticker.h"

#include <gtest/gtest.h>

#include <chrono>

#include "absl/time/clock.h"
#include "tests/support/books.h"

namespace turnabout {
namespace {

using Steady = std::chrono::steady_clock;

constexpr absl::Duration kYear = absl::Hours(365 * 24);

TEST(ClockWatch, SeesWhatIsMoreThanTimePassing) {
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  ClockWatch watch(clock.Now());
  EXPECT_EQ(watch.Look(clock.Now()), absl::ZeroDuration());
  clock.Advance(absl::Seconds(50));
  EXPECT_EQ(watch.Look(clock.Now()), absl::ZeroDuration());
  clock.Advance(kYear);
  EXPECT_GT(watch.Look(clock.Now()), kYear - absl::Minutes(1));
  EXPECT_EQ(watch.Look(clock.Now()), absl::ZeroDuration());
  clock.Advance(-kYear);
  EXPECT_LE(watch.Look(clock.Now()), -kYear);
}

class TickerTest : public testing::Test {
 protected:
  EntryState StateOf(const EntryId& hold) const { return books_.Row(hold).current; }

  Books books_;
  const Context context_{*books_.store, *books_.ledger, books_.clock, books_.ids};
  const EntryId hold_ = books_.Held({books_.Help(books_.Member(), books_.Member(), 60)}, absl::Hours(1));
};

TEST_F(TickerTest, BelievesAClockThatJumpedForwardOnlyAfterAWhile) {
  constexpr absl::Duration kDoubt = absl::Milliseconds(300);
  const Ticker ticker(context_, absl::Milliseconds(2), kDoubt);
  const Steady::time_point jumped = Steady::now();
  books_.clock.Advance(kYear);
  while (StateOf(hold_) == EntryState::kHeld) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_GE(absl::FromChrono(Steady::now() - jumped), kDoubt);
  EXPECT_EQ(StateOf(hold_), EntryState::kExpired);
}

TEST_F(TickerTest, LetsLapseAtOnceWhatLapsesByTheClock) {
  const Ticker ticker(context_, absl::Milliseconds(2), absl::InfiniteDuration());
  for (int i = 0; i < 62 * 2 && StateOf(hold_) == EntryState::kHeld; ++i) {
    books_.clock.Advance(absl::Seconds(30));
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(StateOf(hold_), EntryState::kExpired);
}

TEST_F(TickerTest, LetsNothingLapseForAClockThatWentBackAgain) {
  const Ticker ticker(context_, absl::Milliseconds(2), absl::Minutes(1));
  for (int i = 0; i < 20; ++i) {
    books_.clock.Advance(kYear);
    absl::SleepFor(absl::Milliseconds(5));
    books_.clock.Advance(-kYear);
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_EQ(StateOf(hold_), EntryState::kHeld);
}

}  // namespace
}  // namespace turnabout
