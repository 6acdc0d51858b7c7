#include "clients/demo/server_process.h"

#include <fcntl.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/demo/stopwatch.h"

namespace turnabout::demo {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(20);

// The last lines of the server's log, to show why it did not start.
std::string EndOf(const std::filesystem::path& log) {
  const absl::StatusOr<std::string> text = cli::ReadFile(log);
  if (!text.ok()) return "";
  return text->size() > 2000 ? text->substr(text->size() - 2000) : *text;
}

// In the child: becomes the server. Only calls what is allowed after fork. Does not return.
[[noreturn]] void BecomeServer(const std::vector<std::string>& words, const std::string& log) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  char* arguments[16] = {};
  for (size_t i = 0; i < words.size() && i < 15; ++i) arguments[i] = const_cast<char*>(words[i].c_str());
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::filesystem::path& program,
                                                                    const std::filesystem::path& folder,
                                                                    absl::Duration patience) {
  if (!std::filesystem::exists(program)) {
    return absl::FailedPreconditionError(
        absl::StrCat("The server is not there: ", program.string(), ". Build it with ./dev build."));
  }
  const std::filesystem::path ready = folder / "ready.json", log = folder / "server.log";
  const std::vector<std::string> words = {program,       "serve",  "--data-dir",  folder / "data", "--grpc",
                                          "127.0.0.1:0", "--http", "127.0.0.1:0", "--ready-file",  ready};
  const std::string log_name = log;
  std::unique_ptr<ServerProcess> server(new ServerProcess);
  server->pid_ = fork();
  if (server->pid_ == 0) BecomeServer(words, log_name);
  if (server->pid_ < 0) return absl::InternalError("The server cannot be started: no new process.");
  RETURN_IF_ERROR(server->WaitUntilReady(ready, log, patience));
  return server;
}

absl::Status ServerProcess::WaitUntilReady(const std::filesystem::path& ready_file, const std::filesystem::path& log,
                                           absl::Duration patience) {
  const Stopwatch watch;
  while (watch.Elapsed() < patience) {
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::FailedPreconditionError(
          absl::StrCat("The server stopped before it was ready. Its log ends:\n", EndOf(log)));
    }
    google::protobuf::Struct ready;
    const absl::StatusOr<std::string> text = cli::ReadFile(ready_file);
    if (text.ok() && !text->empty() && google::protobuf::util::JsonStringToMessage(*text, &ready).ok()) {
      grpc_address_ = ready.fields().at("grpc").string_value();
      http_address_ = ready.fields().at("http").string_value();
      return absl::OkStatus();
    }
    absl::SleepFor(kPause);
  }
  return absl::FailedPreconditionError(absl::StrCat("The server was not ready in time. Its log ends:\n", EndOf(log)));
}

ServerProcess::~ServerProcess() { Stop().IgnoreError(); }

int64_t ServerProcess::PeakMemoryKb() const {
  std::ifstream status(absl::StrCat("/proc/", pid_, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (!absl::StartsWith(line, "VmHWM:")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    int64_t kilobytes = 0;
    if (words.size() > 1 && absl::SimpleAtoi(words[1], &kilobytes)) return kilobytes;
  }
  return 0;
}

absl::Status ServerProcess::Stop() {
  if (pid_ < 0) return absl::OkStatus();
  kill(pid_, SIGTERM);
  const Stopwatch watch;
  int state = 0;
  while (waitpid(pid_, &state, WNOHANG) == 0) {
    if (watch.Elapsed() > absl::Seconds(60)) {
      kill(pid_, SIGKILL);
      waitpid(pid_, &state, 0);
      pid_ = -1;
      return absl::InternalError("The server did not stop within 60 seconds, and was ended.");
    }
    absl::SleepFor(kPause);
  }
  pid_ = -1;
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("The server did not end well: ", WIFEXITED(state) ? "exit code " : "signal ",
                                          WIFEXITED(state) ? WEXITSTATUS(state) : WTERMSIG(state), "."));
}

}  // namespace turnabout::demo
