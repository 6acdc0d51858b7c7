// A Client sends any request of the API to a server and waits: the request's type says which rpc is meant.
//
//   v1::GetEntryResponse response;
//   absl::Status status = client.Call(request, response);   // GetEntryRequest: LedgerService.GetEntry
//
// A refusal's message begins with its reason: "DISK_FULL: The disk is nearly full".
#ifndef TURNABOUT_TESTS_CRASH_CLIENT_H_
#define TURNABOUT_TESTS_CRASH_CLIENT_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace grpc {
class Channel;
}

namespace turnabout {

using MessagePtr = std::shared_ptr<google::protobuf::Message>;

// An empty answer to `request`.
MessagePtr NewAnswer(const google::protobuf::Message& request);

// True when `status` is a refusal for this reason.
bool IsFor(const absl::Status& status, const std::string& reason);

// True for the answer of gRPC itself to a call that reaches a server after it has stopped taking calls and before the
// caller has heard so. The server has not seen such a call.
bool IsCutOff(const absl::Status& status);

// Threads: safe for concurrent use.
class Client {
 public:
  // A connection of its own to `address`.
  explicit Client(const std::string& address);

  // Never tries twice.
  absl::Status Call(const google::protobuf::Message& request, google::protobuf::Message& answer,
                    absl::Duration deadline = absl::Seconds(30)) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

// Every page of a list, each item appended by `take`.
template <typename Response, typename Request, typename Take>
absl::Status ListAll(const Client& client, Request request, Take take) {
  request.set_page_size(1000);
  while (true) {
    Response response;
    if (const absl::Status status = client.Call(request, response); !status.ok()) return status;
    take(response);
    if (response.next_page_token().empty()) return absl::OkStatus();
    request.set_page_token(response.next_page_token());
  }
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_CLIENT_H_
