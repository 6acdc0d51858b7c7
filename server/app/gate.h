// A Gate counts the calls under way, and can be shut: those inside finish, and nobody else comes in.
#ifndef TURNABOUT_SERVER_APP_GATE_H_
#define TURNABOUT_SERVER_APP_GATE_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/time/time.h"

namespace turnabout {

// Threads: safe for concurrent use.
class Gate {
 public:
  // False once it is shut; otherwise Leave is to be called once.
  bool Enter() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!shut_) ++inside_;
    return !shut_;
  }

  void Leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--inside_ == 0) changed_.notify_all();
  }

  // Shuts it, and waits until everybody has left, for at most `most`.
  void Shut(absl::Duration most) {
    std::unique_lock<std::mutex> lock(mutex_);
    shut_ = true;
    changed_.wait_for(lock, absl::ToChronoMilliseconds(most), [&] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;   // guarded by mutex_
  int64_t inside_ = 0;  // guarded by mutex_
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_GATE_H_
