#include "tests/bench/common/target.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace turnabout::bench {

std::string TargetText(const Target& target) {
  switch (target.wanted) {
    case Target::Wanted::kAtLeast:
      return absl::StrCat(">= ", target.value);
    case Target::Wanted::kAtMost:
      return absl::StrCat("<= ", target.value);
    case Target::Wanted::kToKnow:
      return "";
  }
  return "";
}

std::string Verdict(const Target& target, double value) {
  if (target.wanted == Target::Wanted::kToKnow) return "";
  const bool at_least = target.wanted == Target::Wanted::kAtLeast;
  if (at_least ? value >= target.value : value <= target.value) return "met";
  const double missed = at_least ? 1 - value / target.value : value / target.value - 1;
  return absl::StrFormat("missed by %.0f %%", 100 * missed);
}

std::string Short(double value) {
  if (value >= 100) return absl::StrFormat("%.0f", value);
  return value >= 10 ? absl::StrFormat("%.1f", value) : absl::StrFormat("%.2f", value);
}

std::string FigureHead() { return absl::StrFormat("%-72s %9s %10s\n", "figure", "is", "target"); }

std::string FigureRow(const std::string& what, const Target& target, std::optional<double> value) {
  return absl::StrFormat("%-72s %9s %10s  %s\n", what, value.has_value() ? Short(*value) : "-", TargetText(target),
                         value.has_value() ? Verdict(target, *value) : "not measured");
}

}  // namespace turnabout::bench
