// The Report of a contest: ratios beside their targets first, since those are what a machine's own speed does not
// decide, and absolute figures after them.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_REPORT_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_REPORT_H_

#include <string>

#include "tests/bench/ledger/contest.h"

namespace turnabout::bench {

// Two tables for people to read.
std::string ReportText(const Outcome& outcome);

// One JSON object: every figure by its name, then "contenders" by theirs. What was not measured is not there.
std::string ReportJson(const Outcome& outcome);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_REPORT_H_
