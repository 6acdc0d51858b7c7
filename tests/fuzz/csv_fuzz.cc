// Any bytes are a table or are refused as one; a table that is written again reads the same; and reading its rows as
// members finds words for everything wrong without falling over.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "clients/cli/csv.h"
#include "clients/cli/member_row.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

void WriteAndReadAgain(const CsvTable& table) {
  std::string text = FormatCsvRow(table.header.cells);
  for (const CsvRow& row : table.rows) text += FormatCsvRow(row.cells);
  // The first line decides what separates cells: with one column nothing does.
  if (table.header.cells.size() < 2 || table.header.cells[0].find_first_of("\"") != std::string::npos) return;
  const absl::StatusOr<CsvTable> again = ParseCsv(text);
  TURNABOUT_CHECK(again.ok());
  if (again->separator != ',') return;
  TURNABOUT_CHECK(again->rows.size() == table.rows.size());
  for (size_t i = 0; i < table.rows.size(); ++i) {
    TURNABOUT_CHECK(again->rows[i].cells.size() == table.rows[i].cells.size());
    for (size_t j = 0; j < table.rows[i].cells.size(); ++j) {
      TURNABOUT_CHECK(PlainCell(again->rows[i].cells[j]) == table.rows[i].cells[j]);
    }
  }
}

void ReadAsMembers(const CsvTable& table) {
  Vocabulary vocabulary;
  vocabulary.categories = {"shopping", "phone-calls"};
  vocabulary.languages = {"English", "Welsh"};
  const MemberRows rows = ParseMemberRows(table, vocabulary, absl::CivilDay(2026, 8, 6));
  TURNABOUT_CHECK(rows.rows.size() <= table.rows.size());
  for (const RowProblem& problem : rows.problems) {
    TURNABOUT_CHECK(FirstBadUtf8(ProblemSentence(problem)) == absl::string_view::npos);
  }
  for (const MemberRow& row : rows.rows) {
    CsvTable written;
    written.header.cells = MemberColumns();
    written.rows.push_back({2, FormatMemberRow(row.member)});
    const MemberRows again = ParseMemberRows(written, vocabulary, absl::CivilDay(2026, 8, 6));
    TURNABOUT_CHECK(again.rows.size() == 1);
    TURNABOUT_CHECK(again.rows[0].member.member().reference() == row.member.member().reference());
  }
}

}  // namespace
}  // namespace turnabout::cli

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<turnabout::cli::CsvTable> table = turnabout::cli::ParseCsv(bytes);
  if (!table.ok()) return 0;
  turnabout::cli::WriteAndReadAgain(*table);
  turnabout::cli::ReadAsMembers(*table);
  return 0;
}
