// The Report of the matcher's contest: ratios beside their targets first, absolute figures after them.
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_REPORT_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_REPORT_H_

#include <string>

#include "tests/bench/matcher/contest.h"

namespace turnabout::bench {

// Two tables for people to read.
std::string ReportText(const Outcome& outcome, const ContestOptions& options);

// One JSON object: figures over all sizes by name, those of one size below "sizes", then "contenders" by theirs. What
// was not measured is not there.
std::string ReportJson(const Outcome& outcome, const ContestOptions& options);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_REPORT_H_
