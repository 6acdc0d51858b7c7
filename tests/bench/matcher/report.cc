#include "tests/bench/matcher/report.h"

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/bench/common/target.h"

namespace turnabout::bench {
namespace {

// Spoils every ratio that it is part of.
constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

struct Row {
  std::string name;  // in JSON
  std::string what;
  Target target;
  double value = kNotMeasured;
};

class Reader {
 public:
  explicit Reader(const Outcome& outcome) : outcome_(outcome) {}

  double Get(const char* contender, int32_t people, const char* figure) const {
    const auto of = outcome_.figures.find(absl::StrCat(contender, "-", people));
    if (of == outcome_.figures.end()) return kNotMeasured;
    const auto at = of->second.find(figure);
    return at == of->second.end() ? kNotMeasured : at->second;
  }

  // How many times what one contender has of a figure another has.
  double Ratio(const char* over, const char* under, int32_t people, const char* figure) const {
    return Get(over, people, figure) / Get(under, people, figure);
  }

  // The power of the size that a time grows with.
  double Growth(const char* contender, int32_t from, int32_t to) const {
    return std::log(Get(contender, to, "wall_s") / Get(contender, from, "wall_s")) /
           std::log(static_cast<double>(to) / from);
  }

 private:
  const Outcome& outcome_;
};

// The target counts at the largest size that is asked for.
std::vector<Row> RowsOfSize(const Reader& read, int32_t people) {
  const auto if_large = [&](const Target& target) { return people >= 1'000'000 ? target : Target{}; };
  return {
      {"clear_vs_lemon_cos", "most weight: LEMON CostScaling's time / ours", if_large(AtLeast(60)),
       read.Ratio("lemon-cos-weight", "clear-weight", people, "wall_s")},
      {"people_first_vs_lemon_cos", "people first: LEMON CostScaling's time / ours", if_large(AtLeast(100)),
       read.Ratio("lemon-cos-people", "clear-people", people, "wall_s")},
      {"clear_vs_lemon_ns",
       "most weight: LEMON NetworkSimplex's time / ours",
       {},
       read.Ratio("lemon-ns-weight", "clear-weight", people, "wall_s")},
      {"clear_cpu_vs_lemon_cos", "most weight: LEMON CostScaling's processor time / ours", if_large(AtLeast(20)),
       read.Ratio("lemon-cos-weight", "clear-weight", people, "cpu_s")},
      {"clear_vs_greedy_time", "people first: greedy's time / ours", if_large(AtLeast(1)),
       read.Ratio("greedy", "clear-people", people, "wall_s")},
      {"served_vs_greedy",
       "people served, people first / greedy",
       {},
       read.Ratio("clear-people", "greedy", people, "served")},
      {"memory_vs_lemon", "most weight: our peak memory / LEMON CostScaling's", if_large(AtMost(0.125)),
       read.Ratio("clear-weight", "lemon-cos-weight", people, "peak_mb")},
  };
}

std::vector<Row> RowsOfAll(const Reader& read) {
  constexpr int32_t kTenThousand = 10'000;
  constexpr int32_t kHundredThousand = 100'000;
  constexpr int32_t kMillion = 1'000'000;
  // PostGIS does everybody on two connections at once.
  const double postgis_s = read.Get("postgis", kMillion, "both_us") * 1e-6 * kMillion;
  const double s2_s = read.Get("s2", kMillion, "both_us") * 1e-6 * kMillion;
  const double ours_s = read.Get("nearest", kMillion, "wall_s");
  return {
      {"growth_10k_1m", "most weight: time grows with the size to the power of", AtMost(1.10),
       read.Growth("clear-weight", kTenThousand, kMillion)},
      {"growth_people_10k_1m", "people first: likewise", AtMost(1.10),
       read.Growth("clear-people", kTenThousand, kMillion)},
      {"repair_p50_us", "repair of one change at 1M, median, us", AtMost(25), read.Get("repair", kMillion, "p50_us")},
      {"repair_p99_us", "repair of one change at 1M, 99 of 100, us", AtMost(1000),
       read.Get("repair", kMillion, "p99_us")},
      {"repair_p50_growth", "its median at 1M / at 10k", AtMost(2),
       read.Get("repair", kMillion, "p50_us") / read.Get("repair", kTenThousand, "p50_us")},
      {"all_pairs_100k_s", "the optimum over every eligible pair, proven, 100k, s", AtMost(5),
       read.Get("all-pairs", kHundredThousand, "wall_s")},
      {"all_pairs_1m_s", "the same, 1M, s", AtMost(60), read.Get("all-pairs", kMillion, "wall_s")},
      {"candidates_vs_postgis", "everybody's nearest 20 at 1M: PostGIS's time / ours, two at once", AtLeast(500),
       postgis_s / ours_s},
      {"query_vs_postgis", "one query at 1M, medians: PostGIS's time / ours", AtLeast(200),
       read.Ratio("postgis", "nearest", kMillion, "p50_us")},
      {"candidates_vs_s2", "everybody's nearest 20 at 1M: S2's time / ours, two at once", {}, s2_s / ours_s},
      {"query_vs_s2",
       "one query at 1M, medians: S2's time / ours",
       {},
       read.Ratio("s2", "nearest", kMillion, "p50_us")},
      {"verify_1m_s", "verifying a clearing of 1M, s", AtMost(0.1), read.Get("clear-people", kMillion, "verify_s")},
      {"pledge_p99_ms", "what a pledge would change for somebody at 1M, 99 of 100, ms", AtMost(1),
       read.Get("repair", kMillion, "pledge_p99_ms")},
      {"why_not_p99_ms", "why somebody has no buddy, in both sentences, at 100k, 99 of 100, ms", AtMost(1),
       read.Get("why-not", kHundredThousand, "why_not_p99_ms")},
  };
}

std::string RowText(const Row& row) {
  return FigureRow(row.what, row.target, std::isfinite(row.value) ? std::make_optional(row.value) : std::nullopt);
}

std::string RowsJson(const std::vector<Row>& rows, const char* indent) {
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    if (std::isfinite(row.value)) lines.push_back(absl::StrFormat("%s\"%s\": %.6g", indent, row.name, row.value));
  }
  return absl::StrJoin(lines, ",\n");
}

std::string FiguresJson(const Figures& figures) {
  return absl::StrJoin(figures, ", ", [](std::string* out, const Figures::value_type& figure) {
    absl::StrAppendFormat(out, "\"%s\": %.10g", figure.first, figure.second);
  });
}

}  // namespace

std::string ReportText(const Outcome& outcome, const ContestOptions& options) {
  const Reader read(outcome);
  std::string text = FigureHead();
  for (const Row& row : RowsOfAll(read)) text += RowText(row);
  for (const int32_t people : options.sizes) {
    absl::StrAppend(&text, "\n", people, " people\n");
    for (const Row& row : RowsOfSize(read, people)) text += RowText(row);
  }
  absl::StrAppendFormat(&text, "\n%-28s %10s %10s %9s %12s %10s\n", "contender", "wall s", "CPU s", "peak MB", "weight",
                        "served");
  for (const std::string& name : outcome.order) {
    const Figures& figures = outcome.figures.at(name);
    if (figures.count("weight") == 0) continue;
    const auto served = figures.find("served");
    absl::StrAppendFormat(&text, "%-28s %10.4f %10.4f %9.1f %12.0f %10s\n", name, figures.at("wall_s"),
                          figures.at("cpu_s"), figures.at("peak_mb"), figures.at("weight"),
                          served == figures.end() ? "" : absl::StrFormat("%.0f", served->second));
  }
  absl::StrAppend(&text, "\n", absl::StrJoin(outcome.versions, "; "), "\n");
  for (const std::string& why : outcome.skipped) absl::StrAppend(&text, "LEFT OUT: ", why, "\n");
  return text;
}

std::string ReportJson(const Outcome& outcome, const ContestOptions& options) {
  const Reader read(outcome);
  std::vector<std::string> parts = {RowsJson(RowsOfAll(read), "  ")};
  if (parts.front().empty()) parts.clear();
  std::vector<std::string> sizes;
  for (const int32_t people : options.sizes) {
    sizes.push_back(absl::StrCat("    \"", people, "\": {\n", RowsJson(RowsOfSize(read, people), "      "), "\n    }"));
  }
  parts.push_back(absl::StrCat("  \"sizes\": {\n", absl::StrJoin(sizes, ",\n"), "\n  }"));
  std::vector<std::string> contenders;
  for (const std::string& name : outcome.order) {
    contenders.push_back(absl::StrCat("    \"", name, "\": {", FiguresJson(outcome.figures.at(name)), "}"));
  }
  parts.push_back(absl::StrCat("  \"contenders\": {\n", absl::StrJoin(contenders, ",\n"), "\n  }"));
  return absl::StrCat("{\n", absl::StrJoin(parts, ",\n"), "\n}\n");
}

}  // namespace turnabout::bench
