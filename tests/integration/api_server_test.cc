// The whole server over TCP: health, reflection, error details, deadlines, draining, starting again.
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/limits.h"
#include "grpc/health/v1/health.pb.h"
#include "server/daemon/server.h"
#include "tests/integration/gateway_client.h"
#include "tests/integration/support.h"
#include "tests/support/status.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using grpc::internal::RpcMethod;

constexpr absl::string_view kReflection = "grpc.reflection.v1alpha.";

// A folder that is gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = testing::TempDir() + "turnabout-api-XXXXXX";
    TURNABOUT_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class ServerTest : public testing::Test {
 protected:
  void Start(const std::string& folder = "") {
    Config config;
    config.ephemeral = folder.empty();
    config.data_dir = folder;
    config.grpc.port = 0;
    config.http.port = 0;
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config, clock_, Seed{1}, [](const absl::Status&) {});
    ASSERT_TRUE(IsOk(server));
    server_ = *std::move(server);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()),
                                         grpc::InsecureChannelCredentials(), arguments);
  }

  // A unary call, with ten seconds to answer unless told otherwise.
  template <typename Response, typename Request>
  grpc::Status Ask(const std::string& method, const Request& request, Response& response,
                   std::chrono::milliseconds within = std::chrono::seconds(10)) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + within);
    using Message = google::protobuf::MessageLite;
    return grpc::internal::BlockingUnaryCall<Request, Response, Message, Message>(
        channel_.get(), RpcMethod(method.c_str(), RpcMethod::NORMAL_RPC), &context, request, &response);
  }
  template <typename Response, typename Request>
  grpc::Status Call(const std::string& method, const Request& request, Response& response,
                    std::chrono::milliseconds within = std::chrono::seconds(10)) {
    return Ask("/turnabout.v1." + method, request, response, within);
  }

  void MakeScheme() {
    v1::CreateSchemeRequest request;
    request.set_scheme_id("cardiff");
    request.mutable_scheme()->set_display_name("Cardiff");
    v1::CreateSchemeResponse response;
    const grpc::Status status = Call("SchemeService/CreateScheme", request, response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  grpc::Status Join(const std::string& who, std::string* name = nullptr) {
    v1::CreateMemberRequest request;
    request.set_parent("schemes/cardiff");
    request.mutable_member()->set_display_name(who);
    v1::CreateMemberResponse response;
    const grpc::Status status = Call("MemberService/CreateMember", request, response);
    if (name != nullptr) *name = response.member().name();
    return status;
  }

  int Members() {
    int members = 0;
    v1::ListMembersRequest request;
    request.set_parent("schemes/cardiff");
    request.set_page_size(1000);
    do {
      const absl::StatusOr<v1::ListMembersResponse> page = server_->app().members.ListMembers(request);
      EXPECT_TRUE(IsOk(page));
      if (!page.ok()) break;
      members += page->members_size();
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return members;
  }

  std::string Digest() {
    v1::VerifyJournalResponse response;
    const grpc::Status status = Call("ServerService/VerifyJournal", v1::VerifyJournalRequest(), response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.digest();
  }

  // Keeps both workers busy until `let_go` is set.
  void OccupyWorkers(std::shared_future<void> let_go) {
    for (int i = 0; i < 2; ++i) {
      server_->app().verification.VerifyJournal(
          {}, {}, [let_go](const absl::StatusOr<v1::VerifyJournalResponse>&) { let_go.wait(); });
    }
  }

  SystemClock clock_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

google::rpc::ErrorInfo InfoOfStatus(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  if (details.details_size() > 0) details.details(0).UnpackTo(&info);
  return info;
}

// What reflection lists. The plugin's messages are linked in without a header, so they are made by name.
std::vector<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  const auto make = [](const char* name) {
    const auto* type =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(absl::StrCat(kReflection, name));
    TURNABOUT_CHECK(type != nullptr);
    return std::unique_ptr<google::protobuf::Message>(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  };
  const auto request = make("ServerReflectionRequest");
  TURNABOUT_CHECK(google::protobuf::TextFormat::ParseFromString("list_services: '*'", request.get()));
  const grpc::Slice slice(request->SerializeAsString());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          channel.get(),
          RpcMethod("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", RpcMethod::BIDI_STREAMING),
          &context));
  EXPECT_TRUE(stream->Write(grpc::ByteBuffer(&slice, 1)));
  grpc::ByteBuffer answer;
  EXPECT_TRUE(stream->Read(&answer));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  grpc::Slice bytes;
  EXPECT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
  const auto response = make("ServerReflectionResponse");
  EXPECT_TRUE(response->ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
  std::vector<std::string> services;
  const int count = std::stoi(FieldOf(*response, "list_services_response.service#"));
  for (int i = 0; i < count; ++i) {
    services.push_back(FieldOf(*response, absl::StrCat("list_services_response.service[", i, "].name")));
  }
  return services;
}

TEST_F(ServerTest, ReflectionListsEveryServiceThatTheApiDeclares) {
  Start();
  const std::vector<std::string> listed = ListServices(channel_);
  const std::set<std::string> names(listed.begin(), listed.end());
  EXPECT_TRUE(names.contains("grpc.health.v1.Health"));
  int declared = 0;
  for (const auto& file : std::filesystem::directory_iterator("proto/turnabout/v1")) {
    std::ifstream text(file.path());
    for (std::string line; std::getline(text, line);) {
      if (!absl::StartsWith(line, "service ")) continue;
      ++declared;
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      EXPECT_TRUE(names.contains("turnabout.v1." + words[1])) << line;
    }
  }
  EXPECT_GE(declared, 9);
}

TEST_F(ServerTest, EveryServiceIsHealthyUntilItDrains) {
  Start();
  for (const std::string& service : ListServices(channel_)) {
    if (absl::StartsWith(service, "grpc.")) continue;
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status = Ask("/grpc.health.v1.Health/Check", request, response);
    EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
    EXPECT_EQ(response.status(), HealthCheckResponse::SERVING) << service;
  }
  // Somebody watches one of them while the server stops.
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  HealthCheckRequest request;
  request.set_service("turnabout.v1.MemberService");
  const std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> watch(
      grpc::internal::ClientReaderFactory<HealthCheckResponse>::Create(
          channel_.get(), RpcMethod("/grpc.health.v1.Health/Watch", RpcMethod::SERVER_STREAMING), &context, request));
  HealthCheckResponse seen;
  ASSERT_TRUE(watch->Read(&seen));
  EXPECT_EQ(seen.status(), HealthCheckResponse::SERVING);
  std::thread stop([&] { server_->Drain(); });
  ASSERT_TRUE(watch->Read(&seen));
  EXPECT_EQ(seen.status(), HealthCheckResponse::NOT_SERVING);
  context.TryCancel();
  (void)watch->Finish();
  stop.join();
}

TEST_F(ServerTest, ARefusalArrivesWithItsReasonAndItsFacts) {
  Start();
  MakeScheme();
  v1::GetMemberRequest request;
  request.set_name("schemes/cardiff/members/01jd3v9k6tq8x5c2b7n4m1p0ra");
  v1::GetMemberResponse response;
  const grpc::Status status = Call("MemberService/GetMember", request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  const google::rpc::ErrorInfo info = InfoOfStatus(status);
  EXPECT_EQ(info.reason(), "MEMBER_NOT_FOUND");
  EXPECT_EQ(info.domain(), "turnabout.v1");
  EXPECT_EQ(info.metadata().at("name"), request.name());
  // Three fields at once.
  v1::LogExchangeRequest log;
  log.set_parent("schemes/cardiff");
  v1::LogExchangeResponse logged;
  const grpc::Status wrong = Call("ExchangeService/LogExchange", log, logged);
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(wrong.error_details()));
  google::rpc::BadRequest bad;
  ASSERT_EQ(details.details_size(), 2);
  ASSERT_TRUE(details.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations_size(), 5);
  EXPECT_EQ(bad.field_violations(0).field(), "exchange.giver");
}

TEST_F(ServerTest, WhatTheTransportRefuses) {
  Start();
  v1::GetSchemeResponse response;
  EXPECT_EQ(Call("SchemeService/GiveScheme", v1::GetSchemeRequest(), response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(Call("SchemingService/GetScheme", v1::GetSchemeRequest(), response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  v1::GetSchemeRequest large;
  large.set_name(std::string(kRequestBytesMax, 'a'));
  EXPECT_EQ(Call("SchemeService/GetScheme", large, response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  large.set_name(std::string(kRequestBytesMax - 100, 'a'));
  EXPECT_EQ(Call("SchemeService/GetScheme", large, response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerTest, ADeadlineLeavesAllOrNothing) {
  Start();
  MakeScheme();
  v1::ImportMembersRequest import;
  import.set_parent("schemes/cardiff");
  int exceeded = 0;
  for (int call = 0; call < 10; ++call) {
    import.clear_members();
    for (int i = 0; i < 300; ++i) {
      v1::Member& member = *import.add_members()->mutable_member();
      member.set_display_name("M");
      member.set_reference(absl::StrCat(call, "-", i));
    }
    v1::ImportMembersResponse response;
    const grpc::Status status = Call("MemberService/ImportMembers", import, response, std::chrono::milliseconds(1));
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) ++exceeded;
  }
  EXPECT_GT(exceeded, 0);
  ASSERT_TRUE(Join("the last").ok());  // everything before it is written or dropped
  EXPECT_EQ(Members() % 300, 1);
  Digest();
  // The writer itself drops what comes too late, and what nobody waits for.
  v1::CreateSchemeRequest request;
  request.set_scheme_id("late");
  request.mutable_scheme()->set_display_name("Late");
  const auto ask = [&](const turnabout::Call& call) {
    std::promise<absl::Status> told;
    server_->app().schemes.CreateScheme(call, request, [&](const absl::StatusOr<v1::CreateSchemeResponse>& response) {
      told.set_value(response.status());
    });
    const absl::Status status = told.get_future().get();
    NoteReason(ReasonOf(status));
    return status;
  };
  EXPECT_TRUE(IsRefused(ask({.deadline = clock_.Now() - absl::Seconds(1), .cancelled = {}}), Reason::kDeadlinePassed));
  EXPECT_TRUE(IsRefused(ask({.cancelled = [] { return true; }}), Reason::kCancelled));
  EXPECT_TRUE(IsOk(ask({})));
}

TEST_F(ServerTest, OneRoundAtATimeInAScheme) {
  Start();
  MakeScheme();
  std::promise<void> let_go;
  OccupyWorkers(let_go.get_future().share());
  v1::RunRoundRequest request;
  request.set_parent("schemes/cardiff");
  std::promise<absl::Status> first;
  server_->app().rounds.RunRound(
      {}, request, [&](const absl::StatusOr<v1::RunRoundResponse>& response) { first.set_value(response.status()); });
  std::promise<absl::Status> second;
  server_->app().rounds.RunRound(
      {}, request, [&](const absl::StatusOr<v1::RunRoundResponse>& response) { second.set_value(response.status()); });
  const absl::Status refused = second.get_future().get();
  NoteReason(ReasonOf(refused));
  EXPECT_TRUE(IsRefused(refused, Reason::kRoundRunning));
  let_go.set_value();
  EXPECT_TRUE(IsOk(first.get_future().get()));
}

TEST_F(ServerTest, ADrainFinishesWhatIsUnderWay) {
  Start();
  MakeScheme();
  std::atomic<int> joined{0};
  std::atomic<int> turned_away{0};
  std::atomic<int> other{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (;;) {
        const grpc::Status status = Join("somebody");
        if (status.ok()) {
          ++joined;
          continue;
        }
        const bool unavailable = status.error_code() == grpc::StatusCode::UNAVAILABLE;
        ++(unavailable ? turned_away : other);
        EXPECT_TRUE(unavailable) << status.error_code() << " " << status.error_message();
        NoteReason(InfoOfStatus(status).reason());
        return;
      }
    });
  }
  // A call that waits for a worker until after the drain has begun.
  std::promise<void> let_go;
  OccupyWorkers(let_go.get_future().share());
  std::thread slow([&] { EXPECT_NE(Digest(), ""); });
  while (joined < 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::thread stop([&] { server_->Drain(); });
  for (std::thread& caller : callers) caller.join();
  let_go.set_value();
  slow.join();
  stop.join();
  EXPECT_EQ(turned_away, 4);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(Members(), joined);
  EXPECT_EQ(Join("too late").error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, ARestartOverTheSameFolderKeepsEverything) {
  const Folder folder;
  Start(folder.path());
  MakeScheme();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Join("somebody").ok());
  const std::string digest = Digest();
  Config taken;
  taken.data_dir = folder.path();
  taken.grpc.port = taken.http.port = 0;
  EXPECT_TRUE(IsRefused(Server::Start(taken, clock_, Seed{2}, [](const absl::Status&) {}), Reason::kFolderInUse));
  server_.reset();
  Start(folder.path());
  EXPECT_EQ(Digest(), digest);
  EXPECT_EQ(Members(), 20);
  ASSERT_TRUE(Join("one more").ok());
  EXPECT_NE(Digest(), digest);
}

TEST_F(ServerTest, AnAddressThatIsTakenIsSaidPlainly) {
  Start();
  Config config;
  config.ephemeral = true;
  config.grpc.port = server_->grpc_port();
  config.http.port = 0;
  const auto second = Server::Start(config, clock_, Seed{2}, [](const absl::Status&) {});
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_TRUE(absl::StrContains(second.status().message(), absl::StrCat(server_->grpc_port()))) << second.status();
}

TEST_F(ServerTest, JsonLogsAnHourFromEndToEnd) {
  Start();
  HttpConnection http(server_->http_port());
  EXPECT_EQ(http.Call("SchemeService/CreateScheme", R"({"schemeId":"leith","scheme":{"displayName":"Leith"}})").status,
            200);
  std::string names[2];
  for (std::string& name : names) {
    const HttpReply reply =
        http.Call("MemberService/CreateMember", R"({"parent":"schemes/leith","member":{"displayName":"Ana"}})");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const size_t at = reply.body.find("schemes/leith/members/");
    name = reply.body.substr(at, reply.body.find('"', at) - at);
  }
  const std::string today = absl::FormatTime("%Y-%m-%d", clock_.Now(), absl::UTCTimeZone());
  const HttpReply logged =
      http.Call("ExchangeService/LogExchange",
                absl::StrCat(R"({"parent":"schemes/leith","actor":")", names[0], R"(","exchange":{"giver":")", names[0],
                             R"(","receiver":")", names[1], R"(","minutes":60,"happenedOnDate":")", today, R"("}})"));
  ASSERT_EQ(logged.status, 200) << logged.body;
  const size_t at = logged.body.find("schemes/leith/exchanges/");
  const std::string exchange = logged.body.substr(at, logged.body.find('"', at) - at);
  const HttpReply own = http.Call("ExchangeService/ConfirmExchange",
                                  absl::StrCat(R"({"name":")", exchange, R"(","actor":")", names[0], R"("})"));
  EXPECT_TRUE(absl::StrContains(own.body, "OWN_HOURS")) << own.body;
  EXPECT_EQ(http.Call("ExchangeService/ConfirmExchange",
                      absl::StrCat(R"({"name":")", exchange, R"(","actor":")", names[1], R"("})"))
                .status,
            200);
  const HttpReply standing = http.Call("MemberService/GetStanding", absl::StrCat(R"({"name":")", names[0], R"("})"));
  EXPECT_TRUE(absl::StrContains(standing.body, R"("minutesBalance":"60")")) << standing.body;
}

}  // namespace
}  // namespace turnabout
