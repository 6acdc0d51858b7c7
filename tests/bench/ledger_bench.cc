// bench_ledger: how fast the ledger is, as a share of what its disk allows.
//
//   bench_ledger [--json FILE] [--folder DIR]
//
// Each figure is the median of alternated rounds: transfers answered after a sync, chain and books on, beside the same
// bytes in the same groups appended to a file of our own. Ratios say more than rates, which are this machine's.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/ledger_engine.h"

namespace turnabout::bench {
namespace {

constexpr int kRounds = 3;

struct Row {
  const char* name;
  EngineLoad load;
  std::vector<double> rates;
  std::vector<double> ceilings;
  EngineFigures last;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void RunRound(const std::string& folder, int round, Row& row) {
  const std::string data = absl::StrCat(folder, "/", row.name, "-", round);
  row.last = RunEngine(data, row.load);
  row.rates.push_back(row.last.transfers_per_s);
  row.ceilings.push_back(
      RunFileCeiling(folder, row.last.bytes_per_transfer, row.last.transfers_per_block, absl::Seconds(1)));
  std::filesystem::remove_all(data);
}

std::string Json(const std::vector<Row>& rows) {
  const double uniform = Median(rows[0].rates);
  return absl::StrFormat(
      "{\n  \"engine_vs_file\": %.3f,\n  \"hot_vs_uniform\": %.3f,\n  \"engine_transfers_per_s\": %.0f,\n"
      "  \"cpu_us_per_transfer\": %.2f,\n  \"bytes_per_transfer\": %.1f\n}\n",
      uniform / Median(rows[0].ceilings), Median(rows[1].rates) / uniform, uniform, rows[0].last.cpu_us_per_transfer,
      rows[0].last.bytes_per_transfer);
}

int Run(const std::string& json_file, const std::string& parent) {
  std::string folder = absl::StrCat(parent, "/turnabout-bench-XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "bench_ledger: no folder can be made in %s\n", parent.c_str());
    return 1;
  }
  std::vector<Row> rows;
  rows.push_back({"uniform", {.in_flight = 8192}, {}, {}, {}});
  rows.push_back({"hot", {.in_flight = 8192, .spread = Spread::kHot}, {}, {}, {}});
  rows.push_back({"uniform-64", {.in_flight = 64}, {}, {}, {}});
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) RunRound(folder, round, row);
  }
  std::filesystem::remove_all(folder);
  std::printf("%-12s %9s %12s %14s %10s %12s\n", "load", "in flight", "of the disk", "transfers a s", "a block",
              "CPU us each");
  for (const Row& row : rows) {
    std::printf("%-12s %9d %11.0f%% %14.0f %10.0f %12.2f\n", row.name, row.load.in_flight,
                100 * Median(row.rates) / Median(row.ceilings), Median(row.rates), row.last.transfers_per_block,
                row.last.cpu_us_per_transfer);
  }
  if (json_file.empty()) return 0;
  std::FILE* out = std::fopen(json_file.c_str(), "w");
  if (out == nullptr) return 1;
  std::fputs(Json(rows).c_str(), out);
  return std::fclose(out) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace turnabout::bench

int main(int argc, char** argv) {
  std::string json_file;
  std::string folder = "/tmp";
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if ((flag != "--json" && flag != "--folder") || i + 1 == argc) {
      std::fprintf(stderr, "usage: bench_ledger [--json FILE] [--folder DIR]\n");
      return 2;
    }
    (flag == "--json" ? json_file : folder) = argv[i + 1];
  }
  return turnabout::bench::Run(json_file, folder);
}
