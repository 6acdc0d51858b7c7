#include "tests/crash/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(1);

// The exit status, or -1.
int WaitFor(pid_t child) {
  const absl::Time until = absl::Now() + kPatience;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (absl::Now() > until) ::kill(child, SIGKILL);
    absl::SleepFor(kPause);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Ran RunTurnaboutd(const std::vector<std::string>& arguments, const std::string& scratch) {
  std::vector<std::string> words = {TURNABOUTD};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string out = absl::StrCat(scratch, "/program.out"), err = absl::StrCat(scratch, "/program.err");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int spawned = ::posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(spawned, 0) << words[0];
  if (spawned != 0) return {.code = -1, .out = "", .err = ""};
  const int code = WaitFor(child);
  return {code, ReadWholeFile(out), ReadWholeFile(err)};
}

}  // namespace turnabout
