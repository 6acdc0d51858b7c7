#include "server/edge/connect_error.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/services/status.h"

namespace turnabout {
namespace {

TEST(ConnectError, CodesAndHttpStatusesAreConnects) {
  const std::tuple<int, absl::string_view, int> cases[] = {
      {1, "canceled", 499},
      {2, "unknown", 500},
      {3, "invalid_argument", 400},
      {4, "deadline_exceeded", 504},
      {5, "not_found", 404},
      {6, "already_exists", 409},
      {7, "permission_denied", 403},
      {8, "resource_exhausted", 429},
      {9, "failed_precondition", 400},
      {10, "aborted", 409},
      {11, "out_of_range", 400},
      {12, "unimplemented", 501},
      {13, "internal", 500},
      {14, "unavailable", 503},
      {15, "data_loss", 500},
      {16, "unauthenticated", 401},
      {17, "unknown", 500},
      {-1, "unknown", 500},
  };
  for (const auto& [code, name, http_status] : cases) {
    EXPECT_EQ(ConnectCode(code), name);
    google::rpc::Status error;
    error.set_code(code);
    EXPECT_EQ(HttpStatusFor(error), http_status) << name;
  }
}

TEST(ConnectError, EveryReasonHasAnHttpStatusForErrors) {
  for (const ReasonInfo& info : AllReasons())
    EXPECT_GE(HttpStatusFor(ToRpcStatus(Refuse(info.reason))), 400) << info.name;
  EXPECT_EQ(HttpStatusFor(ToRpcStatus(Refuse(Reason::kMethodNotFound))), 404);
  EXPECT_EQ(HttpStatusFor(ToRpcStatus(Refuse(Reason::kBadContentType))), 415);
  EXPECT_EQ(HttpStatusFor(ToRpcStatus(Refuse(Reason::kBodyTooLarge))), 413);
}

TEST(ConnectError, TheBodyIsExactlyThis) {
  const google::rpc::Status error = ToRpcStatus(Refuse(Reason::kMemberLeft, {{"name", "a\"b\\\x01"}}));
  EXPECT_EQ(ConnectErrorJson(error),
            R"({"code":"failed_precondition","message":"a\"b\\\u0001 has left the scheme.","details":[)"
            R"({"type":"google.rpc.ErrorInfo","value":"CgtNRU1CRVJfTEVGVBIMdHVybmFib3V0LnYxGg0KBG5hbWUSBWEiYlwB",)"
            R"("debug":{"reason":"MEMBER_LEFT","domain":"turnabout.v1","metadata":{"name":"a\"b\\\u0001"}}}]})");
}

TEST(ConnectError, ADetailOfAnUnknownTypeHasNoDebug) {
  google::rpc::Status error;
  error.set_code(5);
  error.add_details()->set_type_url("type.googleapis.com/a.B");
  error.mutable_details(0)->set_value("x");
  EXPECT_EQ(ConnectErrorJson(error), R"({"code":"not_found","message":"","details":[{"type":"a.B","value":"eA"}]})");
}

}  // namespace
}  // namespace turnabout
