#include "matcher/assign/meter.h"

#include <gtest/gtest.h>

#include <vector>

namespace turnabout {
namespace {

TEST(Meter, SharesTheStepsOfAPhase) {
  std::vector<int64_t> steps;
  const Progress progress = [&](int64_t done, int64_t of) {
    EXPECT_EQ(of, kMeterSteps);
    steps.push_back(done);
    return true;
  };
  Meter meter(progress);
  meter.Phase(200);
  EXPECT_TRUE(meter.Ask(1, 2));
  EXPECT_TRUE(meter.Ask(2, 2));
  meter.Phase(1'000);
  EXPECT_TRUE(meter.Ask(1, 4));
  EXPECT_TRUE(meter.Ask(0, 4));  // never back
  EXPECT_TRUE(meter.Finish().ok());
  EXPECT_EQ(steps, (std::vector<int64_t>{100, 200, 400, 400, 1'000}));
}

TEST(Meter, AsksOnceEnoughWorkHasGoneBy) {
  int calls = 0;
  const Progress progress = [&](int64_t, int64_t) { return ++calls > 0; };
  Meter meter(progress);
  meter.Phase(1'000);
  for (int i = 0; i < 640; ++i) EXPECT_TRUE(meter.Tick(i, 640));
  EXPECT_EQ(calls, 10);
  EXPECT_TRUE(meter.Tick(1, 2, 1'000));
  EXPECT_EQ(calls, 11);
}

TEST(Meter, StaysCancelledAndAsksNoMore) {
  int calls = 0;
  const Progress progress = [&](int64_t, int64_t) { return ++calls < 2; };
  Meter meter(progress);
  EXPECT_TRUE(meter.Report().ok());
  EXPECT_FALSE(meter.Ask(0, 1));
  EXPECT_FALSE(meter.Tick(0, 1, 1'000));
  EXPECT_EQ(meter.Report().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(meter.Finish().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(calls, 2);
}

TEST(Meter, NeedsNobodyToTell) {
  const Progress none;
  Meter meter(none);
  EXPECT_TRUE(meter.Ask(1, 0));
  EXPECT_TRUE(meter.Finish().ok());
}

}  // namespace
}  // namespace turnabout
