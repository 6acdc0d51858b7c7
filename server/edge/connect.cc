#include "server/edge/connect.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/reason.h"
#include "google/rpc/status.pb.h"
#include "server/edge/connect_error.h"
#include "server/edge/json.h"
#include "server/services/status.h"

namespace turnabout {
namespace {

constexpr absl::string_view kPackage = "turnabout.v1";
constexpr absl::string_view kJsonType = "application/json";
constexpr absl::string_view kProtoType = "application/proto";
constexpr absl::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";
constexpr absl::string_view kReadVerbs = "GET, HEAD, OPTIONS";
constexpr absl::string_view kCallVerbs = "POST, OPTIONS";
constexpr size_t kTimeoutDigitsMax = 10;
constexpr int kUnimplemented = 12;

constexpr absl::string_view kWelcome =
    "Turnabout\n"
    "\n"
    "The API is JSON over HTTP, at POST /turnabout.v1.{Service}/{Method}. For example:\n"
    "\n"
    "  curl -H 'Content-Type: application/json' -d '{}' \\\n"
    "    http://localhost:8080/turnabout.v1.ServerService/GetServerInfo\n"
    "\n"
    "  /livez    is the server running?\n"
    "  /readyz   is it taking requests? (also /healthz)\n";
constexpr absl::string_view kWelcomeToMetrics = "  /metrics  how is it doing? (for Prometheus)\n";

using google::protobuf::MethodDescriptor;

// "/turnabout.v1.A/B" names the method turnabout.v1.A.B; null when `path` names none that is served.
const MethodDescriptor* FindMethod(absl::string_view path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  if (parts.size() != 3 || !parts[0].empty() || absl::StrContains(parts[2], '.')) return nullptr;
  const MethodDescriptor* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(absl::StrCat(parts[1], ".", parts[2]));
  if (method == nullptr || method->file()->package() != kPackage) return nullptr;
  return method->client_streaming() || method->server_streaming() ? nullptr : method;
}

bool IsPage(absl::string_view path, const RouteOptions& options) {
  return path == "/" || path == "/livez" || path == "/readyz" || path == "/healthz" ||
         (path == "/metrics" && options.metrics);
}

// The text of a page of our own. REQUIRES: IsPage.
Answer PageAt(absl::string_view path, const RouteOptions& options) {
  Answer answer;
  if (path == "/") {
    answer.body = absl::StrCat(kWelcome, options.metrics ? kWelcomeToMetrics : "");
  } else if (path == "/livez") {
    answer.body = "ok\n";
  } else if (path == "/metrics") {
    answer.content_type = kMetricsType;
    answer.body = options.metrics();
  } else {
    answer.http_status = options.ready ? 200 : 503;
    answer.body = options.ready ? "ok\n" : "stopping\n";
  }
  return answer;
}

Answer Options(absl::string_view allow) {
  Answer answer;
  answer.http_status = 204;
  answer.allow = allow;
  return answer;
}

Answer WrongVerb(const RequestHead& head, absl::string_view path, absl::string_view allow) {
  Answer answer = ErrorAnswer(Refuse(Reason::kMethodNotFound, {{"method", absl::StrCat(head.verb, " ", path)}}));
  answer.http_status = 405;
  answer.allow = allow;
  return answer;
}

// "application/json; charset=utf-8" is JSON; charsets other than UTF-8 are not served.
std::optional<Codec> CodecOf(absl::string_view content_type) {
  const std::string lower = absl::AsciiStrToLower(content_type);
  const std::vector<absl::string_view> parts = absl::StrSplit(lower, ';');
  for (size_t i = 1; i < parts.size(); ++i) {
    const absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (!absl::StartsWith(parameter, "charset=")) continue;
    if (parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"") return std::nullopt;
  }
  const absl::string_view type = absl::StripAsciiWhitespace(parts[0]);
  if (type == kJsonType) return Codec::kJson;
  if (type == kProtoType) return Codec::kProto;
  return std::nullopt;
}

absl::StatusOr<absl::Duration> TimeoutOf(absl::string_view text, absl::Duration most) {
  if (text.empty()) return most;
  int64_t milliseconds = 0;
  const bool digits = text.size() <= kTimeoutDigitsMax && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  if (!digits || !absl::SimpleAtoi(text, &milliseconds) || milliseconds == 0) {
    return RefuseFields({{"Connect-Timeout-Ms", "Give milliseconds as 1 to 10 digits, more than 0"}});
  }
  return std::min(absl::Milliseconds(milliseconds), most);
}

// gRPC stops the process over metadata that it does not allow, so only visible ASCII passes.
bool IsVisibleAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

absl::Status CheckHead(const RequestHead& head, const RouteOptions& options) {
  if (!head.connect_protocol_version.empty() && head.connect_protocol_version != "1") {
    return RefuseFields({{"Connect-Protocol-Version", "The version spoken here is 1"}});
  }
  if (!IsVisibleAscii(head.authorization)) return RefuseFields({{"Authorization", "Use visible ASCII characters"}});
  if (head.content_length.has_value() && *head.content_length > options.body_bytes_max) {
    return Refuse(Reason::kBodyTooLarge, {{"limit", absl::StrCat(options.body_bytes_max)}});
  }
  return absl::OkStatus();
}

// Connect wants "unimplemented" for a compression that is not served, and the list of those that are.
Answer CompressedAnswer() {
  google::rpc::Status error = ToRpcStatus(RefuseFields({{"Content-Encoding", "Send the body as it is: identity"}}));
  error.set_code(kUnimplemented);
  return ErrorAnswer(error);
}

absl::variant<Answer, ApiCall> RouteCall(const RequestHead& head, const MethodDescriptor& method,
                                         const RouteOptions& options) {
  const std::optional<Codec> codec = CodecOf(head.content_type);
  if (!codec.has_value()) return ErrorAnswer(Refuse(Reason::kBadContentType, {{"content_type", head.content_type}}));
  if (!head.content_encoding.empty() && !absl::EqualsIgnoreCase(head.content_encoding, "identity")) {
    return CompressedAnswer();
  }
  const absl::Status checked = CheckHead(head, options);
  if (!checked.ok()) return ErrorAnswer(checked);
  const absl::StatusOr<absl::Duration> timeout = TimeoutOf(head.connect_timeout_ms, options.call_time_max);
  if (!timeout.ok()) return ErrorAnswer(timeout.status());
  ApiCall call;
  call.path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  call.request_type = method.input_type()->full_name();
  call.response_type = method.output_type()->full_name();
  call.codec = *codec;
  call.timeout = *timeout;
  call.authorization = head.authorization;
  return call;
}

bool IsWire(const std::string& type, const std::string& bytes) {
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
  const std::unique_ptr<google::protobuf::Message> message(prototype->New());
  return message->ParseFromString(bytes);
}

}  // namespace

absl::variant<Answer, ApiCall> Route(const RequestHead& head, const RouteOptions& options) {
  const absl::string_view path = absl::string_view(head.target).substr(0, head.target.find('?'));
  if (head.verb == "OPTIONS" && path == "*") return Options("GET, HEAD, POST, OPTIONS");
  if (IsPage(path, options)) {
    if (head.verb == "OPTIONS") return Options(kReadVerbs);
    if (head.verb != "GET" && head.verb != "HEAD") return WrongVerb(head, path, kReadVerbs);
    return PageAt(path, options);
  }
  const MethodDescriptor* method = FindMethod(path);
  if (method == nullptr) return ErrorAnswer(Refuse(Reason::kMethodNotFound, {{"method", path}}));
  if (head.verb == "OPTIONS") return Options(kCallVerbs);
  if (head.verb != "POST") return WrongVerb(head, path, kCallVerbs);
  return RouteCall(head, *method, options);
}

absl::StatusOr<std::string> ReadBody(const ApiCall& call, std::string body) {
  if (call.codec == Codec::kJson) return JsonToWire(call.request_type, body);
  if (IsWire(call.request_type, body)) return body;
  return Refuse(Reason::kBadJson, {{"message", call.request_type},
                                   {"problem", "the bytes are not such a message in protobuf's wire format"}});
}

Answer WriteBody(const ApiCall& call, std::string response) {
  Answer answer;
  if (call.codec == Codec::kProto) {
    answer.content_type = kProtoType;
    answer.body = std::move(response);
    return answer;
  }
  absl::StatusOr<std::string> json = WireToJson(call.response_type, response);
  if (!json.ok()) return ErrorAnswer(json.status());
  answer.content_type = kJsonType;
  answer.body = *std::move(json);
  return answer;
}

Answer ErrorAnswer(const google::rpc::Status& error) {
  Answer answer;
  answer.http_status = HttpStatusFor(error);
  answer.content_type = kJsonType;
  answer.body = ConnectErrorJson(error);
  return answer;
}

Answer ErrorAnswer(const absl::Status& error) { return ErrorAnswer(ToRpcStatus(error)); }

}  // namespace turnabout
