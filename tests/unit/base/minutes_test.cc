#include "base/minutes.h"

#include <gtest/gtest.h>

#include "base/reason.h"

namespace turnabout {
namespace {

TEST(ParseMinutes, ReadsWhatPeopleWrite) {
  const std::pair<const char*, int64_t> cases[] = {
      {"90", 90},
      {" 90 ", 90},
      {"1h30", 90},
      {"1h30m", 90},
      {"1H 30M", 90},
      {"1 hour 30", 90},
      {"1:30", 90},
      {"0:05", 5},
      {"1 hour 30 mins", 90},
      {"2 hours", 120},
      {"45 min", 45},
      {"1.5h", 90},
      {"1.5 hours", 90},
      {"0.25h", 15},
      {"0", 0},
      {"1 awr 30 munud", 90},
      {"2 oriau", 120},
      {"1 hour and 5 minutes", 65},
  };
  for (const auto& [text, minutes] : cases) {
    const absl::StatusOr<Minutes> read = ParseMinutes(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read->count(), minutes) << text;
  }
}

TEST(ParseMinutes, RefusesWhatIsNotATime) {
  for (const char* text : {"", " ", "-5", "h", "1.33h", "1h75", "1:", "1:60", "ninety", "90 90", "1h30m5", "1.5",
                           "1..5h", "99999999999999999999", "1h-5", "1.5h30", "9007199254740993", "1:30:00", "90x"}) {
    EXPECT_TRUE(IsRefusedFor(ParseMinutes(text).status(), Reason::kBadDuration)) << text;
  }
}

TEST(FormatMinutes, UsesPlainWords) {
  EXPECT_EQ(FormatMinutes(Minutes(0)), "0 minutes");
  EXPECT_EQ(FormatMinutes(Minutes(1)), "1 minute");
  EXPECT_EQ(FormatMinutes(Minutes(60)), "1 hour");
  EXPECT_EQ(FormatMinutes(Minutes(90)), "1 hour 30 minutes");
  EXPECT_EQ(FormatMinutes(Minutes(-120)), "minus 2 hours");
  EXPECT_EQ(FormatMinutesShort(Minutes(-95)), "-1:35");
  EXPECT_EQ(FormatMinutesShort(Minutes(INT64_MIN)), "-153722867280912930:08");
}

TEST(ParseMinutes, ReadsBackWhatFormatWrites) {
  for (int64_t n = 0; n < 3000; ++n) {
    EXPECT_EQ(ParseMinutes(FormatMinutes(Minutes(n)))->count(), n);
    EXPECT_EQ(ParseMinutes(FormatMinutesShort(Minutes(n)))->count(), n);
  }
}

TEST(CheckedAdd, RefusesToWrap) {
  EXPECT_EQ(*CheckedAdd(2, 3), 5);
  EXPECT_TRUE(IsRefusedFor(CheckedAdd(INT64_MAX, 1).status(), Reason::kAmountOverflow));
}

}  // namespace
}  // namespace turnabout
