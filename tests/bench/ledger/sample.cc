#include "tests/bench/ledger/sample.h"

#include <algorithm>

#include "base/check.h"

namespace turnabout::bench {
namespace {

double Seconds(Recorder::Time from, Recorder::Time to) { return std::chrono::duration<double>(to - from).count(); }

// The value below which `part` of the sorted values lie.
double Percentile(const std::vector<float>& sorted, double part) {
  const auto at = static_cast<size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)];
}

}  // namespace

void Recorder::Answered(Time asked, int transfers) {
  const Time now = Now();
  const std::lock_guard<std::mutex> lock(mutex_);
  pause_s_ = std::max(pause_s_, Seconds(last_, now));
  last_ = std::max(last_, now);
  transfers_ += transfers;
  took_ms_.push_back(static_cast<float>(1e3 * Seconds(asked, now)));
}

Sample Recorder::Take() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  TURNABOUT_CHECK(!took_ms_.empty());
  std::vector<float> sorted = took_ms_;
  std::sort(sorted.begin(), sorted.end());
  Sample sample;
  sample.transfers = transfers_;
  sample.transfers_per_s = static_cast<double>(transfers_) / Seconds(start_, last_);
  sample.p50_ms = Percentile(sorted, 0.5);
  sample.p99_ms = Percentile(sorted, 0.99);
  sample.p999_ms = Percentile(sorted, 0.999);
  sample.pause_ms = 1e3 * pause_s_;
  return sample;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace turnabout::bench
