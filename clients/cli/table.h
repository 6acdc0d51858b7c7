// A Table lines things up in columns for a person to read.
//
//   Table table({{"member"}, {"balance", Align::kRight}});
//   table.AddRow({"Siân", "1:30"});
//   table.Print(out);
//
//   member  balance
//   Siân       1:30
#ifndef TURNABOUT_CLIENTS_CLI_TABLE_H_
#define TURNABOUT_CLIENTS_CLI_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

namespace turnabout::cli {

inline constexpr int kPageColumns = 100;

enum class Align { kLeft, kRight };

struct Column {
  std::string heading;
  Align align = Align::kLeft;
  bool whole = false;  // never cut, such as an id that will be typed again
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // A short row is filled up with empty cells. REQUIRES: no more cells than columns.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // Headings, then rows, each at most `columns_max` wide: the widest columns give way and end in "…". A column in which
  // no row has anything is left out.
  void Print(std::ostream& out, int columns_max = kPageColumns, int indent = 0) const;

 private:
  std::vector<int> Widths(int columns_max) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_TABLE_H_
