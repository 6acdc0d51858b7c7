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

bool LetIn(App& app, grpc::ServerUnaryReactor* reactor) {
  if (app.gate.Enter()) return true;
  reactor->Finish(ToGrpcStatus(Refuse(Reason::kDraining)));
  return false;
}

}  // namespace turnabout
