// A Contest is the whole benchmark of the matcher: at each size one made-up scheme, and every contender on it.
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_CONTEST_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_CONTEST_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/matcher/apart.h"

namespace turnabout::bench {

struct ContestOptions {
  std::string parent = "/tmp";  // where its folder is made
  std::vector<int32_t> sizes = {1'000, 10'000, 100'000, 1'000'000};
  int32_t cost_scaling_most = 100'000;    // LEMON's solvers up to these sizes
  int32_t network_simplex_most = 10'000;  //
  int32_t all_pairs_most = 100'000;       // every eligible pair, up to this size
  int32_t live_pool_most = 100'000;       // kept the best while it changes, up to this size
  int32_t peer_people = 1'000'000;        // at this size: candidates beside PostGIS and S2
  int changes = 10'000;                   // repaired one by one
  int queries = 4'000;                    // of a peer
  std::string only;                       // contenders whose name has this in it; empty for all
};

struct Outcome {
  std::map<std::string, Figures> figures;  // by contender, such as "lemon-cos-people-10000"
  std::vector<std::string> order;          // of the contenders
  std::vector<std::string> versions;
  std::vector<std::string> skipped;  // who did not take part, and why
};

// Ends the program, saying why, when contenders disagree on what is best, or a proof fails.
Outcome RunContest(const ContestOptions& options);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_CONTEST_H_
