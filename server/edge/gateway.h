// A Gateway serves the API to browsers and to curl: Connect's unary protocol, JSON or protobuf over HTTP/1.1. It knows
// no service: it looks methods up among those linked in and passes calls on over a gRPC channel, usually one into the
// same process.
//
//   auto gateway = StartGateway({.port = 8080}, server->InProcessChannel(arguments));
//   if (!gateway.ok()) …
//   …
//   (*gateway)->BeginDrain();              // load balancers see 503 at /readyz and go elsewhere
//   (*gateway)->Stop(absl::Seconds(10));
//   server->Shutdown();                    // only now: gRPC crashes on an in-process call to a server that is shut
//   down
//
// It is what faces the network: every size, time and count below is a limit on what a stranger can make it spend.
#ifndef TURNABOUT_SERVER_EDGE_GATEWAY_H_
#define TURNABOUT_SERVER_EDGE_GATEWAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/limits.h"

namespace grpc {
class Channel;
}

namespace turnabout {

struct GatewayOptions {
  std::string address = "127.0.0.1";  // to listen on: an IPv4 or IPv6 address. DEFAULT: this machine only
  uint16_t port = 0;                  // DEFAULT: any that is free
  int threads = 2;

  size_t body_bytes_max = kRequestBytesMax;
  size_t head_bytes_max = 8192;  // first line and header of a request
  int connections_max = 1024;    // one more is told 503 and closed
  int large_bodies_max = 32;     // bodies over 64 KiB, or chunked, at once; one more is QUEUE_FULL

  // The text of GET /metrics, in Prometheus' exposition format 0.0.4. Called on a thread of the gateway's for each such
  // request, several at a time; must be quick. DEFAULT: none, and no such page.
  std::function<std::string()> metrics = {};

  absl::Duration head_time_max = absl::Seconds(10);  // from a request's first byte to the end of its header
  absl::Duration body_time_max = absl::Seconds(30);
  absl::Duration idle_time_max = absl::Seconds(60);  // between requests, and before the first
  absl::Duration write_time_max = absl::Seconds(30);
  absl::Duration call_time_max = absl::Seconds(60);  // caps Connect-Timeout-Ms; the deadline of a call without one
};

// Threads: safe for concurrent use.
class Gateway {
 public:
  // Stops at once, when Stop has not run.
  virtual ~Gateway() = default;

  // The port it listens on.
  virtual uint16_t port() const = 0;

  // From now on /readyz and /healthz say 503. Everything is still served, and connections still taken.
  virtual void BeginDrain() = 0;

  // Takes no more connections, closes the idle ones, lets the requests under way finish for up to `grace`, then cancels
  // their calls and closes what is left. Returns true when nothing had to be cut off. A second call does nothing.
  virtual bool Stop(absl::Duration grace) = 0;
};

// Listens and serves, on threads of its own. `channel` leads to the services; give it no limit on what it receives, or
// large answers become INTERNAL. Errors: UNAVAILABLE with what the system says, when the address cannot be listened on;
// INVALID_ARGUMENT when it is no address.
absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const GatewayOptions& options,
                                                      std::shared_ptr<grpc::Channel> channel);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_EDGE_GATEWAY_H_
