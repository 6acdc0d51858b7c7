// A Gate counts the calls under way, and can be shut: those inside finish, and nobody else comes in.
#ifndef TURNABOUT_SERVER_APP_GATE_H_
#define TURNABOUT_SERVER_APP_GATE_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

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

  // The same for a call that goes on until somebody ends it: `go` is called when the gate shuts, perhaps while or just
  // after the call leaves. Returns the ticket to leave with; 0 once it is shut.
  uint64_t EnterToStay(std::function<void()> go) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (shut_) return 0;
    ++inside_;
    staying_.emplace(++tickets_, std::move(go));
    return tickets_;
  }

  void LeaveAfterStay(uint64_t ticket) {
    std::function<void()> go;  // destroyed without the lock
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(go, staying_.at(ticket));
    staying_.erase(ticket);
    if (--inside_ == 0) changed_.notify_all();
  }

  // Shuts it, tells those who stay, and waits until everybody has left, for at most `most`.
  void Shut(absl::Duration most) {
    std::unique_lock<std::mutex> lock(mutex_);
    shut_ = true;
    std::vector<std::function<void()>> told;
    for (const auto& [ticket, go] : staying_) told.push_back(go);
    lock.unlock();
    for (const std::function<void()>& go : told) go();
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(most), [&] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;                                  // guarded by mutex_
  int64_t inside_ = 0;                                 // guarded by mutex_
  uint64_t tickets_ = 0;                               // guarded by mutex_
  std::map<uint64_t, std::function<void()>> staying_;  // guarded by mutex_
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_GATE_H_
