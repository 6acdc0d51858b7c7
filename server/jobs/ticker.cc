#include "server/jobs/ticker.h"

#include "base/log.h"
#include "server/app/due.h"

namespace turnabout {

Ticker::Ticker(const Context& context, absl::Duration every)
    : context_(context), every_(every), thread_([this] { Run(); }) {}

Ticker::~Ticker() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Ticker::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const absl::StatusOr<int> done = RunDue(context_);
    if (!done.ok()) {
      Log(Severity::kWarning, "could not do what was due", {{"status", std::string(done.status().message())}});
    }
    lock.lock();
    // Where as much was due as one go does, there may be more.
    const bool more = done.ok() && *done >= kDueMost;
    if (!more) changed_.wait_for(lock, absl::ToChronoMilliseconds(every_), [&] { return stopping_; });
  }
}

}  // namespace turnabout
