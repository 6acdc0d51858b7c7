#include "tests/bench/common/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/common/files.h"

namespace turnabout::bench {
namespace {

std::string Processor() {
  std::istringstream lines(TextOf("/proc/cpuinfo"));
  for (std::string line; std::getline(lines, line);) {
    if (absl::StartsWith(line, "model name")) return line.substr(line.find(':') + 2);
  }
  return "an unnamed processor";
}

double MemoryGb() {
  return 1e-9 * static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
}

// The file system that `folder` is on: the mount whose path is the longest that leads to it.
std::string FileSystem(const std::string& folder) {
  const std::string path = std::filesystem::absolute(folder).string();
  std::istringstream lines(TextOf("/proc/self/mounts"));
  std::string best;
  std::string described = "an unknown file system";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device, mount, type;
    words >> device >> mount >> type;
    if (!absl::StartsWith(path, mount) || mount.size() < best.size()) continue;
    best = mount;
    described = absl::StrCat(type, " on ", device);
  }
  return described;
}

}  // namespace

std::vector<std::string> DescribeMachine(const std::string& folder) {
  utsname system{};
  ::uname(&system);
  double load = 0;
  ::getloadavg(&load, 1);
  return {absl::StrFormat("%d x %s, %.1f GB", std::thread::hardware_concurrency(), Processor(), MemoryGb()),
          absl::StrCat("Linux ", system.release, ", ", FileSystem(folder)),
          absl::StrFormat("%.1f processes were running already", load)};
}

}  // namespace turnabout::bench
