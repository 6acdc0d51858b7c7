#include "base/id.h"

#include <gtest/gtest.h>

#include <set>

namespace turnabout {
namespace {

TEST(Id, TextParsesBackToItself) {
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  IdSource ids(clock, Seed{7});
  for (int i = 0; i < 1000; ++i) {
    const MemberId id = ids.Next<MemberId>();
    EXPECT_EQ(id.ToString().size(), 26u);
    EXPECT_EQ(*MemberId::Parse(id.ToString()), id);
  }
}

TEST(Id, RefusesEveryOtherText) {
  for (const char* text : {"", "x", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0123456789ABCDEFGHJKMNPQRS",
                           "0123456789abcdefghijkmnpqr", "01234567890123456789012345 "}) {
    EXPECT_FALSE(MemberId::Parse(text).ok()) << text;
  }
}

TEST(IdSource, NeverRepeatsAndNeverGoesBackEvenWhenTheClockDoes) {
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  IdSource ids(clock, Seed{11});
  EntryId last;
  for (int i = 0; i < 20'000; ++i) {
    if (i % 1000 == 0) clock.Advance(absl::Milliseconds(i % 3000 == 0 ? -5000 : 3));
    const EntryId next = ids.Next<EntryId>();
    EXPECT_LT(last, next);
    EXPECT_LT(last.ToString(), next.ToString());
    last = next;
  }
}

TEST(IdSource, GoesOnAfterWhatAnotherLifeOfItMade) {
  ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  IdSource before(clock, Seed{11});
  const EntryId early = before.Next<EntryId>();
  clock.Advance(absl::Hours(1));
  const EntryId late = before.Next<EntryId>();
  clock.Advance(-absl::Hours(1));
  for (const EntryId& start : {early, late, EntryId({0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0x7f, 0xff})}) {
    IdSource after(clock, Seed{11});
    after.GoOnAfter(start.bytes());
    EntryId last = start;
    for (int i = 0; i < 1'000; ++i) {
      const EntryId next = after.Next<EntryId>();
      ASSERT_LT(last, next);
      last = next;
    }
    after.GoOnAfter(early.bytes());  // which it is long past
    EXPECT_LT(last, after.Next<EntryId>());
  }
}

}  // namespace
}  // namespace turnabout
