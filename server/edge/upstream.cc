#include "server/edge/upstream.h"

#include <grpc/support/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "google/rpc/status.pb.h"
#include "server/services/status.h"

namespace turnabout {
namespace {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

class GenericCall : public UpstreamCall {
 public:
  GenericCall(std::shared_ptr<grpc::Channel> channel, UpstreamRequest request)
      : stub_(std::move(channel)), path_(std::move(request.path)) {
    const grpc::Slice slice(request.message);
    request_ = grpc::ByteBuffer(&slice, 1);
    context_.set_deadline(gpr_time_from_millis(absl::ToInt64Milliseconds(request.timeout), GPR_TIMESPAN));
    if (!request.authorization.empty()) context_.AddMetadata("authorization", request.authorization);
  }

  // Hands `self`, which is this, to gRPC until the call is over. Nothing of it stays behind on gRPC's thread.
  void Start(std::shared_ptr<GenericCall> self, std::function<void(std::shared_ptr<UpstreamCall>)> done) {
    stub_.UnaryCall(&context_, path_, grpc::StubOptions(), &request_, &response_,
                    [self = std::move(self), done = std::move(done)](const grpc::Status& status) mutable {
                      self->status_ = FromGrpcStatus(status, self->path_);
                      done(std::move(self));
                    });
  }

  void Cancel() override { context_.TryCancel(); }
  const google::rpc::Status& status() const override { return status_; }
  std::string TakeMessage() override { return BytesOf(response_); }

 private:
  grpc::GenericStub stub_;
  const std::string path_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  google::rpc::Status status_;  // written before `done`, read after
};

}  // namespace

std::shared_ptr<UpstreamCall> StartUpstreamCall(std::shared_ptr<grpc::Channel> channel, UpstreamRequest request,
                                                std::function<void(std::shared_ptr<UpstreamCall>)> done) {
  auto call = std::make_shared<GenericCall>(std::move(channel), std::move(request));
  call->Start(call, std::move(done));
  return call;
}

google::rpc::Status FromGrpcStatus(const grpc::Status& status, absl::string_view path) {
  google::rpc::Status out;
  if (status.ok()) return out;
  if (!status.error_details().empty() && out.ParseFromString(status.error_details()) && out.details_size() > 0)
    return out;
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      return ToRpcStatus(Refuse(Reason::kCancelled));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      out = ToRpcStatus(Refuse(Reason::kDeadlinePassed));
      out.set_message("The deadline passed. What was asked for may or may not have been done.");
      return out;
    case grpc::StatusCode::UNAVAILABLE:
      return ToRpcStatus(Refuse(Reason::kDraining));
    case grpc::StatusCode::UNIMPLEMENTED:
      return ToRpcStatus(Refuse(Reason::kMethodNotFound, {{"method", path}}));
    default:
      Log(Severity::kError, "an error without details",
          {{"path", std::string(path)}, {"code", absl::StrCat(static_cast<int>(status.error_code()))}});
      return ToRpcStatus(Refuse(Reason::kInternal));
  }
}

}  // namespace turnabout
