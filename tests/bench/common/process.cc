#include "tests/bench/common/process.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace turnabout::bench {
namespace {

// In the child: becomes the program. Only calls what is allowed after fork. Does not return.
[[noreturn]] void Become(char* const* arguments, const ProcessOptions& options, pid_t parent) {
  const int output = ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (options.user != 0) {
    const bool became = ::setgroups(0, nullptr) == 0 && ::setgid(options.group) == 0 && ::setuid(options.user) == 0;
    if (!became) ::_exit(126);
  }
  // After setuid, which forgets it.
  ::prctl(PR_SET_PDEATHSIG, options.when_orphaned);
  if (::getppid() != parent) ::_exit(126);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

// The pids of `parent`'s children.
std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::ifstream list(absl::StrCat("/proc/", parent, "/task/", parent, "/children"));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

double CpuSecondsOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string line;
  std::getline(file, line);
  // What follows the program's name, which may hold anything, is: state, then ten numbers, then user and system time.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

Process::Process(const std::vector<std::string>& words, const ProcessOptions& options) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) Become(arguments.data(), options, parent);
  TURNABOUT_CHECK(pid_ > 0);
}

Process::~Process() {
  if (Alive()) Stop(SIGKILL);
}

bool Process::Alive() {
  if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return !ended_;
}

void Process::SignalAll(int signal) const {
  for (const pid_t child : ChildrenOf(pid_)) ::kill(child, signal);
  ::kill(pid_, signal);
}

void Process::Pause() {
  if (!paused_ && Alive()) SignalAll(SIGSTOP);
  paused_ = true;
}

void Process::Resume() {
  if (paused_ && Alive()) SignalAll(SIGCONT);
  paused_ = false;
}

int Process::Stop(int signal) {
  Resume();
  if (Alive()) ::kill(pid_, signal);
  return Wait();
}

int Process::Wait() {
  if (!ended_) ended_ = ::waitpid(pid_, &status_, 0) == pid_;
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

double Process::CpuSeconds() const {
  double seconds = CpuSecondsOf(pid_);
  for (const pid_t child : ChildrenOf(pid_)) seconds += CpuSecondsOf(child);
  return seconds;
}

}  // namespace turnabout::bench
