#include "server/edge/upstream.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "base/reason.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/services/status.h"

namespace turnabout {
namespace {

std::string ReasonOf(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  return status.details_size() > 0 && status.details(0).UnpackTo(&info) ? info.reason() : "";
}

TEST(FromGrpcStatus, OkStaysOk) { EXPECT_EQ(FromGrpcStatus(grpc::Status::OK, "/a/b").code(), 0); }

TEST(FromGrpcStatus, WhatServicesSayIsKept) {
  const absl::Status refused = RefuseFields({{"a", "Enter a"}});
  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(refused), "/a/b").SerializeAsString(),
            ToRpcStatus(refused).SerializeAsString());
}

TEST(FromGrpcStatus, WhatGrpcSaysGetsAReason) {
  const std::tuple<grpc::StatusCode, absl::string_view, int> cases[] = {
      {grpc::StatusCode::CANCELLED, "CANCELLED", 1},
      {grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_PASSED", 4},
      {grpc::StatusCode::UNAVAILABLE, "DRAINING", 14},
      {grpc::StatusCode::UNIMPLEMENTED, "METHOD_NOT_FOUND", 12},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "INTERNAL", 13},
      {grpc::StatusCode::UNKNOWN, "INTERNAL", 13},
      {grpc::StatusCode::NOT_FOUND, "INTERNAL", 13},
  };
  for (const auto& [code, reason, number] : cases) {
    const google::rpc::Status status = FromGrpcStatus(grpc::Status(code, "secret"), "/a/b");
    EXPECT_EQ(ReasonOf(status), reason);
    EXPECT_EQ(status.code(), number);
    EXPECT_FALSE(absl::StrContains(status.DebugString(), "secret"));
  }
}

TEST(FromGrpcStatus, ADeadlineDoesNotClaimThatNothingHappened) {
  const google::rpc::Status status = FromGrpcStatus(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, ""), "/a/b");
  EXPECT_EQ(status.message(), "The deadline passed. What was asked for may or may not have been done.");
}

TEST(FromGrpcStatus, DetailsThatCannotBeReadAreNone) {
  for (const std::string details : {"\xFF\xFF", "", "\x08\x05"}) {
    EXPECT_EQ(ReasonOf(FromGrpcStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "x", details), "/a/b")), "INTERNAL");
  }
}

}  // namespace
}  // namespace turnabout
