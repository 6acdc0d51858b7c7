// How every rpc is served: the call's deadline and cancellation go to the application, its answer comes back as a
// response or as a status with its details. Nothing here waits: replies finish the call from whichever thread they
// come.
#ifndef TURNABOUT_SERVER_SERVICES_SERVE_H_
#define TURNABOUT_SERVER_SERVICES_SERVE_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/app/app.h"
#include "server/services/status.h"

namespace turnabout {

// No call is worked on for longer than this, whatever its caller allows.
inline constexpr absl::Duration kCallTimeMax = absl::Minutes(10);

// The deadline by `clock`, and whether the caller has gone away. Valid until the call is finished.
Call CallOf(const Clock& clock, grpc::CallbackServerContext* context);

// A call that came in: of which rpc, and when.
struct Arrival {
  absl::string_view method;  // "PostEntry"
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
};

// Tells whoever counts how a call ends. Called before its answer goes out.
void TellEnd(const App& app, const Arrival& arrival, const absl::Status& status);

// Finishes `reactor` with a response or with why there is none, and lets the call out of the gate.
template <typename Response>
void Finish(App& app, const Arrival& arrival, grpc::ServerUnaryReactor* reactor, Response* out,
            absl::StatusOr<Response> result) {
  TellEnd(app, arrival, result.status());
  if (result.ok()) *out = *std::move(result);
  reactor->Finish(ToGrpcStatus(result.status()));
  app.gate.Leave();
}

// Lets a call in. False, with the call finished (UNAVAILABLE/DRAINING), once the server is stopping.
bool LetIn(App& app, const Arrival& arrival, grpc::ServerUnaryReactor* reactor);

// A write: `method` replies when what it wrote is durable.
template <typename Component, typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(App& app, const Arrival& arrival, grpc::CallbackServerContext* context,
                                const Request& request, Response* response, Component& component,
                                void (Component::*method)(const Call&, const Request&, Reply<Response>)) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!LetIn(app, arrival, reactor)) return reactor;
  (component.*method)(CallOf(app.context.clock, context), request,
                      [&app, arrival, reactor, response](absl::StatusOr<Response> result) {
                        Finish(app, arrival, reactor, response, std::move(result));
                      });
  return reactor;
}

// A read: `method` returns at once.
template <typename Component, typename Request, typename Response>
grpc::ServerUnaryReactor* Serve(App& app, const Arrival& arrival, grpc::CallbackServerContext* context,
                                const Request& request, Response* response, const Component& component,
                                absl::StatusOr<Response> (Component::*method)(const Request&) const) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!LetIn(app, arrival, reactor)) return reactor;
  Finish(app, arrival, reactor, response, (component.*method)(request));
  return reactor;
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_SERVICES_SERVE_H_
