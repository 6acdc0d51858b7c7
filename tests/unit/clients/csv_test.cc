#include "clients/cli/csv.h"

#include <gtest/gtest.h>

namespace turnabout::cli {
namespace {

using Cells = std::vector<std::string>;

CsvTable Parse(absl::string_view text) {
  const absl::StatusOr<CsvTable> table = ParseCsv(text);
  EXPECT_TRUE(table.ok()) << table.status();
  return table.ok() ? *table : CsvTable();
}

TEST(Csv, ReadsRowsWithTheirLines) {
  const CsvTable table = Parse("name,place\nBen,CF10\n\nAna,CF11\n");
  EXPECT_EQ(table.header.cells, (Cells{"name", "place"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"Ben", "CF10"}));
  EXPECT_EQ(table.rows[0].line, 2);
  EXPECT_EQ(table.rows[1].line, 4);
}

TEST(Csv, ReadsQuotesWithSeparatorsQuotesAndLineBreaksInside) {
  const CsvTable table = Parse("name,plan\n\"Roberts, Siân\",\"I said \"\"yes\"\".\nTwice.\"\nBen,x\n");
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"Roberts, Siân", "I said \"yes\".\nTwice."}));
  EXPECT_EQ(table.rows[1].line, 4);
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  const CsvTable table = Parse("\xEF\xBB\xBFname;place\r\n\"a;b\";CF10\r\nBen;CF11");
  EXPECT_EQ(table.separator, ';');
  EXPECT_EQ(table.header.cells, (Cells{"name", "place"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"a;b", "CF10"}));
  EXPECT_EQ(table.rows[1].cells, (Cells{"Ben", "CF11"}));
  EXPECT_EQ(Parse("a\tb\n1\t2\n").rows[0].cells, (Cells{"1", "2"}));
  EXPECT_EQ(Parse("a,b\r1,2\r").rows[0].cells, (Cells{"1", "2"}));
}

TEST(Csv, KeepsEmptyCellsAndShortAndLongRows) {
  const CsvTable table = Parse("a,b,c\n,,\n1,,3\n1\n1,2,3,4\n");
  ASSERT_EQ(table.rows.size(), 3u) << "a row of nothing is a blank line";
  EXPECT_EQ(table.rows[0].cells, (Cells{"1", "", "3"}));
  EXPECT_EQ(table.rows[1].cells, (Cells{"1"}));
  EXPECT_EQ(table.rows[2].cells.size(), 4u);
}

TEST(Csv, SaysOnWhichLineItCannotBeRead) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "Line 1: the file is empty"},
      {"\n\n", "Line 1: the file is empty"},
      {"a,b\n1,\"open\n\n", "Line 2: a quote is opened here and never closed"},
      {"a,b\n1,2\n\"x\"y,2\n", "Line 3: there is text after a closing quote"},
      {"a,b\n1,\xFF\n", "Line 2: the text is not UTF-8"},
  };
  for (const auto& [text, problem] : cases) {
    const absl::StatusOr<CsvTable> table = ParseCsv(text);
    ASSERT_FALSE(table.ok()) << text;
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(table.status().message()).rfind(problem, 0), 0u) << table.status().message();
  }
}

TEST(Csv, WritesWhatItReads) {
  const Cells cells = {"plain", "with, comma", "with \"quotes\"", "two\nlines", " spaces ", "a;b", "", "Siân"};
  const CsvTable table = Parse("a,b,c,d,e,f,g,h\n" + FormatCsvRow(cells));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells, cells);
}

TEST(Csv, GuardsCellsThatASpreadsheetWouldRun) {
  for (const char* cell : {"=1+1", "+44 29 2018 0000", "-5", "@home", "'=1", "''+x"}) {
    const std::string line = FormatCsvRow({cell});
    EXPECT_EQ(line, "'" + std::string(cell) + "\n");
    EXPECT_EQ(PlainCell(line.substr(0, line.size() - 1)), cell);
  }
  EXPECT_EQ(PlainCell("it's"), "it's");
  EXPECT_EQ(PlainCell("'quoted'"), "'quoted'");
}

TEST(Csv, NamesColumnsAsSpreadsheetsDo) {
  EXPECT_EQ(ColumnLetter(0), "A");
  EXPECT_EQ(ColumnLetter(25), "Z");
  EXPECT_EQ(ColumnLetter(26), "AA");
  EXPECT_EQ(ColumnLetter(51), "AZ");
  EXPECT_EQ(ColumnLetter(52), "BA");
}

}  // namespace
}  // namespace turnabout::cli
