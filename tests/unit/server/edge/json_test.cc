#include "server/edge/json.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "turnabout/v1/exchange_service.pb.h"

namespace turnabout {
namespace {

constexpr absl::string_view kType = "turnabout.v1.LogExchangeRequest";

std::string Repeat(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) absl::StrAppend(&out, text);
  return out;
}

std::string ProblemOf(absl::string_view json) {
  const absl::StatusOr<std::string> wire = JsonToWire(kType, json);
  if (wire.ok()) return "";
  EXPECT_TRUE(IsRefusedFor(wire.status(), Reason::kBadJson));
  const Refusal refusal = *RefusalOf(wire.status());
  EXPECT_EQ(refusal.fact("message"), kType);
  return std::string(refusal.fact("problem"));
}

TEST(JsonSyntax, AcceptsEveryFormOfJson) {
  for (absl::string_view json :
       {"{}", " \t\r\n{ } ", "[]", "[1,-0,0.5,1e9,-1.25E-3,1E+2]", "[true,false,null,\"\"]", "3", "\"x\"",
        R"({"a":{"b":[{}, []]},"c":"\"\\\/\b\f\n\r\t\u00e9\ud83c\udf31"})", "\"caf\xC3\xA9 \xF0\x9F\x8C\xB1\x7F\""}) {
    EXPECT_EQ(JsonProblem(json), std::nullopt) << json;
  }
}

TEST(JsonSyntax, SaysWhereAndWhat) {
  const std::pair<absl::string_view, absl::string_view> cases[] = {
      {"", "line 1, column 1: expected a value"},
      {"  ", "line 1, column 3: expected a value"},
      {"{", "line 1, column 2: expected a name in double quotes"},
      {"{a:1}", "line 1, column 2: expected a name in double quotes"},
      {"{'a':1}", "line 1, column 2: expected a name in double quotes"},
      {"{\"a\":1,}", "line 1, column 8: expected a name in double quotes"},
      {"{\"a\" 1}", "line 1, column 6: expected ':'"},
      {"{\"a\":1 \"b\":2}", "line 1, column 8: expected ',' or '}'"},
      {"[1,]", "line 1, column 4: expected a value"},
      {"[1 2]", "line 1, column 4: expected ',' or ']'"},
      {"{} {}", "line 1, column 4: expected the end"},
      {"{\n\"\xC3\xA9\":\n  tru}", "line 3, column 3: expected a value"},
      {"\"\xC3\xA9\" x", "line 1, column 5: expected the end"},
      {"nul", "line 1, column 1: expected a value"},
      {"NaN", "line 1, column 1: expected a value"},
      {"\xEF\xBB\xBF{}", "line 1, column 1: expected a value"},
      {"[01]", "line 1, column 3: expected ',' or ']'"},
      {"-", "line 1, column 2: expected a digit"},
      {"1.", "line 1, column 3: expected a digit"},
      {"1e+", "line 1, column 4: expected a digit"},
      {"+1", "line 1, column 1: expected a value"},
      {"\"a", "line 1, column 3: expected a closing double quote"},
      {"\"a\nb\"", "line 1, column 3: expected an escape such as \\n for a control character"},
      {"\"\\x\"", "line 1, column 2: expected a known escape"},
      {"\"\\", "line 1, column 2: expected a known escape"},
      {"\"\\u12g4\"", "line 1, column 2: expected four hexadecimal digits after \\u"},
      {"\"\\ud800\"", "line 1, column 2: expected both halves of a surrogate pair"},
      {"\"\\ud800\\u0041\"", "line 1, column 2: expected both halves of a surrogate pair"},
      {"\"\\udc00\"", "line 1, column 2: expected both halves of a surrogate pair"},
      {"\"\xFF\"", "line 1, column 2: expected UTF-8"},
      {"\"\xC0\x80\"", "line 1, column 2: expected UTF-8"},
  };
  for (const auto& [json, problem] : cases) EXPECT_EQ(JsonProblem(json).value_or(""), problem) << json;
}

TEST(JsonSyntax, DepthIsLimited) {
  EXPECT_EQ(JsonProblem(Repeat("[", 64) + Repeat("]", 64)), std::nullopt);
  EXPECT_EQ(JsonProblem(Repeat("[", 65) + Repeat("]", 65)).value_or(""),
            "line 1, column 65: expected at most 64 levels");
  EXPECT_TRUE(JsonProblem(Repeat("{\"a\":", 1'000'000)).has_value());
}

TEST(JsonToWire, ReadsEveryWayToWriteAField) {
  const absl::StatusOr<std::string> wire = JsonToWire(
      kType, R"({"parent":"schemes/a","exchange":{"minutes":"90","happened_on_date":"2026-11-01","note":null},)"
             R"("validateOnly":true})");
  ASSERT_TRUE(wire.ok()) << wire.status();
  v1::LogExchangeRequest request;
  ASSERT_TRUE(request.ParseFromString(*wire));
  EXPECT_EQ(request.parent(), "schemes/a");
  EXPECT_EQ(request.exchange().minutes(), 90);
  EXPECT_EQ(request.exchange().happened_on_date(), "2026-11-01");
  EXPECT_TRUE(request.validate_only());
}

TEST(JsonToWire, NamesWhatDoesNotFit) {
  const std::pair<absl::string_view, absl::string_view> cases[] = {
      {R"({"parrent":"x"})", "parrent: there is no such field"},
      {R"({"exchange":{"minuets":3}})", "exchange.minuets: there is no such field"},
      {R"({"exchange":{"minutes":"abc"}})", "exchange.minutes: invalid value \"abc\" for type TYPE_INT64"},
      {R"({"exchange":{"minutes":1.5}})", "exchange.minutes: invalid value 1.5 for type TYPE_INT64"},
      {R"({"exchange":{"state":"NOPE"}})",
       "exchange.state: invalid value \"NOPE\" for type turnabout.v1.Exchange.State"},
      {R"({"exchange":3})", "exchange: invalid value 3 for type turnabout.v1.Exchange"},
      {R"({"parent":[1]})", "parent: Proto field is not repeating, cannot start list."},
      {R"([])", "expected an object, {…}"},
      {R"(null)", "expected an object, {…}"},
      {R"({"parent" "x"})", "line 1, column 11: expected ':'"},
      {"", "it is empty; send {} for no fields"},
  };
  for (const auto& [json, problem] : cases) EXPECT_EQ(ProblemOf(json), problem) << json;
}

TEST(WireToJson, PrintsTheStandardMapping) {
  v1::LogExchangeResponse response;
  response.mutable_exchange()->set_minutes_posted(5);
  response.mutable_exchange()->set_note("a \"b\" \n \xE2\x82\xAC");
  response.mutable_exchange()->mutable_create_time()->set_seconds(1'800'000'000);
  const absl::StatusOr<std::string> json = WireToJson("turnabout.v1.LogExchangeResponse", response.SerializeAsString());
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(*json, R"({"exchange":{"note":"a \"b\" \n €","minutesPosted":"5","createTime":"2027-01-15T08:00:00Z"}})");
}

TEST(WireToJson, ATimeThatJsonCannotHoldIsInternal) {
  v1::LogExchangeResponse response;
  response.mutable_exchange()->mutable_create_time()->set_seconds(int64_t{1} << 40);
  const absl::StatusOr<std::string> json = WireToJson("turnabout.v1.LogExchangeResponse", response.SerializeAsString());
  EXPECT_TRUE(IsRefusedFor(json.status(), Reason::kInternal));
}

TEST(Json, WhatWasPrintedReadsBack) {
  v1::LogExchangeRequest request;
  request.set_actor(Repeat("\xF0\x9F\x8C\xB1\\\"\x01", 50));
  request.mutable_exchange()->set_minutes(INT64_MIN);
  request.mutable_exchange()->set_state(v1::Exchange::STATE_VOIDED);
  const absl::StatusOr<std::string> json = WireToJson(kType, request.SerializeAsString());
  ASSERT_TRUE(json.ok());
  const absl::StatusOr<std::string> wire = JsonToWire(kType, *json);
  ASSERT_TRUE(wire.ok()) << wire.status();
  EXPECT_EQ(*wire, request.SerializeAsString());
}

}  // namespace
}  // namespace turnabout
