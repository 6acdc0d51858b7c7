#include "tests/bench/common/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace turnabout::bench {

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool WriteWhole(const std::string& path, const std::string& text) {
  const std::string partial = absl::StrCat(path, ".partial");
  std::ofstream file(partial, std::ios::binary);
  file << text;
  file.close();
  return file.good() && std::rename(partial.c_str(), path.c_str()) == 0;
}

int64_t BytesOnDisk(const std::string& folder) {
  constexpr int64_t kBlockBytes = 512;  // the unit of st_blocks, on every file system
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat about {};
    if (::lstat(entry.path().c_str(), &about) == 0) bytes += about.st_blocks * kBlockBytes;
  }
  return bytes;
}

void SettleDisk(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ::syncfs(file);
  ::close(file);
}

// Others may pass through it, not look into it: a peer may run as another user, in a folder of its own below.
TemporaryFolder::TemporaryFolder(const std::string& parent) : path_(absl::StrCat(parent, "/turnabout-bench-XXXXXX")) {
  if (::mkdtemp(path_.data()) == nullptr) {
    std::fprintf(stderr, "bench_ledger: no folder can be made in %s\n", parent.c_str());
    std::exit(1);
  }
  ::chmod(path_.c_str(), 0711);
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

}  // namespace turnabout::bench
