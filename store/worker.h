// A Worker runs one job at a time on a thread of its own.
#ifndef TURNABOUT_STORE_WORKER_H_
#define TURNABOUT_STORE_WORKER_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/functional/any_invocable.h"

namespace turnabout {

// Threads: Start from one thread at a time.
class Worker {
 public:
  using Job = absl::AnyInvocable<void()>;

  Worker() : thread_([this] { Run(); }) {}
  // Finishes the job that it has.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Hands over a job. REQUIRES: the job before has said, by whatever means, that it is at its end.
  void Start(Job job);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  Job job_;                // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_WORKER_H_
