#include "tests/bench/ledger/results.h"

#include <algorithm>

namespace turnabout::bench {

void Results::Add(const std::string& contender, const Sample& sample) {
  std::vector<Sample>& samples = samples_[contender];
  if (samples.empty()) order_.push_back(contender);
  samples.push_back(sample);
}

std::vector<double> Results::Values(const std::string& contender, double Sample::*figure) const {
  std::vector<double> values;
  const auto at = samples_.find(contender);
  if (at == samples_.end()) return values;
  for (const Sample& sample : at->second) values.push_back(sample.*figure);
  return values;
}

double Results::Middle(const std::string& contender, double Sample::*figure) const {
  return Median(Values(contender, figure));
}

double Results::Largest(const std::string& contender, double Sample::*figure) const {
  const std::vector<double> values = Values(contender, figure);
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

int64_t Results::Transfers(const std::string& contender) const {
  int64_t transfers = 0;
  const auto at = samples_.find(contender);
  if (at == samples_.end()) return 0;
  for (const Sample& sample : at->second) transfers += sample.transfers;
  return transfers;
}

double Results::Noted(const std::string& figure) const {
  const auto at = notes_.find(figure);
  return at == notes_.end() ? 0 : at->second;
}

}  // namespace turnabout::bench
