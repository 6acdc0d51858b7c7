#include "store/projection/id_filter.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/seed.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

TEST(IdFilter, IsNeverWrongAboutWhatWasAddedAndSeldomAboutTheRest) {
  const Seed seed = TestSeed(601);
  SCOPED_TRACE(RerunWith(seed));
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  IdSource ids(clock, seed);
  IdFilter filter;
  EXPECT_FALSE(filter.MayHold(ids.Next<EntryId>().bytes()));
  // Enough for three parts, many of the same millisecond.
  std::vector<EntryId> added;
  for (int i = 0; i < 2'000'000; ++i) {
    if (i % 100 == 0) clock.Advance(absl::Milliseconds(1));
    added.push_back(ids.Next<EntryId>());
    filter.Add(added.back().bytes());
  }
  for (const EntryId& id : added) ASSERT_TRUE(filter.MayHold(id.bytes())) << id.ToString();
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) wrong += filter.MayHold(ids.Next<EntryId>().bytes()) ? 1 : 0;
  EXPECT_LT(wrong, 1000);
}

}  // namespace
}  // namespace turnabout
