#include "clients/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_split.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

std::string Printed(const Table& table, int columns = kPageColumns) {
  std::ostringstream out;
  table.Print(out, columns);
  return out.str();
}

TEST(Table, LinesUpByWhatIsSeen) {
  Table table({{"member"}, {"balance", Align::kRight}});
  table.AddRow({"Siân", "1:30"});
  table.AddRow({"Gwenllian", "-12:00"});
  EXPECT_EQ(Printed(table),
            "member     balance\n"
            "Siân          1:30\n"
            "Gwenllian   -12:00\n");
}

TEST(Table, LeavesOutAColumnWithNothingInIt) {
  Table table({{"a"}, {"empty"}, {"c"}});
  table.AddRow({"1", "", "3"});
  EXPECT_EQ(Printed(table), "a  c\n1  3\n");
}

TEST(Table, FitsThePageButNeverCutsAnId) {
  Table table({{"id", Align::kLeft, true}, {"words"}});
  table.AddRow({"01jd3v9k6t0000000000000000", std::string(200, 'x')});
  for (absl::string_view line : absl::StrSplit(Printed(table, 60), '\n')) EXPECT_LE(DisplayWidth(line), 60) << line;
  EXPECT_NE(Printed(table, 60).find("01jd3v9k6t0000000000000000"), std::string::npos);
  EXPECT_NE(Printed(table, 60).find("…"), std::string::npos);
}

TEST(Table, ShowsNoControlCharacters) {
  Table table({{"name"}});
  table.AddRow({"x\x1B[2Jy\nz"});
  EXPECT_EQ(Printed(table), "name\nx [2Jy z\n");
}

}  // namespace
}  // namespace turnabout::cli
