// The Figures that a contest is about: what each is made of, and its target.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_FIGURES_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_FIGURES_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/common/target.h"
#include "tests/bench/ledger/results.h"

namespace turnabout::bench {

struct Figure {
  const char* name;  // in JSON
  const char* what;  // in a table
  Target target;
  std::function<double(const Results&)> value;
};

// In the order of the report.
const std::vector<Figure>& Figures();

// Its value; nothing when a part of it was not measured, as when a peer was left out.
std::optional<double> ValueOf(const Figure& figure, const Results& results);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_FIGURES_H_
