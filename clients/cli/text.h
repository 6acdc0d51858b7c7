// Text as a terminal shows it, and as people read it.
#ifndef TURNABOUT_CLIENTS_CLI_TEXT_H_
#define TURNABOUT_CLIENTS_CLI_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace turnabout::cli {

// Where the first byte is that is not UTF-8; npos when all of it is.
size_t FirstBadUtf8(absl::string_view text);

// How many columns a terminal gives it: "Siân" has 4. Combining marks have none; East Asian letters have 2.
int DisplayWidth(absl::string_view text);

// At most `columns` wide, ending in "…" when something was cut. REQUIRES: columns >= 1.
std::string Truncate(absl::string_view text, int columns);

// Spaces after (or before) `text` up to `columns`.
std::string PadRight(absl::string_view text, int columns);
std::string PadLeft(absl::string_view text, int columns);

// Safe to show: control characters, which could move a terminal's cursor, become spaces; bytes that are not UTF-8
// become U+FFFD.
std::string Printable(absl::string_view text);

// Lines of at most `columns`, broken between words.
std::vector<std::string> Wrap(absl::string_view text, int columns);

// "1 person", "3 people", "1,234 people".
std::string Count(int64_t n, absl::string_view one, absl::string_view many);

// Digits in groups: 12345 is "12,345".
std::string Grouped(int64_t n);

// How many letters to change, add, drop or swap to make one from the other.
int EditDistance(absl::string_view a, absl::string_view b);

// The one of `known` that `text` was probably meant to be; empty when none is near. Case does not matter.
std::string NearMiss(absl::string_view text, const std::vector<std::string>& known);

// "a", "a or b", "a, b or c".
std::string OrList(const std::vector<std::string>& items);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_TEXT_H_
