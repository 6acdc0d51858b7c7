// A Scratch is a folder for a fuzzer of files, in memory where this machine has such a place. It is made once and left
// to the process, which removes it at its end.
#ifndef TURNABOUT_TESTS_FUZZ_SCRATCH_H_
#define TURNABOUT_TESTS_FUZZ_SCRATCH_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace turnabout {

// Not thread-safe.
class Scratch {
 public:
  Scratch() : path_(std::filesystem::exists("/dev/shm") ? "/dev/shm/turnabout.XXXXXX" : "/tmp/turnabout.XXXXXX") {
    TURNABOUT_CHECK(::mkdtemp(path_.data()) != nullptr);
    last_ = path_;
    std::atexit([] { std::filesystem::remove_all(last_); });
  }

  const std::string& path() const { return path_; }

  // Removes everything in it.
  void Clear() const {
    for (const auto& each : std::filesystem::directory_iterator(path_)) std::filesystem::remove_all(each.path());
  }
  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(absl::StrCat(path_, "/", name), std::ios::binary | std::ios::trunc) << bytes;
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(absl::StrCat(path_, "/", name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

 private:
  static inline std::string last_;
  std::string path_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_FUZZ_SCRATCH_H_
