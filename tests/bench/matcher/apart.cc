#include "tests/bench/matcher/apart.h"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include "absl/strings/match.h"
#include "base/check.h"
#include "tests/bench/common/files.h"

namespace turnabout::bench {
namespace {

// A line of /proc/self/status that counts kilobytes.
double OwnMb(const char* name) {
  std::istringstream lines(TextOf("/proc/self/status"));
  for (std::string line; std::getline(lines, line);) {
    if (absl::StartsWith(line, name)) return std::atof(line.c_str() + line.find(':') + 1) / 1000;
  }
  return 0;
}

double ProcessorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// In the child. Does not return.
[[noreturn]] void RunAndSend(const std::function<void(Figures& out)>& contender, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const double before = OwnMb("VmRSS");
  Figures figures;
  contender(figures);
  figures["peak_mb"] = std::max(0.0, OwnMb("VmHWM") - before);
  FILE* out = ::fdopen(pipe, "w");
  for (const auto& [name, value] : figures) std::fprintf(out, "%s %.17g\n", name.c_str(), value);
  std::fclose(out);
  ::_exit(0);
}

}  // namespace

Figures RunApart(const std::function<void(Figures& out)>& contender) {
  int ends[2];
  TURNABOUT_CHECK(::pipe(ends) == 0);
  std::fflush(nullptr);
  ::malloc_trim(0);  // what the caller has given back is not the contender's to take for nothing
  const pid_t child = ::fork();
  TURNABOUT_CHECK(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    RunAndSend(contender, ends[1]);
  }
  ::close(ends[1]);
  FILE* in = ::fdopen(ends[0], "r");
  Figures figures;
  char name[64];
  for (double value = 0; std::fscanf(in, "%63s %lf", name, &value) == 2;) figures[name] = value;
  std::fclose(in);
  int status = 0;
  TURNABOUT_CHECK(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return figures;
  std::fprintf(stderr, "bench_matcher: a contender ended before it was done\n");
  std::exit(1);
}

Took TimeOf(const std::function<void()>& something) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = ProcessorSeconds();
  something();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), ProcessorSeconds() - cpu};
}

double Quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace turnabout::bench
