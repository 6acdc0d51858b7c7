#include "server/services/serve.h"

#include <algorithm>

#include "base/reason.h"

namespace turnabout {

Call CallOf(const Clock& clock, grpc::CallbackServerContext* context) {
  const absl::Duration left = context->deadline() == std::chrono::system_clock::time_point::max()
                                  ? kCallTimeMax
                                  : absl::FromChrono(context->deadline() - std::chrono::system_clock::now());
  return {clock.Now() + std::min(left, kCallTimeMax), [context] { return context->IsCancelled(); }};
}

void TellEnd(const App& app, const Arrival& arrival, const absl::Status& status) {
  app.context.observer.CallEnded(arrival.method, RefusedFor(status), std::chrono::steady_clock::now() - arrival.at);
}

bool LetIn(App& app, const Arrival& arrival, grpc::ServerUnaryReactor* reactor) {
  if (app.gate.Enter()) return true;
  const absl::Status draining = Refuse(Reason::kDraining);
  TellEnd(app, arrival, draining);
  reactor->Finish(ToGrpcStatus(draining));
  return false;
}

}  // namespace turnabout
