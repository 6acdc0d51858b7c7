#include "clients/cli/dates.h"

#include <gtest/gtest.h>

namespace turnabout::cli {
namespace {

constexpr absl::CivilDay kToday(2026, 8, 6);

TEST(Dates, ReadsDatesAsPeopleWriteThem) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-08-06", "2026-08-06"},    {"6/8/2026", "2026-08-06"},   {"06/08/2026", "2026-08-06"},
      {"6 August 2026", "2026-08-06"}, {"6 aug 2026", "2026-08-06"}, {" today ", "2026-08-06"},
      {"today+90", "2026-11-04"},      {"today-6", "2026-07-31"},    {"TODAY + 1", ""},
      {"today+ 1", "2026-08-07"},      {"yesterday", "2026-08-05"},  {"tomorrow", "2026-08-07"},
      {"29/02/2028", "2028-02-29"},    {"today+0", "2026-08-06"},
  };
  for (const auto& [text, expected] : cases) {
    const absl::StatusOr<absl::CivilDay> day = ParseDate(text, kToday);
    EXPECT_EQ(day.ok() ? IsoDate(*day) : "", expected) << text;
  }
}

TEST(Dates, RefusesWhatIsNoDay) {
  for (const char* text : {"", "soon", "2026-02-30", "2026-13-01", "31/04/2026", "8/6/26", "2026-8", "today+",
                           "today*2", "today+999999", "1 Foo 2026", "0000-01-01", "2026-08-06T00:00"}) {
    const absl::StatusOr<absl::CivilDay> day = ParseDate(text, kToday);
    EXPECT_FALSE(day.ok()) << text;
    EXPECT_EQ(day.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Dates, WritesThemForPeople) {
  EXPECT_EQ(LongDate(kToday), "6 August 2026");
  EXPECT_EQ(LongDate("2026-12-25"), "25 December 2026");
  EXPECT_EQ(LongDate(""), "");
  EXPECT_EQ(LongDate("not a date"), "not a date");
}

}  // namespace
}  // namespace turnabout::cli
