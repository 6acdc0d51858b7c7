#include "store/worker.h"

#include <utility>

namespace turnabout {

Worker::~Worker() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Worker::Start(Job job) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return job_ == nullptr; });
    job_ = std::move(job);
  }
  changed_.notify_all();
}

void Worker::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || job_ != nullptr; });
    if (job_ == nullptr) return;
    Job job = std::exchange(job_, nullptr);
    lock.unlock();
    job();
    lock.lock();
    changed_.notify_all();
  }
}

}  // namespace turnabout
