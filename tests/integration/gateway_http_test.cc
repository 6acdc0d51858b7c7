// How the gateway treats connections: kept, broken, slow, too large, too many, stopped.
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/gateway_fixture.h"

namespace turnabout {
namespace {

using GatewayHttp = GatewayTest;

constexpr absl::string_view kPostHead =
    "POST /turnabout.v1.ServerService/GetServerInfo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
constexpr absl::string_view kChunked = "Transfer-Encoding: chunked\r\n\r\n";

TEST_F(GatewayHttp, OneConnectionServesManyRequests) {
  HttpConnection connection(port());
  for (int i = 0; i < 20; ++i) {
    const HttpReply reply = connection.Call("ServerService/GetServerInfo", "{}");
    ASSERT_EQ(reply.status, 200);
    EXPECT_TRUE(absl::StrContains(reply.body, "\"revision\":\"9007199254740992\"")) << reply.body;
  }
  EXPECT_EQ(connection.Ask("GET", "/livez", "Connection: close\r\n").header.at("connection"), "close");
  EXPECT_TRUE(connection.AtEnd());
}

TEST_F(GatewayHttp, RequestsSentAheadAreAnsweredInOrder) {
  HttpConnection connection(port());
  const std::string call = absl::StrCat(kPostHead, "Content-Length: 2\r\n\r\n{}");
  connection.Write(absl::StrCat(call, "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", call));
  EXPECT_TRUE(absl::StrContains(connection.Read().body, "0.1.0"));
  EXPECT_EQ(connection.Read().body, "ok\n");
  EXPECT_TRUE(absl::StrContains(connection.Read().body, "0.1.0"));
}

TEST_F(GatewayHttp, Http10ClosesUnlessAskedNotTo) {
  HttpConnection connection(port());
  connection.Write("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(connection.Read().header.at("connection"), "keep-alive");
  connection.Write("GET /livez HTTP/1.0\r\n\r\n");
  EXPECT_EQ(connection.Read().status, 200);
  EXPECT_TRUE(connection.AtEnd());
}

TEST_F(GatewayHttp, ChunkedBodiesAreRead) {
  HttpConnection connection(port());
  connection.Write(absl::StrCat(kPostHead, kChunked, "1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n"));
  EXPECT_EQ(connection.Read().status, 200);
  EXPECT_EQ(connection.Ask("GET", "/livez").status, 200);
}

TEST_F(GatewayHttp, AnExpectationIsMet) {
  HttpConnection connection(port());
  connection.Write(absl::StrCat(kPostHead, "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(connection.Read().status, 100);
  connection.Write("{}");
  EXPECT_EQ(connection.Read().status, 200);
}

TEST_F(GatewayHttp, ABodyThatSaysItIsTooLargeIsRefusedUnread) {
  HttpConnection connection(port());
  connection.Write(absl::StrCat(kPostHead, "Content-Length: 4194305\r\nExpect: 100-continue\r\n\r\n"));
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.status, 413);
  EXPECT_TRUE(absl::StrContains(reply.body, "BODY_TOO_LARGE"));
  EXPECT_TRUE(absl::StrContains(reply.body, "{\"limit\":\"4194304\"}"));
  HttpConnection huge(port());
  huge.Write(absl::StrCat(kPostHead, "Content-Length: 18446744073709551615\r\n\r\n"));
  EXPECT_EQ(huge.Read().status, 413);
}

TEST_F(GatewayHttp, ABodyOfTheLargestSizeIsRead) {
  StartWith({.body_bytes_max = 1000});
  HttpConnection connection(port());
  const std::string json = absl::StrCat("{", std::string(998, ' '), "}");
  EXPECT_EQ(connection.Call("ServerService/GetServerInfo", json).status, 200);
  EXPECT_EQ(connection.Call("ServerService/GetServerInfo", json + " ").status, 413);
}

TEST_F(GatewayHttp, AChunkedBodyCannotGrowPastTheLimit) {
  StartWith({.body_bytes_max = 100'000});
  HttpConnection connection(port());
  connection.Write(absl::StrCat(kPostHead, kChunked));
  const std::string chunk = absl::StrCat("2710\r\n", std::string(10'000, ' '), "\r\n");
  int sent = 0;
  while (sent < 1000 && connection.Write(chunk)) ++sent;
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.status, 413) << "after " << sent << " chunks";
  EXPECT_TRUE(absl::StrContains(reply.body, "BODY_TOO_LARGE"));
  HttpConnection one_chunk(port());
  one_chunk.Write(absl::StrCat(kPostHead, kChunked, "FFFFFFFFFFFFFFF0\r\n"));
  EXPECT_EQ(one_chunk.Read().status, 413);
}

TEST_F(GatewayHttp, OnlySoManyLargeBodiesAtOnce) {
  StartWith({.large_bodies_max = 2});
  auto first = std::make_unique<HttpConnection>(port());
  HttpConnection second(port());
  for (HttpConnection* connection : {first.get(), &second}) {
    connection->Write(absl::StrCat(kPostHead, "Content-Length: 65537\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(connection->Read().status, 100);
  }
  HttpConnection third(port());
  third.Write(absl::StrCat(kPostHead, kChunked));
  const HttpReply reply = third.Read();
  EXPECT_EQ(reply.status, 429);
  EXPECT_TRUE(absl::StrContains(reply.body, "QUEUE_FULL"));
  EXPECT_EQ(HttpConnection(port()).Call("ServerService/GetServerInfo", "{}").status, 200) << "small ones are served";
  first.reset();
  const std::string large = absl::StrCat("{", std::string(100'000, ' '), "}");
  EXPECT_TRUE(
      Eventually([&] { return HttpConnection(port()).Call("ServerService/GetServerInfo", large).status == 200; }));
}

TEST_F(GatewayHttp, AHeaderThatIsTooLargeIsRefused) {
  HttpConnection connection(port());
  connection.Write(absl::StrCat("GET /livez HTTP/1.1\r\nHost: a\r\nX: ", std::string(9000, 'x'), "\r\n\r\n"));
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.status, 431);
  EXPECT_TRUE(absl::StrContains(reply.body, "BAD_FIELDS"));
  HttpConnection endless(port());
  for (int i = 0; i < 2000 && endless.Write("X-A: b\r\n"); ++i) {
  }
  EXPECT_EQ(endless.Read().status, 400) << "no request line";
}

TEST_F(GatewayHttp, WhatIsNotHttpIsAnsweredOnceAndClosed) {
  const std::string get = "GET /livez HTTP/1.1\r\n";
  for (const std::string& bytes : {
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
           std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
           std::string("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
           get + "\r\n",  // no Host
           get + "Host: a\r\nHost: b\r\n\r\n",
           get + "Host: a\r\nBad\x01Name: b\r\n\r\n",
           get + "Host: a\r\nX: a\r\n folded\x01\r\n\r\n",
           get + "Host: a\r\nContent-Length: x\r\n\r\n",
           get + "Host: a\r\nContent-Length: -1\r\n\r\n",
           get + "Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
           get + "Host: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
           get + "Host: a\r\nTransfer-Encoding: gzip\r\n\r\n",
           get + "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
           get + "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       }) {
    HttpConnection connection(port());
    connection.Write(bytes + "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    const HttpReply reply = connection.Read();
    EXPECT_EQ(reply.status, 400) << bytes;
    EXPECT_TRUE(absl::StrContains(reply.body, "BAD_FIELDS")) << bytes << "\n" << reply.body;
    EXPECT_TRUE(connection.AtEnd()) << bytes;
  }
}

TEST_F(GatewayHttp, NothingThatWasSentReachesAHeader) {
  HttpConnection connection(port());
  const HttpReply reply = connection.Ask("POST", "/x%0d%0aSet-Cookie:a=b", "Content-Type: a\x09/b\r\nX: y\r\n");
  EXPECT_EQ(reply.header.count("set-cookie"), 0u);
  EXPECT_EQ(reply.header.count("x"), 0u);
  EXPECT_EQ(reply.status, 404);
}

TEST_F(GatewayHttp, SlowCallersAreLeft) {
  StartWith({.head_time_max = absl::Milliseconds(80),
             .body_time_max = absl::Milliseconds(80),
             .idle_time_max = absl::Milliseconds(80)});
  HttpConnection silent(port());
  EXPECT_TRUE(silent.AtEnd());
  HttpConnection slow_head(port());
  slow_head.Write("GET /livez HT");
  EXPECT_TRUE(slow_head.AtEnd());
  HttpConnection slow_body(port());
  slow_body.Write(absl::StrCat(kPostHead, "Content-Length: 2\r\n\r\n{"));
  EXPECT_TRUE(slow_body.AtEnd());
  HttpConnection idle(port());
  EXPECT_EQ(idle.Ask("GET", "/livez").status, 200);
  EXPECT_TRUE(idle.AtEnd());
}

TEST_F(GatewayHttp, AByteNowAndThenBuysNoTime) {
  StartWith({.head_time_max = absl::Milliseconds(200)});
  HttpConnection connection(port());
  int written = 0;
  while (written < 1000 && connection.Write("G")) {
    ++written;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(written, 200);
}

TEST_F(GatewayHttp, ManyConnectionsAtOnce) {
  std::vector<std::unique_ptr<HttpConnection>> connections;
  for (int i = 0; i < 200; ++i) connections.push_back(std::make_unique<HttpConnection>(port()));
  const std::string call = absl::StrCat(kPostHead, "Content-Length: 2\r\n\r\n{}");
  for (int round = 0; round < 3; ++round) {
    for (auto& connection : connections) ASSERT_TRUE(connection->Write(call));
    for (auto& connection : connections) ASSERT_EQ(connection->Read().status, 200);
  }
}

TEST_F(GatewayHttp, OneConnectionTooManyIsToldSo) {
  StartWith({.connections_max = 2});
  auto first = std::make_unique<HttpConnection>(port());
  HttpConnection second(port());
  EXPECT_EQ(first->Ask("GET", "/livez").status, 200);
  EXPECT_EQ(second.Ask("GET", "/livez").status, 200);
  HttpConnection third(port());
  const HttpReply reply = third.Read();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "Too many connections.\n");
  EXPECT_TRUE(third.AtEnd());
  first.reset();
  EXPECT_TRUE(Eventually([this] { return HttpConnection(port()).Ask("GET", "/livez").status == 200; }));
}

TEST_F(GatewayHttp, ACallerThatHangsUpCancelsItsCall) {
  HttpConnection connection(port());
  connection.Write(
      "POST /turnabout.v1.ServerService/VerifyJournal HTTP/1.1\r\nHost: a\r\n"
      "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(Eventually([this] { return fake_server_.waiting == 1; }));
  connection.Close();
  EXPECT_TRUE(Eventually([this] { return fake_server_.cancelled == 1; }));
}

TEST_F(GatewayHttp, DrainingIsSaidAndStillServes) {
  HttpConnection connection(port());
  gateway_->BeginDrain();
  EXPECT_EQ(connection.Ask("GET", "/healthz").status, 503);
  EXPECT_EQ(connection.Ask("GET", "/readyz").status, 503);
  EXPECT_EQ(connection.Ask("GET", "/livez").status, 200);
  EXPECT_EQ(HttpConnection(port()).Call("ServerService/GetServerInfo", "{}").status, 200);
}

TEST_F(GatewayHttp, StoppingLetsRequestsFinish) {
  HttpConnection idle(port());
  EXPECT_EQ(idle.Ask("GET", "/livez").status, 200);
  HttpConnection fresh(port());
  HttpConnection busy(port());
  HttpReply reply;
  std::thread caller([&] { reply = busy.Call("ServerService/VerifyJournal", "{}"); });
  ASSERT_TRUE(Eventually([this] { return fake_server_.waiting == 1; }));
  bool in_time = false;
  std::thread stopper([&] { in_time = gateway_->Stop(absl::Seconds(10)); });
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_TRUE(fresh.AtEnd());
  EXPECT_EQ(HttpConnection(gateway_->port()).Ask("GET", "/livez").status, 0) << "no new connections";
  fake_server_.let_go = true;
  caller.join();
  stopper.join();
  EXPECT_TRUE(in_time);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header.at("connection"), "close");
  EXPECT_EQ(fake_server_.cancelled, 0);
}

TEST_F(GatewayHttp, StoppingCutsOffWhatDoesNotFinish) {
  HttpConnection busy(port());
  HttpReply reply;
  std::thread caller([&] { reply = busy.Call("ServerService/VerifyJournal", "{}"); });
  ASSERT_TRUE(Eventually([this] { return fake_server_.waiting == 1; }));
  EXPECT_FALSE(gateway_->Stop(absl::Milliseconds(50)));
  caller.join();
  EXPECT_EQ(reply.status, 0);
  EXPECT_TRUE(Eventually([this] { return fake_server_.cancelled == 1; }));
  EXPECT_TRUE(gateway_->Stop(absl::Seconds(1))) << "a second call does nothing";
}

TEST_F(GatewayHttp, AnAddressThatCannotBeListenedOnIsAnError) {
  GatewayOptions taken;
  taken.port = port();
  const auto channel = server_->InProcessChannel({});
  EXPECT_EQ(StartGateway(taken, channel).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(StartGateway({.address = "nowhere"}, channel).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(GatewayHttp, CallsOverTcpWorkAndAServerThatIsGoneIsSaid) {
  StartOverTcp();
  HttpConnection connection(port());
  EXPECT_EQ(connection.Call("ServerService/GetServerInfo", "{}", "Connect-Timeout-Ms: 20000\r\n").status, 200);
  EXPECT_GT(fake_server_.milliseconds_left, 10'000);
  EXPECT_LE(fake_server_.milliseconds_left, 20'500) << "gRPC rounds up on the wire";
  server_->Shutdown(std::chrono::system_clock::now());
  const HttpReply reply = connection.Call("ServerService/GetServerInfo", "{}");
  EXPECT_EQ(reply.status, 503) << reply.body;
  EXPECT_TRUE(absl::StrContains(reply.body, "DRAINING")) << reply.body;
}

}  // namespace
}  // namespace turnabout
