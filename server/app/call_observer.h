// A CallObserver hears how calls end, so that somebody can count them. This one counts nothing; one that does says how:
//
//   class Counter final : public CallObserver {
//     void CallEnded(absl::string_view method, std::optional<Reason> refused, std::chrono::nanoseconds) override { … }
//   };
//   Counter counter;
//   App app(store, ledger, clock, ids, counter);
#ifndef TURNABOUT_SERVER_APP_CALL_OBSERVER_H_
#define TURNABOUT_SERVER_APP_CALL_OBSERVER_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "base/reason.h"

namespace turnabout {

// Threads: called from any, many at a time. Must not block: some are the store's writer.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // A call of the rpc `method` ("PostEntry") was answered, or refused for `refused`, `time` after it came in. Called
  // before the answer goes out.
  virtual void CallEnded(absl::string_view /*method*/, std::optional<Reason> /*refused*/,
                         std::chrono::nanoseconds /*time*/) {}

  // So many items of a call that was answered were refused for `reason`.
  virtual void ItemsRefused(Reason /*reason*/, int64_t /*count*/) {}

  // One that counts nothing.
  static CallObserver& Nobody() {
    static CallObserver nobody;
    return nobody;
  }
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_CALL_OBSERVER_H_
