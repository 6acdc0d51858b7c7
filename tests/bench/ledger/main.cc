// bench_ledger: the ledger beside its peers, in one alternated run on one disk.
//
//   bench_ledger [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]
//
// docs/internals/benchmarks.md says how each figure is measured and what it means.
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>

#include "tests/bench/common/arguments.h"
#include "tests/bench/common/machine.h"
#include "tests/bench/ledger/contest.h"
#include "tests/bench/ledger/echo.h"
#include "tests/bench/ledger/report.h"

namespace turnabout::bench {
namespace {

constexpr char kUsage[] =
    "usage: bench_ledger [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]\n"
    "  --quick        one short round, to see that all of it works; its figures mean little\n"
    "  --full         also 10 million transfers: recovery and verification\n"
    "  --json FILE    write the figures there too\n"
    "  --folder DIR   on the disk that is to be measured (/tmp)\n"
    "  --only TEXT    only contenders whose name has TEXT in it\n";

ContestOptions OptionsOf(const Arguments& arguments) {
  ContestOptions options;
  options.parent = arguments.folder;
  options.only = arguments.only;
  options.full = arguments.full;
  if (arguments.quick) {
    options.rounds = 1;
    options.length = absl::Milliseconds(700);
  }
  return options;
}

int Run(const Arguments& arguments) {
  const ContestOptions options = OptionsOf(arguments);
  for (const std::string& line : DescribeMachine(options.parent)) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  const Outcome outcome = RunContest(options);
  std::printf("\n%s", ReportText(outcome).c_str());
  return WriteJson(arguments, "bench_ledger", ReportJson(outcome)) ? 0 : 1;
}

}  // namespace
}  // namespace turnabout::bench

int main(int argc, char** argv) {
  using namespace turnabout::bench;
  if (argc == 3 && std::string(argv[1]) == "--serve-echo") ServeEcho(argv[2]);
  const std::optional<Arguments> arguments = ReadArguments(argc, argv);
  if (arguments.has_value()) return Run(*arguments);
  std::fputs(kUsage, stderr);
  return 2;
}
