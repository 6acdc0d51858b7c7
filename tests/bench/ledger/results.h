// Results: what every contender did in every round, by the contender's name, such as "turnabout-unary-64-uniform".
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_RESULTS_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_RESULTS_H_

#include <map>
#include <string>
#include <vector>

#include "tests/bench/ledger/sample.h"

namespace turnabout::bench {

class Results {
 public:
  void Add(const std::string& contender, const Sample& sample);
  // A figure that is no contender's, such as "recover_10m_s".
  void Note(const std::string& figure, double value) { notes_[figure] = value; }

  // The median of the rounds. 0 where nobody of that name ran: a peer that was skipped.
  double Rate(const std::string& contender) const { return Middle(contender, &Sample::transfers_per_s); }
  double Middle(const std::string& contender, double Sample::*figure) const;
  // The largest of the rounds, likewise.
  double Largest(const std::string& contender, double Sample::*figure) const;
  // Transfers of every round together.
  int64_t Transfers(const std::string& contender) const;
  double Noted(const std::string& figure) const;

  // In the order in which they first ran.
  const std::vector<std::string>& contenders() const { return order_; }

 private:
  std::vector<double> Values(const std::string& contender, double Sample::*figure) const;

  std::map<std::string, std::vector<Sample>> samples_;
  std::map<std::string, double> notes_;
  std::vector<std::string> order_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_RESULTS_H_
