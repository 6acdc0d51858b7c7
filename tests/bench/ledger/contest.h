// A Contest is the whole benchmark: it starts the server and its peers, runs every contender in alternated rounds on
// one disk, and checks that what was acknowledged is there.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_CONTEST_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_CONTEST_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/ledger/results.h"

namespace turnabout::bench {

struct ContestOptions {
  std::string parent = "/tmp";  // where its folder is made: the disk that is measured
  int rounds = 3;
  absl::Duration length = absl::Seconds(3);  // of one contender in one round
  bool full = false;                         // also 10 million transfers: recovery and verification
  std::string only;                          // contenders whose name has this in it; empty for all
};

struct Outcome {
  Results results;
  std::vector<std::string> versions;  // "PostgreSQL 15.18"
  std::vector<std::string> skipped;   // peers that did not take part, and why
};

// Ends the program, saying why, when a contender fails or loses a transfer.
Outcome RunContest(const ContestOptions& options);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_CONTEST_H_
