#include "tests/crash/client.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace turnabout {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// A file of the API has at most one service, and a request is named after its rpc.
const MethodDescriptor& MethodOf(const Message& request) {
  const std::string name(absl::StripSuffix(request.GetDescriptor()->name(), "Request"));
  return *request.GetDescriptor()->file()->service(0)->FindMethodByName(name);
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  std::string message = status.error_message();
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) message = absl::StrCat(info.reason(), ": ", message);
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), message);
}

}  // namespace

MessagePtr NewAnswer(const Message& request) {
  const auto* type = MethodOf(request).output_type();
  return MessagePtr(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

bool IsFor(const absl::Status& status, const std::string& reason) {
  return absl::StartsWith(status.message(), absl::StrCat(reason, ": "));
}

bool IsCutOff(const absl::Status& status) { return absl::IsCancelled(status) && !IsFor(status, "CANCELLED"); }

Client::Client(const std::string& address) {
  // How often gRPC looks at a connection without calls. Its 5 s are how late it hears that a server is stopping, and
  // how long the server waits for it to hang up.
  ::setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50", 0);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(-1);
  channel_ = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

absl::Status Client::Call(const Message& request, Message& answer, absl::Duration deadline) const {
  const MethodDescriptor& method = MethodOf(request);
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  const grpc::Slice sent(request.SerializeAsString());
  const grpc::ByteBuffer buffer(&sent, 1);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(
      &context, absl::StrCat("/", method.service()->full_name(), "/", method.name()), buffer, &queue);
  call->StartCall();
  grpc::ByteBuffer received;
  grpc::Status status;
  call->Finish(&received, &status, nullptr);
  void* tag = nullptr;
  bool done = false;
  queue.Next(&tag, &done);
  if (!status.ok()) return FromGrpc(status);
  grpc::Slice whole;
  if (!received.DumpToSingleSlice(&whole).ok()) return absl::InternalError("an answer without bytes");
  if (!answer.ParseFromArray(whole.begin(), static_cast<int>(whole.size()))) {
    return absl::InternalError("an answer that is not of its type");
  }
  return absl::OkStatus();
}

}  // namespace turnabout
