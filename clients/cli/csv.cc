#include "clients/cli/csv.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status At(int line, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("Line ", line, ": ", problem));
}

// The separator that the first line uses most; a comma when it uses none.
char GuessSeparator(absl::string_view text) {
  int commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    commas += c == ',';
    semicolons += c == ';';
    tabs += c == '\t';
  }
  if (semicolons > commas && semicolons >= tabs) return ';';
  return tabs > commas ? '\t' : ',';
}

class Reader {
 public:
  Reader(absl::string_view text, char separator) : text_(text), separator_(separator) {}

  bool AtEnd() const { return at_ >= text_.size(); }

  // One row, from its first cell to its line end.
  absl::StatusOr<CsvRow> ReadRow() {
    CsvRow row;
    row.line = line_;
    for (;;) {
      absl::StatusOr<std::string> cell = ReadCell();
      if (!cell.ok()) return cell.status();
      if (cell->size() > kCsvCellBytesMax) return At(row.line, "a cell is longer than 1 MiB.");
      row.cells.push_back(*std::move(cell));
      if (row.cells.size() > kCsvColumnsMax)
        return At(row.line, absl::StrCat("more than ", kCsvColumnsMax, " columns."));
      if (AtEnd()) return row;
      if (text_[at_] == separator_) {
        ++at_;
        continue;
      }
      SkipLineEnd();
      return row;
    }
  }

 private:
  absl::StatusOr<std::string> ReadCell() { return !AtEnd() && text_[at_] == '"' ? ReadQuoted() : ReadPlain(); }

  std::string ReadPlain() {
    const size_t start = at_;
    while (!AtEnd() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  absl::StatusOr<std::string> ReadQuoted() {
    const int opened = line_;
    std::string cell;
    for (++at_; !AtEnd(); ++at_) {
      const char c = text_[at_];
      if (c != '"') {
        line_ += c == '\n' || (c == '\r' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '\n'));
        cell += c;
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += text_[++at_];
      } else {
        ++at_;
        if (AtEnd() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r') return cell;
        return At(line_, "there is text after a closing quote. Inside quotes, write a quote twice.");
      }
    }
    return At(opened, "a quote is opened here and never closed.");
  }

  void SkipLineEnd() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  absl::string_view text_;
  const char separator_;
  size_t at_ = 0;
  int line_ = 1;
};

bool IsBlank(const CsvRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const std::string& cell) { return absl::StripAsciiWhitespace(cell).empty(); });
}

// True for a cell that a spreadsheet would run, also when it is guarded already.
bool LooksLikeFormula(absl::string_view cell) {
  while (absl::ConsumePrefix(&cell, "'")) continue;
  return !cell.empty() && absl::string_view("=+-@").find(cell[0]) != absl::string_view::npos;
}

}  // namespace

absl::StatusOr<CsvTable> ParseCsv(absl::string_view text) {
  if (text.size() > kCsvBytesMax) return absl::InvalidArgumentError("The file is larger than 1 GiB.");
  absl::ConsumePrefix(&text, kByteOrderMark);
  const size_t bad = FirstBadUtf8(text);
  if (bad != absl::string_view::npos) {
    const int line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + bad, '\n'));
    return At(line, "the text is not UTF-8. In the spreadsheet, save it as \"CSV UTF-8\".");
  }
  CsvTable table;
  table.separator = GuessSeparator(text);
  Reader reader(text, table.separator);
  while (!reader.AtEnd()) {
    absl::StatusOr<CsvRow> row = reader.ReadRow();
    if (!row.ok()) return row.status();
    if (IsBlank(*row)) continue;
    if (table.header.cells.empty()) {
      table.header = *std::move(row);
      for (std::string& cell : table.header.cells) absl::StripAsciiWhitespace(&cell);
    } else {
      table.rows.push_back(*std::move(row));
    }
  }
  if (table.header.cells.empty()) return At(1, "the file is empty. The first line names the columns.");
  return table;
}

std::string FormatCsvRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    const std::string cell = LooksLikeFormula(cells[i]) ? absl::StrCat("'", cells[i]) : cells[i];
    const bool plain = cell.find_first_of("\",;\t\r\n") == std::string::npos && !absl::StartsWith(cell, " ") &&
                       !absl::EndsWith(cell, " ");
    absl::StrAppend(&line, plain ? cell : absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\""));
  }
  return absl::StrCat(line, "\n");
}

std::string PlainCell(absl::string_view cell) {
  if (absl::StartsWith(cell, "'") && LooksLikeFormula(cell)) cell.remove_prefix(1);
  return std::string(cell);
}

std::string ColumnLetter(size_t index) {
  std::string letters;
  for (size_t n = index + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters;
}

}  // namespace turnabout::cli
