#include "server/daemon/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace turnabout {
namespace {

// Fields of /proc/self/stat after the name of the program, which may hold anything: proc(5) numbers them from 1, and
// the name is the second.
constexpr size_t kUserTicks = 14 - 3;
constexpr size_t kSystemTicks = 15 - 3;
constexpr size_t kStartTicks = 22 - 3;
constexpr size_t kResidentPages = 24 - 3;

std::string Contents(const char* path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<uint64_t> Number(absl::string_view text) {
  uint64_t number = 0;
  return absl::SimpleAtoi(text, &number) ? std::make_optional(number) : std::nullopt;
}

// When the machine started, in seconds since 1970.
std::optional<uint64_t> MachineStarted() {
  const std::string stat = Contents("/proc/stat");
  for (absl::string_view line : absl::StrSplit(stat, '\n')) {
    if (absl::ConsumePrefix(&line, "btime ")) return Number(line);
  }
  return std::nullopt;
}

// Without the file that is open to count them.
std::optional<uint64_t> OpenFiles() {
  std::error_code failed;
  const std::filesystem::directory_iterator files("/proc/self/fd", failed);
  if (failed) return std::nullopt;
  return static_cast<uint64_t>(std::distance(begin(files), end(files))) - 1;
}

absl::Duration Ticks(uint64_t ticks) { return absl::Seconds(ticks) / sysconf(_SC_CLK_TCK); }

}  // namespace

std::optional<ProcessReadings> ReadProcess() {
  const std::string stat = Contents("/proc/self/stat");
  const size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields = absl::StrSplit(stat.substr(name_end + 2), ' ');
  if (fields.size() <= kResidentPages) return std::nullopt;
  const std::optional<uint64_t> user = Number(fields[kUserTicks]);
  const std::optional<uint64_t> system = Number(fields[kSystemTicks]);
  const std::optional<uint64_t> start = Number(fields[kStartTicks]);
  const std::optional<uint64_t> pages = Number(fields[kResidentPages]);
  const std::optional<uint64_t> machine = MachineStarted();
  const std::optional<uint64_t> files = OpenFiles();
  rlimit most;
  if (!user || !system || !start || !pages || !machine || !files || getrlimit(RLIMIT_NOFILE, &most) != 0) {
    return std::nullopt;
  }
  return ProcessReadings{.resident_bytes = *pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)),
                         .cpu = Ticks(*user + *system),
                         .open_files = *files,
                         .open_files_max = most.rlim_cur,
                         .started = absl::FromUnixSeconds(static_cast<int64_t>(*machine)) + Ticks(*start)};
}

}  // namespace turnabout
