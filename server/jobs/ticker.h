// A Ticker does what falls due by the clock, again and again, until it is destroyed. It says so when the clock jumps,
// and does not take the word of one that jumped forward at once: what lapsed by mistake cannot be taken back.
#ifndef TURNABOUT_SERVER_JOBS_TICKER_H_
#define TURNABOUT_SERVER_JOBS_TICKER_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "server/app/request.h"
#include "server/jobs/clock_watch.h"

namespace turnabout {

// Threads: one of its own.
class Ticker {
 public:
  // Nothing falls due for so long as `doubt` after the clock jumped forward. REQUIRES: `context` outlives it.
  Ticker(const Context& context, absl::Duration every, absl::Duration doubt = absl::Minutes(1));
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();
  void LookAtClock(absl::Time now);

  const Context& context_;
  const absl::Duration every_;
  const absl::Duration doubt_;
  ClockWatch watch_;                              // the thread's own
  ClockWatch::Steady::time_point doubted_until_;  // likewise
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_JOBS_TICKER_H_
