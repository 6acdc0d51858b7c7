#include "server/daemon/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "grpc/health/v1/health.pb.h"
#include "server/daemon/backends.h"
#include "server/daemon/metrics.h"
#include "server/daemon/process.h"
#include "server/edge/gateway.h"
#include "server/jobs/ticker.h"
#include "server/services/services.h"
#include "store/journal/key_file.h"

namespace turnabout {
namespace {

constexpr absl::Duration kDueEvery = absl::Seconds(1);
// How long callers who did not hear of the stop are still told of it.
constexpr absl::Duration kLateCallers = absl::Milliseconds(200);

std::string ListenText(const Address& address) {
  const std::string host = absl::StrContains(address.host, ':') ? absl::StrCat("[", address.host, "]") : address.host;
  return absl::StrCat(host, ":", address.port);
}

class TheServer final : public Server {
 public:
  TheServer(const Config& config, const Clock& clock, Seed seed) : config_(config), clock_(clock), ids_(clock, seed) {}
  ~TheServer() override { Drain(); }

  absl::Status Open(std::function<void(const absl::Status&)> on_failure) {
    ASSIGN_OR_RETURN(std::unique_ptr<Journal> journal, OpenJournal(config_));
    ASSIGN_OR_RETURN(ShelfOptions shelf, OpenShelf(config_));
    ASSIGN_OR_RETURN(store_, Store::Open(std::move(journal), clock_, {&book_}, std::move(shelf), &metrics_));
    RETURN_IF_ERROR(store_->Read(0, [this](const Snapshot& snapshot) {
      ids_.GoOnAfter(book_.LatestEntry(snapshot.layer()).bytes());
      return absl::OkStatus();
    }));
    store_->OnFailure(std::move(on_failure));
    app_ = std::make_unique<App>(*store_, ledger_, clock_, ids_, metrics_);
    RETURN_IF_ERROR(UseKey());
    RETURN_IF_ERROR(MarkInterrupted());
    ticker_ = std::make_unique<Ticker>(app_->context, kDueEvery);
    RETURN_IF_ERROR(Listen());
    return StartHttp();
  }

  uint16_t grpc_port() const override { return static_cast<uint16_t>(grpc_port_); }
  uint16_t http_port() const override { return gateway_->port(); }
  App& app() override { return *app_; }

  void Drain() override {
    if (server_ == nullptr) return;
    if (grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
    // One drain time for both. The gateway goes first and has half of it, so that a caller over HTTP who never finishes
    // does not cost the calls over gRPC theirs.
    const auto until = std::chrono::system_clock::now() + absl::ToChronoMilliseconds(config_.drain);
    if (gateway_ != nullptr) {
      gateway_->BeginDrain();
      gateway_->Stop(config_.drain / 2);
    }
    // Who calls from now on is told to try again; gRPC itself would cut them off without a word.
    app_->gate.Shut(absl::FromChrono(until - std::chrono::system_clock::now()));
    absl::SleepFor(std::min(kLateCallers, absl::FromChrono(until - std::chrono::system_clock::now())));
    // Nobody is left inside; a connection that lies idle is not waited for.
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    ticker_.reset();
    server_.reset();
  }

 private:
  // On a full disk it is left for the next start: what is there can still be read.
  absl::Status MarkInterrupted() {
    const absl::Status marked = app_->rounds.MarkInterrupted();
    if (!IsRefusedFor(marked, Reason::kDiskFull)) return marked;
    Log(Severity::kWarning, "rounds that were cut short are not marked yet",
        {{"status", std::string(marked.message())}});
    return absl::OkStatus();
  }

  // Nobody keeps what a journal in memory was signed with, nor what could not be written on a full disk.
  absl::Status UseKey() {
    if (config_.ephemeral) return absl::OkStatus();
    const absl::StatusOr<SigningKey> key = OpenKeyFile(config_.data_dir);
    if (key.ok()) app_->journal.UseKey(*key);
    if (!IsRefusedFor(key.status(), Reason::kJournalUnavailable)) return key.status();
    Log(Severity::kWarning, "there is no key yet: heads are signed with one that is not kept",
        {{"status", std::string(key.status().message())}});
    return absl::OkStatus();
  }

  absl::Status Listen() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // Linked in so that reflection can describe the health service, which it lists.
    (void)grpc::health::v1::HealthCheckRequest::descriptor();
    services_ = NewServices(*app_);
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(static_cast<int>(kRequestBytesMax));
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(ListenText(config_.grpc), grpc::InsecureServerCredentials(), &grpc_port_);
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || grpc_port_ == 0) {
      server_.reset();
      return absl::UnavailableError(absl::StrCat("gRPC cannot be served on ", ListenText(config_.grpc),
                                                 ": is another server using that address?"));
    }
    // gRPC's own health service knows only the server as a whole until it is told of each service.
    if (grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService()) {
      for (const std::string& name : ServiceNames()) health->SetServingStatus(name, true);
    }
    return absl::OkStatus();
  }

  absl::Status StartHttp() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    GatewayOptions options;
    options.address = config_.http.host;
    options.port = config_.http.port;
    options.metrics = [this] { return metrics_.Text(Read()); };
    ASSIGN_OR_RETURN(gateway_, StartGateway(options, server_->InProcessChannel(arguments)));
    return absl::OkStatus();
  }

  // What is looked at when somebody asks for the metrics.
  Readings Read() const {
    Readings now{.journal = std::string(store_->journal().backend()),
                 .head = store_->head(),
                 .queue_depth = store_->queue_depth(),
                 .shelf_lag = store_->shelf_lag(),
                 .process = ReadProcess()};
    // Answered even where rows are damaged: these are in memory.
    (void)store_->Read(0, [&](const Snapshot&) {
      now.entries = book_.EntryCount();
      now.accounts = book_.AccountCount();
      return absl::OkStatus();
    });
    if (config_.ephemeral) return now;
    std::error_code failed;
    const std::filesystem::space_info disk = std::filesystem::space(config_.data_dir, failed);
    if (!failed) now.disk_free_bytes = disk.available;
    now.low_water_bytes = config_.low_water_mib << 20;
    return now;
  }

  const Config config_;
  const Clock& clock_;
  IdSource ids_;
  Book book_;
  Ledger ledger_{book_};
  Metrics metrics_{MethodNames()};
  // Each needs those before it, and goes before them.
  std::unique_ptr<Store> store_;
  std::unique_ptr<App> app_;
  std::unique_ptr<Ticker> ticker_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
  int grpc_port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config, const Clock& clock, Seed seed,
                                                      std::function<void(const absl::Status&)> on_failure) {
  auto server = std::make_unique<TheServer>(config, clock, seed);
  RETURN_IF_ERROR(server->Open(std::move(on_failure)));
  return server;
}

}  // namespace turnabout
