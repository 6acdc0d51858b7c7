// The few things the data folder needs of the file system beyond what RocksDB does for itself.
#ifndef TURNABOUT_STORE_JOURNAL_POSIX_FILE_H_
#define TURNABOUT_STORE_JOURNAL_POSIX_FILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout {

// A file descriptor that is closed with its owner. Not thread-safe.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd();
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// UNAVAILABLE/JOURNAL_UNAVAILABLE for what errno says went wrong with `path`. `verb` is "opened", "read" or "written".
absl::Status UnavailableFromErrno(absl::string_view verb, absl::string_view path);

bool FileExists(const std::string& path);

// How much of the disk that `path` is on is left. UNAVAILABLE when nobody can say.
absl::StatusOr<uint64_t> FreeBytes(const std::string& path);

// Makes the folder `path` unless it is there, durably. UNAVAILABLE when its parent is not.
absl::Status MakeFolder(const std::string& path);

// The whole of a small file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Makes `folder`/`name` hold exactly `bytes`, durably; a crash leaves the old content or the new. `mode` says who may
// read it.
absl::Status WriteFileDurably(const std::string& folder, const std::string& name, absl::string_view bytes,
                              unsigned mode = 0640);

// Makes the names in `folder` durable.
absl::Status SyncFolder(const std::string& folder);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_POSIX_FILE_H_
