#include "tests/bench/ledger/report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/bench/ledger/figures.h"

namespace turnabout::bench {
namespace {

std::string ContenderRow(const std::string& name, const Results& results) {
  const double cpu = results.Middle(name, &Sample::cpu_us_per_transfer);
  return absl::StrFormat("%-32s %10.0f %9.2f %9.2f %9.2f %9.0f %8s\n", name, results.Rate(name),
                         results.Middle(name, &Sample::p50_ms), results.Middle(name, &Sample::p99_ms),
                         results.Middle(name, &Sample::p999_ms), results.Largest(name, &Sample::pause_ms),
                         cpu > 0 ? Short(cpu) : "");
}

std::string ContenderJson(const std::string& name, const Results& results) {
  return absl::StrFormat(
      "    \"%s\": {\"transfers_per_s\": %.1f, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"p999_ms\": %.4f, "
      "\"pause_ms\": %.2f, \"cpu_us_per_transfer\": %.3f}",
      name, results.Rate(name), results.Middle(name, &Sample::p50_ms), results.Middle(name, &Sample::p99_ms),
      results.Middle(name, &Sample::p999_ms), results.Largest(name, &Sample::pause_ms),
      results.Middle(name, &Sample::cpu_us_per_transfer));
}

}  // namespace

std::string ReportText(const Outcome& outcome) {
  std::string text = FigureHead();
  for (const Figure& figure : Figures()) {
    text += FigureRow(figure.what, figure.target, ValueOf(figure, outcome.results));
  }
  absl::StrAppendFormat(&text, "\n%-32s %10s %9s %9s %9s %9s %8s\n", "contender", "transfers", "p50 ms", "p99 ms",
                        "p99.9 ms", "pause ms", "CPU us");
  absl::StrAppendFormat(&text, "%-32s %10s\n", "", "a second");
  for (const std::string& name : outcome.results.contenders()) text += ContenderRow(name, outcome.results);
  absl::StrAppend(&text, "\n", absl::StrJoin(outcome.versions, "; "), "\n");
  for (const std::string& why : outcome.skipped) absl::StrAppend(&text, "LEFT OUT: ", why, "\n");
  return text;
}

std::string ReportJson(const Outcome& outcome) {
  std::vector<std::string> figures;
  for (const Figure& figure : Figures()) {
    const std::optional<double> value = ValueOf(figure, outcome.results);
    if (value.has_value()) figures.push_back(absl::StrFormat("  \"%s\": %.4f", figure.name, *value));
  }
  std::vector<std::string> contenders;
  for (const std::string& name : outcome.results.contenders()) {
    contenders.push_back(ContenderJson(name, outcome.results));
  }
  return absl::StrCat("{\n", absl::StrJoin(figures, ",\n"), ",\n  \"contenders\": {\n",
                      absl::StrJoin(contenders, ",\n"), "\n  }\n}\n");
}

}  // namespace turnabout::bench
