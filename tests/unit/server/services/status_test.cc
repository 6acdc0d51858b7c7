#include "server/services/status.h"

#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace turnabout {
namespace {

constexpr size_t kRpcStatusBytesMax = 4096;

google::rpc::ErrorInfo InfoIn(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  EXPECT_GE(status.details_size(), 1);
  EXPECT_TRUE(status.details(0).UnpackTo(&info));
  return info;
}

TEST(Status, OkStaysOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_EQ(ToRpcStatus(absl::OkStatus()).ByteSizeLong(), 0u);
}

TEST(Status, ARefusalKeepsItsCodeSentenceReasonAndFacts) {
  const grpc::Status status =
      ToGrpcStatus(Refuse(Reason::kCreditLimitReached, {{"limit", "-600"}, {"would_be", "-660"}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "The balance would be -660 minutes; the lowest allowed is -600.");
  google::rpc::Status rpc;
  ASSERT_TRUE(rpc.ParseFromString(status.error_details()));
  EXPECT_EQ(rpc.code(), 9);
  EXPECT_EQ(rpc.message(), status.error_message());
  ASSERT_EQ(rpc.details_size(), 1);
  const google::rpc::ErrorInfo info = InfoIn(rpc);
  EXPECT_EQ(info.reason(), "CREDIT_LIMIT_REACHED");
  EXPECT_EQ(info.domain(), "turnabout.v1");
  ASSERT_EQ(info.metadata_size(), 2);
  EXPECT_EQ(info.metadata().at("limit"), "-600");
}

TEST(Status, EveryReasonKeepsItsCode) {
  for (const ReasonInfo& info : AllReasons()) {
    const google::rpc::Status status = ToRpcStatus(Refuse(info.reason));
    EXPECT_EQ(status.code(), static_cast<int>(info.code));
    EXPECT_EQ(InfoIn(status).reason(), info.name);
  }
}

TEST(Status, WrongFieldsBecomeABadRequest) {
  const google::rpc::Status status = ToRpcStatus(RefuseFields({{"a", "Enter a"}, {"b[2]", "Shorten b"}}));
  ASSERT_EQ(status.details_size(), 2);
  google::rpc::BadRequest bad;
  ASSERT_TRUE(status.details(1).UnpackTo(&bad));
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(1).field(), "b[2]");
  EXPECT_EQ(bad.field_violations(1).description(), "Shorten b");
  EXPECT_EQ(InfoIn(status).metadata().count("fields_left_out"), 0u);
}

TEST(Status, AThousandWrongFieldsStillFitAHeader) {
  std::vector<FieldProblem> problems;
  for (int i = 0; i < 1000; ++i) problems.push_back({absl::StrCat("members[", i, "].display_name"), "Enter a name"});
  const google::rpc::Status status = ToRpcStatus(RefuseFields(problems));
  EXPECT_LE(status.ByteSizeLong(), kRpcStatusBytesMax);
  google::rpc::BadRequest bad;
  ASSERT_TRUE(status.details(1).UnpackTo(&bad));
  ASSERT_GT(bad.field_violations_size(), 10);
  EXPECT_EQ(InfoIn(status).metadata().at("fields_left_out"), absl::StrCat(1000 - bad.field_violations_size()));
}

TEST(Status, OneHugeFieldStillFitsAHeader) {
  const std::string huge(100'000, 'x');
  const google::rpc::Status status = ToRpcStatus(RefuseFields({{huge, huge}}));
  EXPECT_LE(status.ByteSizeLong(), kRpcStatusBytesMax);
  EXPECT_TRUE(absl::EndsWith(status.message(), "..."));
}

TEST(Status, BytesThatAreNotUtf8AreReplaced) {
  const auto text_of = [](absl::string_view text) {
    const google::rpc::Status status = ToRpcStatus(Refuse(Reason::kBadId, {{"text", text}}));
    google::rpc::Status back;
    EXPECT_TRUE(back.ParseFromString(status.SerializeAsString())) << text;
    return InfoIn(back).metadata().at("text");
  };
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(text_of("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\xB1"), "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\xB1");
  EXPECT_EQ(text_of("a\xFF"
                    "b"),
            absl::StrCat("a", mark, "b"));
  EXPECT_EQ(text_of("\xC3"), mark);                                   // cut short
  EXPECT_EQ(text_of("\xC0\xAF"), mark + mark);                        // overlong
  EXPECT_EQ(text_of("\xED\xA0\x80"), mark + mark + mark);             // surrogate
  EXPECT_EQ(text_of("\xF4\x90\x80\x80"), mark + mark + mark + mark);  // beyond U+10FFFF
}

TEST(Status, ALongTextIsCutBetweenCharacters) {
  std::string euros;
  for (int i = 0; i < 500; ++i) euros += "\xE2\x82\xAC";
  const google::rpc::Status status = ToRpcStatus(Refuse(Reason::kBadId, {{"text", euros}}));
  EXPECT_EQ(InfoIn(status).metadata().at("text"), euros.substr(0, 198) + "...");
}

TEST(Status, AStatusWithoutAReasonSaysNothingOfItself) {
  const google::rpc::Status status = ToRpcStatus(absl::DataLossError("row 17 of /var/lib"));
  EXPECT_EQ(status.code(), static_cast<int>(absl::StatusCode::kInternal));
  EXPECT_EQ(InfoIn(status).reason(), "INTERNAL");
  EXPECT_FALSE(absl::StrContains(status.DebugString(), "row 17"));
}

}  // namespace
}  // namespace turnabout
