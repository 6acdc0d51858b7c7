// A Ticker does what falls due by the clock, again and again, until it is destroyed.
#ifndef TURNABOUT_SERVER_JOBS_TICKER_H_
#define TURNABOUT_SERVER_JOBS_TICKER_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "server/app/request.h"

namespace turnabout {

// Threads: one of its own.
class Ticker {
 public:
  // REQUIRES: `context` outlives it.
  Ticker(const Context& context, absl::Duration every);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();

  const Context& context_;
  const absl::Duration every_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_JOBS_TICKER_H_
