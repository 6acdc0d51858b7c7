// A Sample is what one contender did in one round: how many transfers a second, and how long each answer took.
//
//   Recorder recorder;
//   const Recorder::Time asked = Recorder::Now();
//   ...                                  // the call and its answer
//   recorder.Answered(asked, 1000);      // a call of 1000 transfers
//   Sample sample = recorder.Take();
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_SAMPLE_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_SAMPLE_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace turnabout::bench {

struct Sample {
  int64_t transfers = 0;
  double transfers_per_s = 0;
  double p50_ms = 0;  // of calls, whatever a call carries
  double p99_ms = 0;
  double p999_ms = 0;
  double pause_ms = 0;             // the longest time without an answer
  double cpu_us_per_transfer = 0;  // of the serving process; 0 where it is not told apart
  double transfers_per_group = 0;  // that share one sync; 0 where it is not known
};

// Threads: safe for concurrent use.
class Recorder {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static Time Now() { return std::chrono::steady_clock::now(); }

  // A call that was to be made at `asked` has been answered; it carried `transfers`.
  void Answered(Time asked, int transfers);

  // Everything since the recorder was made. REQUIRES: at least one answer.
  Sample Take() const;

 private:
  const Time start_ = Now();
  mutable std::mutex mutex_;
  Time last_ = start_;  // guarded by mutex_, as is all below
  double pause_s_ = 0;
  int64_t transfers_ = 0;
  std::vector<float> took_ms_;
};

// The one in the middle; 0 when there is none.
double Median(std::vector<double> values);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_SAMPLE_H_
