// A TemporaryFolder is removed with everything in it when it goes.
#ifndef TURNABOUT_TESTS_SUPPORT_TEMPORARY_FOLDER_H_
#define TURNABOUT_TESTS_SUPPORT_TEMPORARY_FOLDER_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace turnabout {

// Where files are in memory, if this machine has such a place: for tests that open many folders and cut no power.
inline std::string FastPlace() { return std::filesystem::exists("/dev/shm") ? "/dev/shm" : testing::TempDir(); }

class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& place = testing::TempDir()) : path_(place + "/turnabout.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_TEMPORARY_FOLDER_H_
