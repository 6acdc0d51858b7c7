// CSV as people and spreadsheets write it, by RFC 4180: quoted cells, doubled quotes and line breaks inside them; and
// besides, a byte order mark, any line ending, and ';' or a tab between cells, as some spreadsheets have it.
//
//   absl::StatusOr<CsvTable> table = ParseCsv("\xEF\xBB\xBF" "name;place\r\n\"Roberts; Siân\";CF10\r\n");
//   table->header;            // "name", "place"
//   table->rows[0].cells[0];  // "Roberts; Siân"
//   table->rows[0].line;      // 2
#ifndef TURNABOUT_CLIENTS_CLI_CSV_H_
#define TURNABOUT_CLIENTS_CLI_CSV_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout::cli {

inline constexpr size_t kCsvBytesMax = size_t{1} << 30;
inline constexpr size_t kCsvColumnsMax = 256;
inline constexpr size_t kCsvCellBytesMax = size_t{1} << 20;

struct CsvRow {
  int line = 0;  // of the file, from 1, where the row starts
  std::vector<std::string> cells;
};

struct CsvTable {
  char separator = ',';
  CsvRow header;             // trimmed
  std::vector<CsvRow> rows;  // without blank lines; a row may be longer or shorter than the header
};

// Reads a whole file whose first row is a header. INVALID_ARGUMENT, with the line, for a quote that is never closed,
// text after a closing quote, bytes that are not UTF-8, no header at all, or more than the limits above.
absl::StatusOr<CsvTable> ParseCsv(absl::string_view text);

// One line with its line end. Quotes cells that need it. A cell that a spreadsheet would take for a formula (it starts
// with '=', '+', '-' or '@') gets an apostrophe in front, which PlainCell takes away.
std::string FormatCsvRow(const std::vector<std::string>& cells);

// The cell as it was before FormatCsvRow guarded it.
std::string PlainCell(absl::string_view cell);

// What a spreadsheet calls a column: 0 is "A", 25 "Z", 26 "AA".
std::string ColumnLetter(size_t index);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_CSV_H_
