// Calls to a Turnabout server: each with a deadline and, where it writes, a request id, so that it can be sent again.
//
//   Api api({.server = "127.0.0.1:50051"});
//   v1::GetSchemeRequest request;
//   request.set_name("schemes/riverside");
//   absl::StatusOr<v1::GetSchemeResponse> response = api.Call(&v1::SchemeService::Stub::GetScheme, request);
//
// A refusal comes back as a status with the server's sentence; DetailsOf reads the rest of it.
#ifndef TURNABOUT_CLIENTS_CLI_API_H_
#define TURNABOUT_CLIENTS_CLI_API_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace google::protobuf {
class Message;
}

namespace turnabout::cli {

inline constexpr absl::Duration kReadDeadline = absl::Seconds(5);
inline constexpr absl::Duration kWriteDeadline = absl::Seconds(15);
inline constexpr absl::Duration kLongDeadline = absl::Seconds(600);
inline constexpr int kAttemptsMax = 4;

// What the server said besides its sentence.
struct ErrorDetails {
  std::string reason;  // "PLEDGE_NEEDED"; empty when there was none
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::pair<std::string, std::string>> fields;  // path, and what to do about it
};

// Of a server's answer, or of a refusal by this program itself.
ErrorDetails DetailsOf(const absl::Status& status);

// A server's answer as a status that keeps the details.
absl::Status FromGrpc(const grpc::Status& status);

struct ApiOptions {
  std::string server;
  absl::Duration timeout = absl::ZeroDuration();  // for each call; zero: what suits the call
  std::string request_id;                         // for the next write; empty: one is drawn
  int channels = 1;                               // connections that CallMany spreads its calls over
};

// Threads: safe for concurrent use.
class Api {
 public:
  explicit Api(ApiOptions options);

  // Sends `request` and waits. Sends it again, up to kAttemptsMax times in all, only when the server cannot be reached.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                Request request, absl::Duration deadline = absl::ZeroDuration()) {
    Stub stub(channels_[0]);
    Response response;
    const bool writes = SetRequestId(request);
    absl::Status status = Retry(DeadlineFor(writes, deadline), [&](grpc::ClientContext& context) {
      response.Clear();
      return (stub.*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // Sends `request` once, without a deadline, and shows each answer to `told` until the stream ends, which is told by
  // its status, or `told` returns false, which is OK.
  template <typename Stub, typename Request, typename Response>
  absl::Status ReadStream(std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                                        const Request&),
                          const Request& request, const std::function<bool(const Response&)>& told) {
    Stub stub(channels_[0]);
    grpc::ClientContext context;
    const auto reader = (stub.*method)(&context, request);
    for (Response response; reader->Read(&response);) {
      if (told(response)) continue;
      context.TryCancel();
      reader->Finish();
      return absl::OkStatus();
    }
    return FromGrpc(reader->Finish());
  }

  // Sends many requests with at most `in_flight` of them waiting at once. `start` begins one call and `done` hears of
  // each as it ends, one at a time, with its index. Returns when all have ended. REQUIRES: in_flight >= 1.
  //
  // `start(stub, context, request, response, callback)` calls the stub's asynchronous method.
  template <typename Service, typename Request, typename Response>
  void CallMany(std::vector<Request> requests, int in_flight,
                void (*start)(typename Service::Stub&, grpc::ClientContext*, const Request*, Response*,
                              std::function<void(grpc::Status)>),
                const std::function<void(size_t, absl::StatusOr<Response>)>& done) {
    std::vector<std::unique_ptr<typename Service::Stub>> stubs;
    for (const auto& channel : channels_) stubs.push_back(Service::NewStub(channel));
    std::vector<Response> responses(requests.size());
    for (Request& request : requests) SetRequestId(request);
    FanOut(
        requests.size(), in_flight,
        [&](size_t i, grpc::ClientContext* context, std::function<void(grpc::Status)> ended) {
          responses[i].Clear();
          start(*stubs[i % stubs.size()], context, &requests[i], &responses[i], std::move(ended));
        },
        [&](size_t i, const absl::Status& status) {
          if (status.ok()) return done(i, std::move(responses[i]));
          done(i, status);
        });
  }

  const std::string& server() const { return options_.server; }

 private:
  using StartCall = std::function<void(size_t, grpc::ClientContext*, std::function<void(grpc::Status)>)>;
  using CallEnded = std::function<void(size_t, const absl::Status&)>;

  absl::Duration DeadlineFor(bool writes, absl::Duration asked) const;
  // Fills in an empty request_id. False when the request has no such field: it only reads.
  bool SetRequestId(google::protobuf::Message& request) const;
  absl::Status Retry(absl::Duration deadline, const std::function<grpc::Status(grpc::ClientContext&)>& once) const;
  void FanOut(size_t count, int in_flight, const StartCall& start, const CallEnded& ended) const;

  const ApiOptions options_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
};

// A request id that nobody else draws: 32 hexadecimal digits in the groups of a UUID.
std::string DrawRequestId();

// The proto3 JSON of `message`, with line breaks. Never fails.
std::string ToJson(const google::protobuf::Message& message);
// The same on one line.
std::string ToJsonLine(const google::protobuf::Message& message);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_API_H_
