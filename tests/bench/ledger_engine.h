// The ledger without a network: transfers through Store and Ledger over a journal on a real disk.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace turnabout::bench {

// Who pays whom.
enum class Spread {
  kUniform,  // any two of the accounts
  kHot,      // everybody pays one account
};

struct EngineLoad {
  int accounts = 10'000;
  int in_flight = 8192;  // transfers that wait for their answer at any moment
  Spread spread = Spread::kUniform;
  absl::Duration length = absl::Seconds(3);
  uint64_t seed = 1;
};

struct EngineFigures {
  double transfers_per_s = 0;
  double transfers_per_block = 0;
  double cpu_us_per_transfer = 0;  // of the whole process, its load among it
  double bytes_per_transfer = 0;   // in the journal's blocks
};

// Runs the load over a new data folder below `folder`. Every answer comes after a sync, with the chain and the books
// on.
EngineFigures RunEngine(const std::string& folder, const EngineLoad& load);

// The same bytes in the same groups, appended to a file of our own and synced: what the disk allows.
double RunFileCeiling(const std::string& folder, double bytes_per_transfer, double transfers_per_block,
                      absl::Duration length);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_
