// Workers run what takes long (a round, a verification) away from the threads that answer calls.
#ifndef TURNABOUT_SERVER_APP_WORKERS_H_
#define TURNABOUT_SERVER_APP_WORKERS_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace turnabout {

// Threads: safe for concurrent use. What was posted runs even when the Workers are being destroyed, and before that
// ends.
class Workers {
 public:
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void Post(absl::AnyInvocable<void()> work);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<absl::AnyInvocable<void()>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                           // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_WORKERS_H_
