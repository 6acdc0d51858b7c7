#include "clients/cli/table.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowest = 6;

}  // namespace

void Table::AddRow(std::vector<std::string> cells) {
  TURNABOUT_CHECK(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

// Natural widths (0 for a column with nothing in it), then one column at a time off the widest that may be cut.
std::vector<int> Table::Widths(int columns_max) const {
  std::vector<int> widths(columns_.size(), 0);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], DisplayWidth(columns_[i].heading));
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), -kGap,
                           [](int sum, int w) { return w > 0 ? sum + w + kGap : sum; });
  };
  while (total() > columns_max) {
    int widest = -1;
    for (size_t i = 0; i < widths.size(); ++i) {
      const bool may = !columns_[i].whole && widths[i] > kNarrowest;
      if (may && (widest < 0 || widths[i] > widths[widest])) widest = static_cast<int>(i);
    }
    if (widest < 0) break;
    --widths[widest];
  }
  return widths;
}

void Table::Print(std::ostream& out, int columns_max, int indent) const {
  const std::vector<int> widths = Widths(columns_max - indent);
  const auto print = [&](const auto& cell_at) {
    std::string line(indent, ' ');
    bool first = true;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string cell = Truncate(cell_at(i), widths[i]);
      absl::StrAppend(&line, first ? "" : std::string(kGap, ' '),
                      columns_[i].align == Align::kRight ? PadLeft(cell, widths[i]) : PadRight(cell, widths[i]));
      first = false;
    }
    absl::StripTrailingAsciiWhitespace(&line);
    out << line << '\n';
  };
  print([&](size_t i) { return columns_[i].heading; });
  for (const std::vector<std::string>& row : rows_) {
    print([&](size_t i) { return row[i]; });
  }
}

}  // namespace turnabout::cli
