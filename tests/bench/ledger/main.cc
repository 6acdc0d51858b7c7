// bench_ledger: the ledger beside its peers, in one alternated run on one disk.
//
//   bench_ledger [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT]
//
// docs/internals/benchmarks.md says how each figure is measured and what it means.
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>

#include "tests/bench/common/files.h"
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
      arguments.contest.rounds = 1;
      arguments.contest.length = absl::Milliseconds(700);
    } else if (flag == "--full") {
      arguments.contest.full = true;
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
  std::printf("\n%s", ReportText(outcome).c_str());
  if (arguments.json_file.empty() || WriteWhole(arguments.json_file, ReportJson(outcome))) return 0;
  std::fprintf(stderr, "bench_ledger: %s cannot be written\n", arguments.json_file.c_str());
  return 1;
}

}  // namespace
}  // namespace turnabout::bench

int main(int argc, char** argv) {
  using namespace turnabout::bench;
  if (argc == 3 && std::string(argv[1]) == "--serve-echo") ServeEcho(argv[2]);
  const std::optional<Arguments> arguments = Read(argc, argv);
  if (arguments.has_value()) return Run(*arguments);
  std::fputs(kUsage, stderr);
  return 2;
}
