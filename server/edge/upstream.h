// One call over gRPC whose messages are bytes.
#ifndef TURNABOUT_SERVER_EDGE_UPSTREAM_H_
#define TURNABOUT_SERVER_EDGE_UPSTREAM_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace google::rpc {
class Status;
}
namespace grpc {
class Channel;
class Status;
}  // namespace grpc

namespace turnabout {

struct UpstreamRequest {
  std::string path;           // "/turnabout.v1.ExchangeService/LogExchange"
  std::string message;        // wire bytes
  absl::Duration timeout;     // from now; the deadline that the handler sees
  std::string authorization;  // passed on as metadata; visible ASCII, none when ""
};

// Threads: safe for concurrent use, but for status() and message().
class UpstreamCall {
 public:
  virtual ~UpstreamCall() = default;
  // Ends the call early; `done` still runs, soon.
  virtual void Cancel() = 0;
  // What came of it: code 0, or an error that always has an ErrorInfo. REQUIRES: `done` has run.
  virtual const google::rpc::Status& status() const = 0;
  // The wire bytes of the response, to be taken once. REQUIRES: `done` has run, and status() is OK.
  virtual std::string TakeMessage() = 0;
};

// Starts a call. `done` runs exactly once, on a thread of gRPC's, perhaps before this returns: it must not block, and
// must pass the call on to another thread. A call keeps the channel, and gRPC may not be the one to let go of a channel
// last: the channel's end waits for gRPC's own threads. The call keeps itself alive until `done` runs.
std::shared_ptr<UpstreamCall> StartUpstreamCall(std::shared_ptr<grpc::Channel> channel, UpstreamRequest request,
                                                std::function<void(std::shared_ptr<UpstreamCall>)> done);

// `status` as google.rpc.Status. An error without details was made by gRPC itself, not by a service of ours: the usual
// ones get a reason (CANCELLED, DEADLINE_PASSED, DRAINING, METHOD_NOT_FOUND with `path`); any other is logged and
// answered as INTERNAL.
google::rpc::Status FromGrpcStatus(const grpc::Status& status, absl::string_view path);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_EDGE_UPSTREAM_H_
