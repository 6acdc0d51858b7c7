// bench_matcher: clearing, repair and the search for candidates beside their peers, on the same made-up schemes.
//
//   bench_matcher [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]
//
// docs/internals/benchmarks.md says how each figure is measured and what it means.
#include <cstdio>
#include <optional>

#include "tests/bench/common/arguments.h"
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

ContestOptions OptionsOf(const Arguments& arguments) {
  ContestOptions options;
  options.parent = arguments.folder;
  options.only = arguments.only;
  if (arguments.quick) {
    options.sizes = {1'000, 10'000};
    options.peer_people = 10'000;
    options.changes = 1'000;
    options.queries = 200;
  }
  if (arguments.full) {
    options.cost_scaling_most = 1'000'000;
    options.network_simplex_most = 100'000;
    options.all_pairs_most = 1'000'000;
  }
  return options;
}

int Run(const Arguments& arguments) {
  const ContestOptions options = OptionsOf(arguments);
  for (const std::string& line : DescribeMachine(options.parent)) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  const Outcome outcome = RunContest(options);
  std::printf("\n%s", ReportText(outcome, options).c_str());
  return WriteJson(arguments, "bench_matcher", ReportJson(outcome, options)) ? 0 : 1;
}

}  // namespace
}  // namespace turnabout::bench

int main(int argc, char** argv) {
  using namespace turnabout::bench;
  const std::optional<Arguments> arguments = ReadArguments(argc, argv);
  if (arguments.has_value()) return Run(*arguments);
  std::fputs(kUsage, stderr);
  return 2;
}
