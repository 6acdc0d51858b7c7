// A Page is what the demo prints: short sections with a heading, and sentences that fit the line.
#ifndef TURNABOUT_CLIENTS_DEMO_PAGE_H_
#define TURNABOUT_CLIENTS_DEMO_PAGE_H_

#include <ostream>

#include "absl/strings/string_view.h"
#include "clients/cli/table.h"

namespace turnabout::demo {

class Page {
 public:
  // `bold`: headings are bold, for a terminal. REQUIRES: `out` outlives the Page.
  Page(std::ostream& out, bool bold) : out_(out), bold_(bold) {}

  void Heading(absl::string_view text);
  // A paragraph, wrapped.
  void Say(absl::string_view text);
  // A point below what was said before.
  void Point(absl::string_view text);
  void Show(const cli::Table& table);
  // A line as it is, such as a command to type.
  void Line(absl::string_view text);
  void Gap();

 private:
  void Wrapped(absl::string_view first, absl::string_view text);

  std::ostream& out_;
  const bool bold_;
};

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_PAGE_H_
