// What the gateway serves, apart from sockets: which method a request names, how its body becomes a message, and how an
// answer becomes a body. Connect's unary protocol over HTTP/1.1 (https://connectrpc.com/docs/protocol):
//
//   POST /turnabout.v1.ExchangeService/LogExchange        Content-Type: application/json or application/proto
//   GET  /  /healthz  /livez  /readyz                     text for people and load balancers
//   GET  /metrics                                         text for Prometheus, where there is any
#ifndef TURNABOUT_SERVER_EDGE_CONNECT_H_
#define TURNABOUT_SERVER_EDGE_CONNECT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/variant.h"

namespace google::rpc {
class Status;
}

namespace turnabout {

// The first line of a request, and the fields of its header that mean something here; "" for a field that is not there.
struct RequestHead {
  std::string verb;
  std::string target;
  std::string content_type;
  std::string content_encoding;
  std::string connect_protocol_version;
  std::string connect_timeout_ms;
  std::string authorization;
  std::optional<uint64_t> content_length;
};

// What goes back. Only constants of ours become header fields; nothing that a caller sent does.
struct Answer {
  int http_status = 200;
  absl::string_view content_type = "text/plain; charset=utf-8";
  absl::string_view allow;  // the field Allow; none when ""
  std::string body;
};

enum class Codec { kJson, kProto };

// A call that a request asks for, but for its body.
struct ApiCall {
  std::string path;          // "/turnabout.v1.ExchangeService/LogExchange"
  std::string request_type;  // full names of the messages
  std::string response_type;
  Codec codec = Codec::kJson;
  absl::Duration timeout;
  std::string authorization;
};

struct RouteOptions {
  size_t body_bytes_max;
  absl::Duration call_time_max;  // also for a request that states no timeout
  bool ready;                    // what /healthz and /readyz say
  // What /metrics says; null: there is no such page.
  const std::function<std::string()>& metrics;
};

// What to do about `head`: answer at once, or read the body and call. Methods are those of the package turnabout.v1
// that are linked in and do not stream. Refusals: METHOD_NOT_FOUND (404, or 405 for another verb than POST),
// BAD_CONTENT_TYPE (415), BODY_TOO_LARGE (413), BAD_FIELDS for a field of the header. Threads: safe for concurrent use.
absl::variant<Answer, ApiCall> Route(const RequestHead& head, const RouteOptions& options);

// The wire bytes of the request that `body` holds, or BAD_JSON.
absl::StatusOr<std::string> ReadBody(const ApiCall& call, std::string body);

// The answer that carries the wire bytes `response`.
Answer WriteBody(const ApiCall& call, std::string response);

// Connect's answer for an error; always JSON, whatever the request was. REQUIRES: not OK.
Answer ErrorAnswer(const google::rpc::Status& error);
Answer ErrorAnswer(const absl::Status& error);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_EDGE_CONNECT_H_
