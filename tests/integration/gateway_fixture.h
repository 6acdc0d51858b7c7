// A gRPC server with two of the services, a gateway before it, and what they saw.
#ifndef TURNABOUT_TESTS_INTEGRATION_GATEWAY_FIXTURE_H_
#define TURNABOUT_TESTS_INTEGRATION_GATEWAY_FIXTURE_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "server/edge/gateway.h"
#include "server/services/status.h"
#include "tests/integration/gateway_client.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout {

class FakeServer : public v1::ServerService::Service {
 public:
  grpc::Status GetServerInfo(grpc::ServerContext* context, const v1::GetServerInfoRequest*,
                             v1::GetServerInfoResponse* response) override {
    const auto left = context->deadline() - std::chrono::system_clock::now();
    milliseconds_left = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    const auto authorization = context->client_metadata().find("authorization");
    const std::lock_guard<std::mutex> lock(mutex);
    if (authorization != context->client_metadata().end()) {
      last_authorization = std::string(authorization->second.data(), authorization->second.size());
    }
    response->set_version("0.1.0");
    response->set_storage_format(1);
    response->set_revision(int64_t{1} << 53);
    response->set_block_hash(std::string(answer_bytes, 'f'));
    return grpc::Status::OK;
  }

  // Waits until it is let go or cancelled.
  grpc::Status VerifyJournal(grpc::ServerContext* context, const v1::VerifyJournalRequest*,
                             v1::VerifyJournalResponse* response) override {
    ++waiting;
    while (!let_go && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (context->IsCancelled()) ++cancelled;
    --waiting;
    response->set_digest("d");
    return grpc::Status::OK;
  }

  std::atomic<int64_t> milliseconds_left{0};
  std::atomic<size_t> answer_bytes{64};
  std::atomic<int> waiting{0};
  std::atomic<int> cancelled{0};
  std::atomic<bool> let_go{false};
  std::mutex mutex;
  std::string last_authorization;  // guarded by mutex
};

class FakeExchanges : public v1::ExchangeService::Service {
 public:
  // The number of minutes decides what happens.
  grpc::Status LogExchange(grpc::ServerContext*, const v1::LogExchangeRequest* request,
                           v1::LogExchangeResponse* response) override {
    if (request->exchange().minutes() == 0) {
      return ToGrpcStatus(RefuseFields({{"exchange.minutes", "Enter how many minutes"}, {"actor", "Say who logs it"}}));
    }
    if (request->exchange().minutes() > 600) {
      return ToGrpcStatus(Refuse(Reason::kCreditLimitReached, {{"limit", "-600"}, {"would_be", "-660"}}));
    }
    if (request->exchange().minutes() == 13)
      return grpc::Status(grpc::StatusCode::NOT_FOUND, "row 13 of the secret table");
    *response->mutable_exchange() = request->exchange();
    response->mutable_exchange()->set_state(v1::Exchange::STATE_LOGGED);
    response->set_revision(7);
    return grpc::Status::OK;
  }
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &grpc_port_);
    builder.RegisterService(&fake_server_);
    builder.RegisterService(&exchanges_);
    server_ = builder.BuildAndStart();
    TURNABOUT_CHECK(server_ != nullptr);
  }

  ~GatewayTest() override {
    fake_server_.let_go = true;
    gateway_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }

  // A gateway that calls in process.
  void StartWith(GatewayOptions options) { StartOn(options, server_->InProcessChannel(Arguments())); }

  // A gateway that calls over TCP.
  void StartOverTcp() {
    const std::string address = "127.0.0.1:" + std::to_string(grpc_port_);
    StartOn({}, grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), Arguments()));
  }

  uint16_t port() {
    if (gateway_ == nullptr) StartWith({});
    return gateway_->port();
  }

  template <typename Condition>
  static bool Eventually(Condition condition) {
    for (int i = 0; i < 2500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  static grpc::ChannelArguments Arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    return arguments;
  }

  void StartOn(GatewayOptions options, std::shared_ptr<grpc::Channel> channel) {
    absl::StatusOr<std::unique_ptr<Gateway>> gateway = StartGateway(options, std::move(channel));
    TURNABOUT_CHECK(gateway.ok());
    gateway_ = *std::move(gateway);
  }

  int grpc_port_ = 0;
  FakeServer fake_server_;
  FakeExchanges exchanges_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_INTEGRATION_GATEWAY_FIXTURE_H_
