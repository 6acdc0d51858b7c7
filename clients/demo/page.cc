#include "clients/demo/page.h"

#include <string>

#include "clients/cli/text.h"

namespace turnabout::demo {
namespace {

constexpr int kColumns = 96;

}  // namespace

void Page::Heading(absl::string_view text) {
  out_ << "\n" << (bold_ ? "\033[1m" : "") << text << (bold_ ? "\033[0m" : "") << "\n";
}

void Page::Wrapped(absl::string_view first, absl::string_view text) {
  const int indent = cli::DisplayWidth(first);
  bool is_first = true;
  for (const std::string& line : cli::Wrap(cli::Printable(text), kColumns - indent)) {
    out_ << (is_first ? std::string(first) : std::string(indent, ' ')) << line << "\n";
    is_first = false;
  }
}

void Page::Say(absl::string_view text) { Wrapped("  ", text); }
void Page::Point(absl::string_view text) { Wrapped("    · ", text); }
void Page::Show(const cli::Table& table) { table.Print(out_, kColumns, 4); }
void Page::Line(absl::string_view text) { out_ << "  " << text << "\n"; }
void Page::Gap() { out_ << "\n"; }

}  // namespace turnabout::demo
