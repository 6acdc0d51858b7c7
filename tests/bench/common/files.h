// Small things about files and folders that the benchmark's parts share.
#ifndef TURNABOUT_TESTS_BENCH_COMMON_FILES_H_
#define TURNABOUT_TESTS_BENCH_COMMON_FILES_H_

#include <cstdint>
#include <string>

namespace turnabout::bench {

// What `path` holds; empty when it is not there.
std::string TextOf(const std::string& path);

// Writes `text` under another name and renames it, so that nobody reads half of it. False when it cannot.
bool WriteWhole(const std::string& path, const std::string& text);

// The bytes that everything below `folder` takes on the disk.
int64_t BytesOnDisk(const std::string& folder);

// Writes back what the file system of `folder` holds in memory, so that nobody pays for it later but who wrote it.
void SettleDisk(const std::string& folder);

// A new folder below `parent` that goes with this object, whatever is in it.
class TemporaryFolder {
 public:
  // Ends the program, in plain words, when there can be none.
  explicit TemporaryFolder(const std::string& parent);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_FILES_H_
