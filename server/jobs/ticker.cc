#include "server/jobs/ticker.h"

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "server/app/due.h"

namespace turnabout {

Ticker::Ticker(const Context& context, absl::Duration every, absl::Duration doubt)
    : context_(context), every_(every), doubt_(doubt), watch_(context.clock.Now()), thread_([this] { Run(); }) {}

Ticker::~Ticker() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Ticker::LookAtClock(absl::Time now) {
  const absl::Duration jumped = watch_.Look(now);
  if (jumped == absl::ZeroDuration()) return;
  const std::string seconds = absl::StrCat(absl::ToInt64Seconds(jumped));
  doubted_until_ = ClockWatch::Steady::now();
  if (jumped < absl::ZeroDuration()) {
    Log(Severity::kWarning, "the clock went back: what is written has the time of the latest block until it catches up",
        {{"seconds", seconds}});
  } else {
    Log(Severity::kWarning, "the clock jumped forward: nothing falls due for a while, in case it goes back",
        {{"seconds", seconds}});
    doubted_until_ += absl::ToChronoMilliseconds(doubt_);
  }
}

void Ticker::Run() {
  const absl::Duration behind = absl::FromUnixMicros(context_.store.head().time_micros) - context_.clock.Now();
  if (behind >= kClockJumpLeast) {
    Log(Severity::kWarning,
        "the clock is behind the journal: what is written has the time of the latest block until it "
        "catches up",
        {{"seconds", absl::StrCat(absl::ToInt64Seconds(behind))}});
  }
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const absl::Time now = context_.clock.Now();
    LookAtClock(now);
    const bool is_doubted = ClockWatch::Steady::now() < doubted_until_;
    const absl::StatusOr<int> done = is_doubted ? 0 : RunDue(context_, now);
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
