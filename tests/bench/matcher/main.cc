// bench_matcher: clearing, repair and the search for candidates beside their peers, on the same made-up schemes.
//
//   bench_matcher [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]
//
// docs/internals/benchmarks.md says how each figure is measured and what it means.
#include <cstdio>
#include <optional>
#include <string>

#include "tests/bench/common/files.h"
#include "tests/bench/common/machine.h"
#include "tests/bench/matcher/contest.h"
#include "tests/bench/matcher/report.h"

namespace turnabout::bench {
namespace {

constexpr char kUsage[] =
    "usage: bench_matcher [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]\n"
    "  --quick        1,000 and 10,000 people, to see that all of it works\n"
    "  --full         also LEMON and every eligible pair for a million people, which takes an hour\n"
    "  --json FILE    write the figures there too\n"
    "  --folder DIR   where PostGIS keeps its data (/tmp)\n"
    "  --only TEXT    only contenders whose name has TEXT in it\n";

struct Arguments {
  ContestOptions contest;
  std::string json_file;
};

// Nothing when the program was called wrongly.
std::optional<Arguments> Read(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string flag = words[i];
    if (flag == "--quick") {
      arguments.contest.sizes = {1'000, 10'000};
      arguments.contest.peer_people = 10'000;
      arguments.contest.changes = 1'000;
      arguments.contest.queries = 200;
    } else if (flag == "--full") {
      arguments.contest.cost_scaling_most = 1'000'000;
      arguments.contest.network_simplex_most = 100'000;
      arguments.contest.all_pairs_most = 1'000'000;
    } else if (i + 1 < count && (flag == "--json" || flag == "--folder" || flag == "--only")) {
      std::string& value = flag == "--json"     ? arguments.json_file
                           : flag == "--folder" ? arguments.contest.parent
                                                : arguments.contest.only;
      value = words[++i];
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int Run(const Arguments& arguments) {
  for (const std::string& line : DescribeMachine(arguments.contest.parent)) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  const Outcome outcome = RunContest(arguments.contest);
  std::printf("\n%s", ReportText(outcome, arguments.contest).c_str());
  if (arguments.json_file.empty() || WriteWhole(arguments.json_file, ReportJson(outcome, arguments.contest))) return 0;
  std::fprintf(stderr, "bench_matcher: %s cannot be written\n", arguments.json_file.c_str());
  return 1;
}

}  // namespace
}  // namespace turnabout::bench

int main(int argc, char** argv) {
  using namespace turnabout::bench;
  const std::optional<Arguments> arguments = Read(argc, argv);
  if (arguments.has_value()) return Run(*arguments);
  std::fputs(kUsage, stderr);
  return 2;
}
