// What the gateway answers to whole requests.
#include <google/rpc/error_details.pb.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/integration/gateway_fixture.h"

namespace turnabout {
namespace {

using GatewayApi = GatewayTest;

constexpr absl::string_view kLog = "/turnabout.v1.ExchangeService/LogExchange";
constexpr absl::string_view kJson = "Content-Type: application/json\r\n";

// What is between `before` and the next double quote.
std::string Between(absl::string_view text, absl::string_view before) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(before, 1));
  return parts.size() < 2 ? "" : std::vector<std::string>(absl::StrSplit(parts[1], '"'))[0];
}

void ExpectError(const HttpReply& reply, int status, absl::string_view code, absl::string_view reason) {
  EXPECT_EQ(reply.status, status) << reply.body;
  EXPECT_EQ(reply.header.at("content-type"), "application/json");
  EXPECT_EQ(reply.header.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.header.at("cache-control"), "no-store");
  EXPECT_EQ(Between(reply.body, "{\"code\":\""), code) << reply.body;
  EXPECT_EQ(Between(reply.body, "\"debug\":{\"reason\":\""), reason) << reply.body;
  EXPECT_TRUE(absl::StrContains(reply.body, "\"domain\":\"turnabout.v1\"")) << reply.body;
}

TEST_F(GatewayApi, JsonGoesInAndComesOut) {
  HttpConnection connection(port());
  const HttpReply reply =
      connection.Call("ExchangeService/LogExchange",
                      R"({"parent":"schemes/a","exchange":{"giver":"Ana","minutes":90,"happenedOnDate":"2026-11-01"},)"
                      R"("validate_only":true})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body,
            R"({"exchange":{"giver":"Ana","minutes":"90","happenedOnDate":"2026-11-01","state":"STATE_LOGGED"},)"
            R"("revision":"7"})");
  EXPECT_EQ(reply.header.at("content-type"), "application/json");
  EXPECT_EQ(reply.header.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.header.at("cache-control"), "no-store");
}

TEST_F(GatewayApi, WireBytesGoInAndComeOut) {
  v1::LogExchangeRequest request;
  request.mutable_exchange()->set_minutes(90);
  HttpConnection connection(port());
  const HttpReply reply =
      connection.Ask("POST", kLog, "Content-Type: application/proto\r\n", request.SerializeAsString());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header.at("content-type"), "application/proto");
  v1::LogExchangeResponse response;
  ASSERT_TRUE(response.ParseFromString(reply.body));
  EXPECT_EQ(response.exchange().minutes(), 90);
  EXPECT_EQ(response.revision(), 7);
}

TEST_F(GatewayApi, AnEmptyBodyIsAMessageInProtobufButNotInJson) {
  HttpConnection connection(port());
  EXPECT_EQ(
      connection.Ask("POST", "/turnabout.v1.ServerService/GetServerInfo", "Content-Type: application/proto\r\n").status,
      200);
  const HttpReply reply = connection.Call("ServerService/GetServerInfo", "");
  ExpectError(reply, 400, "invalid_argument", "BAD_JSON");
  EXPECT_TRUE(absl::StrContains(reply.body, "send {}")) << reply.body;
}

TEST_F(GatewayApi, ARefusalKeepsItsReasonAndItsFacts) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ExchangeService/LogExchange", R"({"exchange":{"minutes":"660"}})");
  ExpectError(reply, 400, "failed_precondition", "CREDIT_LIMIT_REACHED");
  EXPECT_EQ(Between(reply.body, "\"message\":\""), "The balance would be -660 minutes; the lowest allowed is -600.");
  EXPECT_EQ(Between(reply.body, "\"type\":\""), "google.rpc.ErrorInfo");
  const std::string base64 = Between(reply.body, "\"value\":\"");
  EXPECT_FALSE(absl::StrContains(base64, "="));
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(base64, &bytes));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(bytes));
  EXPECT_EQ(info.metadata().at("would_be"), "-660");
}

TEST_F(GatewayApi, WrongFieldsAreAllNamed) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ExchangeService/LogExchange", "{}");
  ExpectError(reply, 400, "invalid_argument", "BAD_FIELDS");
  EXPECT_TRUE(absl::StrContains(reply.body, "google.rpc.BadRequest")) << reply.body;
  EXPECT_TRUE(absl::StrContains(
      reply.body, R"({"field":"exchange.minutes","description":"Enter how many minutes"},{"field":"actor")"))
      << reply.body;
}

TEST_F(GatewayApi, AnErrorWithoutDetailsIsInternalAndSaysNothing) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ExchangeService/LogExchange", R"({"exchange":{"minutes":13}})");
  ExpectError(reply, 500, "internal", "INTERNAL");
  EXPECT_FALSE(absl::StrContains(reply.body, "secret"));
}

TEST_F(GatewayApi, UnknownMethodsAreNotFound) {
  for (absl::string_view target :
       {"/turnabout.v1.ServerService/Nothing", "/turnabout.v1.Nothing/LogExchange", "/nothing", "/a/b/c/d", "//",
        "/grpc.health.v1.Health/Check", "/turnabout.v1/ExchangeService.LogExchange",
        "/turnabout.v1.ExchangeService/LogExchange/", "/turnabout.v1.ExchangeService.LogExchange", "/%00%ff\"\\"}) {
    HttpConnection connection(port());
    ExpectError(connection.Ask("POST", target, kJson, "{}"), 404, "unimplemented", "METHOD_NOT_FOUND");
  }
}

TEST_F(GatewayApi, AMethodThatTheServerLacksIsNotFound) {
  HttpConnection connection(port());
  ExpectError(connection.Call("ExchangeService/GetExchange", "{}"), 404, "unimplemented", "METHOD_NOT_FOUND");
}

TEST_F(GatewayApi, CallsArePostOnly) {
  HttpConnection connection(port());
  for (absl::string_view verb : {"GET", "PUT", "DELETE", "PATCH", "BREW"}) {
    const HttpReply reply = connection.Ask(verb, kLog);
    ExpectError(reply, 405, "unimplemented", "METHOD_NOT_FOUND");
    EXPECT_EQ(reply.header.at("allow"), "POST, OPTIONS");
  }
  const HttpReply head = connection.Ask("HEAD", kLog);
  EXPECT_EQ(head.status, 405);
  const HttpReply options = connection.Ask("OPTIONS", kLog);
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header.at("allow"), "POST, OPTIONS");
  EXPECT_EQ(options.header.count("content-length"), 0u);
  EXPECT_EQ(options.header.count("access-control-allow-origin"), 0u);
}

TEST_F(GatewayApi, OtherContentTypesAreRefused) {
  for (absl::string_view type : {"text/plain", "application/x-www-form-urlencoded", "application/connect+json",
                                 "application/grpc-web", "application/json; charset=latin1", ""}) {
    HttpConnection connection(port());
    const std::string line = type.empty() ? "" : absl::StrCat("Content-Type: ", type, "\r\n");
    const HttpReply reply = connection.Ask("POST", kLog, line, "{}");
    ExpectError(reply, 415, "invalid_argument", "BAD_CONTENT_TYPE");
    EXPECT_TRUE(connection.AtEnd());
  }
  HttpConnection connection(port());
  EXPECT_EQ(connection
                .Ask("POST", "/turnabout.v1.ServerService/GetServerInfo",
                     "Content-Type: Application/JSON ; Charset=\"UTF-8\"\r\n", "{}")
                .status,
            200);
}

TEST_F(GatewayApi, BadJsonSaysWhere) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ExchangeService/LogExchange", "{\n  \"parent\" 3}");
  ExpectError(reply, 400, "invalid_argument", "BAD_JSON");
  EXPECT_EQ(Between(reply.body, "\"message\":\""),
            "The body cannot be read as turnabout.v1.LogExchangeRequest: line 2, column 12: expected ':'");
}

TEST_F(GatewayApi, UnknownFieldsAreRefusedByName) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ExchangeService/LogExchange", R"({"exchange":{"minuets":90}})");
  ExpectError(reply, 400, "invalid_argument", "BAD_JSON");
  EXPECT_TRUE(absl::StrContains(reply.body, "exchange.minuets: there is no such field")) << reply.body;
}

TEST_F(GatewayApi, BytesThatAreNoMessageAreRefused) {
  HttpConnection connection(port());
  ExpectError(connection.Ask("POST", kLog, "Content-Type: application/proto\r\n", "\x0A\xFF"), 400, "invalid_argument",
              "BAD_JSON");
}

TEST_F(GatewayApi, CompressedBodiesAreNotServed) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Ask("POST", kLog, absl::StrCat(kJson, "Content-Encoding: gzip\r\n"), "{}");
  ExpectError(reply, 501, "unimplemented", "BAD_FIELDS");
  EXPECT_EQ(reply.header.at("accept-encoding"), "identity");
  HttpConnection another(port());
  EXPECT_EQ(another.Call("ServerService/GetServerInfo", "{}", "Content-Encoding: identity\r\n").status, 200);
}

TEST_F(GatewayApi, OtherProtocolVersionsAreRefused) {
  HttpConnection connection(port());
  EXPECT_EQ(connection.Call("ServerService/GetServerInfo", "{}", "Connect-Protocol-Version: 1\r\n").status, 200);
  ExpectError(connection.Call("ServerService/GetServerInfo", "{}", "Connect-Protocol-Version: 2\r\n"), 400,
              "invalid_argument", "BAD_FIELDS");
}

TEST_F(GatewayApi, TheTimeoutBecomesTheDeadline) {
  StartWith({.call_time_max = absl::Seconds(40)});
  HttpConnection connection(port());
  ASSERT_EQ(connection.Call("ServerService/GetServerInfo", "{}", "Connect-Timeout-Ms: 20000\r\n").status, 200);
  EXPECT_GT(fake_server_.milliseconds_left, 10'000);
  EXPECT_LE(fake_server_.milliseconds_left, 20'000);
  ASSERT_EQ(connection.Call("ServerService/GetServerInfo", "{}", "Connect-Timeout-Ms: 9999999999\r\n").status, 200);
  EXPECT_GT(fake_server_.milliseconds_left, 30'000);
  EXPECT_LE(fake_server_.milliseconds_left, 40'000);
  ASSERT_EQ(connection.Call("ServerService/GetServerInfo", "{}").status, 200);
  EXPECT_GT(fake_server_.milliseconds_left, 30'000);
  EXPECT_LE(fake_server_.milliseconds_left, 40'000);
}

TEST_F(GatewayApi, BadTimeoutsAreRefused) {
  for (absl::string_view timeout : {"0", "-1", "1.5", "abc", "10000000000", "+5", "5 s"}) {
    HttpConnection connection(port());
    ExpectError(
        connection.Call("ServerService/GetServerInfo", "{}", absl::StrCat("Connect-Timeout-Ms: ", timeout, "\r\n")),
        400, "invalid_argument", "BAD_FIELDS");
  }
}

TEST_F(GatewayApi, ADeadlineThatPassesIsSaid) {
  HttpConnection connection(port());
  ExpectError(connection.Call("ServerService/VerifyJournal", "{}", "Connect-Timeout-Ms: 50\r\n"), 504,
              "deadline_exceeded", "DEADLINE_PASSED");
  EXPECT_EQ(connection.Ask("GET", "/livez").status, 200) << "the connection lives on";
}

TEST_F(GatewayApi, AuthorizationIsPassedOn) {
  HttpConnection connection(port());
  ASSERT_EQ(connection.Call("ServerService/GetServerInfo", "{}", "Authorization: Bearer abc\r\n").status, 200);
  {
    const std::lock_guard<std::mutex> lock(fake_server_.mutex);
    EXPECT_EQ(fake_server_.last_authorization, "Bearer abc");
  }
  ExpectError(HttpConnection(port()).Call("ServerService/GetServerInfo", "{}", "Authorization: Bearer \xC3\xA9\r\n"),
              400, "invalid_argument", "BAD_FIELDS");
}

TEST_F(GatewayApi, PagesForPeopleAndLoadBalancers) {
  HttpConnection connection(port());
  const HttpReply welcome = connection.Ask("GET", "/");
  EXPECT_EQ(welcome.status, 200);
  EXPECT_EQ(welcome.header.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_TRUE(absl::StrContains(welcome.body, "POST /turnabout.v1."));
  for (absl::string_view path : {"/healthz", "/livez", "/readyz", "/healthz?verbose"}) {
    const HttpReply reply = connection.Ask("GET", path);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "ok\n");
  }
  const HttpReply head = connection.Ask("HEAD", "/healthz");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header.at("content-length"), "3");
  EXPECT_EQ(connection.Ask("OPTIONS", "/").header.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(connection.Ask("OPTIONS", "*").status, 204);
  EXPECT_EQ(connection.Ask("POST", "/healthz").status, 405);
}

TEST_F(GatewayApi, MetricsAreReadAndNothingElse) {
  int asked = 0;
  StartWith({.threads = 1, .metrics = [&asked] { return absl::StrCat("asked ", ++asked, "\n"); }});
  HttpConnection connection(port());
  const HttpReply first = connection.Ask("GET", "/metrics");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "asked 1\n");
  EXPECT_EQ(first.header.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(first.header.at("cache-control"), "no-store");
  EXPECT_EQ(connection.Ask("GET", "/metrics?from=prometheus").body, "asked 2\n");
  const HttpReply head = connection.Ask("HEAD", "/metrics");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header.at("content-length"), "8");
  EXPECT_EQ(head.header.at("content-type"), first.header.at("content-type"));
  for (const absl::string_view verb : {"POST", "PUT", "DELETE", "PATCH"}) {
    const HttpReply refused = connection.Ask(verb, "/metrics");
    ExpectError(refused, 405, "unimplemented", "METHOD_NOT_FOUND");
    EXPECT_EQ(refused.header.at("allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(connection.Ask("OPTIONS", "/metrics").header.at("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(connection.Ask("GET", "/metrics/").status, 404);
  EXPECT_TRUE(absl::StrContains(connection.Ask("GET", "/").body, "/metrics"));
  EXPECT_EQ(asked, 3) << "only when they are read";
}

TEST_F(GatewayApi, WithoutMetricsThereIsNoSuchPage) {
  HttpConnection connection(port());
  ExpectError(connection.Ask("GET", "/metrics"), 404, "unimplemented", "METHOD_NOT_FOUND");
  EXPECT_FALSE(absl::StrContains(connection.Ask("GET", "/").body, "/metrics"));
}

TEST_F(GatewayApi, LargeAnswersArriveWhole) {
  fake_server_.answer_bytes = size_t{6} << 20;
  HttpConnection connection(port());
  const HttpReply reply = connection.Call("ServerService/GetServerInfo", "{}");
  EXPECT_EQ(reply.status, 200);
  EXPECT_GT(reply.body.size(), size_t{6} << 20);
}

}  // namespace
}  // namespace turnabout
