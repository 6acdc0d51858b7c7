// turnaboutd: the server.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/version.h"
#include "server/daemon/config.h"
#include "server/daemon/offline.h"
#include "server/daemon/server.h"

namespace turnabout {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kBroken = 4;

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::make_optional<std::string>(value);
}

std::string Url(const Address& address, uint16_t port) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? absl::StrCat("[", address.host, "]:", port) : absl::StrCat(address.host, ":", port);
}

void PrintAddresses(const Config& config, const Server& server) {
  const std::string folder = config.ephemeral ? "memory only: everything is lost at the end" : config.data_dir;
  const std::string http = Url(config.http, server.http_port());
  std::printf("turnaboutd %s  data: %s\n", std::string(kVersion).c_str(), folder.c_str());
  std::printf("  API (gRPC)            %s\n", Url(config.grpc, server.grpc_port()).c_str());
  std::printf("  API (JSON over HTTP)  http://%s/turnabout.v1.SchemeService/ListSchemes\n", http.c_str());
  std::printf("  health                http://%s/healthz\n", http.c_str());
  std::printf("  metrics               http://%s/metrics\n", http.c_str());
  std::printf("Served to this machine only: there is no access control yet.\n");
  std::printf("Next: turnabout --server %s scheme create --help\n", Url(config.grpc, server.grpc_port()).c_str());
  std::fflush(stdout);
}

// Written under another name and renamed, so that whoever waits for it never reads half of it.
bool WriteReadyFile(const Config& config, const Server& server) {
  const std::string partial = absl::StrCat(config.ready_file, ".partial");
  {
    std::ofstream out(partial);
    out << "{\"grpc\":\"" << Url(config.grpc, server.grpc_port()) << "\",\"http\":\""
        << Url(config.http, server.http_port()) << "\",\"pid\":" << getpid() << "}\n";
    if (!out.good()) return false;
  }
  return std::rename(partial.c_str(), config.ready_file.c_str()) == 0;
}

int ExitCodeOf(const absl::Status& status) { return absl::IsDataLoss(status) ? kBroken : kFailed; }

int Serve(const std::vector<std::string>& arguments) {
  const absl::StatusOr<Config> config = ReadConfig(arguments, FromEnvironment);
  if (!config.ok()) {
    std::fprintf(stderr, "turnaboutd: %s\nTry: turnaboutd --help\n", std::string(config.status().message()).c_str());
    return kUsage;
  }
  SetLogSeverity(config->log);
  // Blocked before any thread is made, so that only sigwait below sees them.
  sigset_t stops;
  sigemptyset(&stops);
  for (int signal : {SIGTERM, SIGINT, SIGUSR2}) sigaddset(&stops, signal);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  const pthread_t main_thread = pthread_self();
  const SystemClock clock;
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(
      *config, clock, SeedFromSystem(), [main_thread](const absl::Status&) { pthread_kill(main_thread, SIGUSR2); });
  if (!server.ok()) {
    std::fprintf(stderr, "turnaboutd: %s\n", std::string(server.status().message()).c_str());
    return ExitCodeOf(server.status());
  }
  PrintAddresses(*config, **server);
  if (!config->ready_file.empty() && !WriteReadyFile(*config, **server)) {
    std::fprintf(stderr, "turnaboutd: %s cannot be written\n", config->ready_file.c_str());
    return kFailed;
  }
  int signal = 0;
  sigwait(&stops, &signal);
  // A journal that cannot be written: memory is ahead of the disk, and the truth is on the disk.
  if (signal == SIGUSR2) std::_Exit(kFailed);
  Log(Severity::kInfo, "draining", {{"signal", absl::StrCat(signal)}});
  (*server)->Drain();
  Log(Severity::kInfo, "stopped");
  return kOk;
}

int Run(const std::vector<std::string>& arguments) {
  if (IsOfflineVerb(arguments)) {
    OfflineConsole console{std::cout, std::cerr, isatty(STDERR_FILENO) == 1};
    return RunOffline(arguments, console);
  }
  const std::string verb = arguments.empty() ? "--help" : arguments[0];
  const std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  const bool asks_for_help = !rest.empty() && rest[0] == "--help";
  if (verb == "--help" || verb == "help" || asks_for_help) {
    std::printf("%s%s", ConfigHelp().c_str(), OfflineHelp().c_str());
    return kOk;
  }
  if (verb == "version" || verb == "--version") {
    std::printf("turnaboutd %s\n", std::string(kVersion).c_str());
    return kOk;
  }
  if (verb == "serve") return Serve(rest);
  std::fprintf(stderr, "turnaboutd: there is no verb \"%s\"\nTry: turnaboutd --help\n", verb.c_str());
  return kUsage;
}

}  // namespace
}  // namespace turnabout

int main(int argc, char** argv) { return turnabout::Run(std::vector<std::string>(argv + 1, argv + argc)); }
