#include "tests/crash/server_child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace turnabout {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(2);

// A new name for each child, so that a ready file is never that of the one before.
std::string NextName(const std::string& folder) {
  static int count = 0;
  return absl::StrCat(folder, "/server", ++count);
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The value of "key" in the ready file: {"key":"text"}.
std::string FieldOf(const std::string& json, const std::string& key) {
  const std::string opening = absl::StrCat("\"", key, "\":\"");
  const size_t at = json.find(opening);
  if (at == std::string::npos) return "";
  const size_t begin = at + opening.size();
  return json.substr(begin, json.find('"', begin) - begin);
}

// In the child: becomes the server. Only calls what is allowed after fork. Does not return.
[[noreturn]] void Become(char* const* arguments, char* const* environment, const char* output, const char* errors,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(::open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), STDOUT_FILENO);
  ::dup2(::open(errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

}  // namespace

ServerChild::ServerChild(const ServerChildOptions& options) : base_(NextName(options.scratch)) {
  std::vector<std::string> words = {
      TURNABOUTD,    "serve",  "--data-dir",  options.data_dir, "--grpc",
      "127.0.0.1:0", "--http", "127.0.0.1:0", "--ready-file",   absl::StrCat(base_, ".ready")};
  words.insert(words.end(), options.flags.begin(), options.flags.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<std::string> variables = options.environment;
  for (char** each = environ; *each != nullptr; ++each) variables.emplace_back(*each);
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  const std::string output = absl::StrCat(base_, ".out"), errors = absl::StrCat(base_, ".err");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) Become(arguments.data(), environment.data(), output.c_str(), errors.c_str(), parent);
  EXPECT_GT(pid_, 0) << "no new process";
  alive_ = pid_ > 0;
}

ServerChild::~ServerChild() { Kill(); }

bool ServerChild::Reap(int flags) {
  if (!alive_) return true;
  if (::waitpid(pid_, &status_, flags) != pid_) return false;
  alive_ = false;
  return true;
}

testing::AssertionResult ServerChild::WaitUntilReady() {
  const absl::Time until = absl::Now() + kPatience;
  while (absl::Now() < until) {
    if (Reap(WNOHANG)) return testing::AssertionFailure() << "it ended before it was ready: " << Errors();
    const std::string ready = TextOf(absl::StrCat(base_, ".ready"));
    grpc_address_ = FieldOf(ready, "grpc");
    const std::string http = FieldOf(ready, "http");
    int port = 0;
    if (!grpc_address_.empty() && absl::SimpleAtoi(http.substr(http.rfind(':') + 1), &port)) {
      http_port_ = static_cast<uint16_t>(port);
      return testing::AssertionSuccess();
    }
    absl::SleepFor(kPause);
  }
  return testing::AssertionFailure() << "it was not ready in time: " << Errors();
}

bool ServerChild::Kill() {
  if (!alive_) return false;
  ::kill(pid_, SIGKILL);
  Reap(0);
  return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL;
}

void ServerChild::AskToStop() {
  asked_ = absl::Now();
  if (alive_) ::kill(pid_, SIGTERM);
}

Ending ServerChild::WaitForEnd() {
  const absl::Time start = std::min(asked_, absl::Now());
  const absl::Time until = absl::Now() + kPatience;
  while (!Reap(WNOHANG) && absl::Now() < until) absl::SleepFor(kPause);
  Ending ending{.ended = !alive_, .after = absl::Now() - start};
  if (ending.ended && WIFEXITED(status_)) ending.code = WEXITSTATUS(status_);
  if (ending.ended && WIFSIGNALED(status_)) ending.signal = WTERMSIG(status_);
  return ending;
}

Ending ServerChild::Stop() {
  AskToStop();
  return WaitForEnd();
}

std::string ServerChild::Errors() const { return TextOf(absl::StrCat(base_, ".err")); }

std::string ServerChild::Output() const { return TextOf(absl::StrCat(base_, ".out")); }

}  // namespace turnabout
