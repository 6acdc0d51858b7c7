// A DataFolder is the place on disk that one server owns while it runs: locked, of a known format, with room kept free.
#ifndef TURNABOUT_STORE_JOURNAL_DATA_FOLDER_H_
#define TURNABOUT_STORE_JOURNAL_DATA_FOLDER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/journal/posix_file.h"

namespace turnabout {

// Threads: safe for concurrent use once it is open, except for the ballast.
class DataFolder {
 public:
  // Makes the folder when its parent is there, locks it, and brings it to today's format (store/journal/migration.h).
  // The lock goes with the object, or with the process.
  // FOLDER_IN_USE with the holder's `pid`; FORMAT_UNKNOWN; JOURNAL_DAMAGED when files are missing that cannot be;
  // JOURNAL_UNAVAILABLE when the folder cannot be made, read or written.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::string& path);

  // Locks a folder that must be there, of any format that can be read, and leaves it as it is.
  // JOURNAL_UNAVAILABLE when it is no data folder; otherwise as above.
  static absl::StatusOr<std::unique_ptr<DataFolder>> OpenToRead(const std::string& path);

  const std::string& path() const { return path_; }
  // The path of a file in it.
  std::string PathOf(absl::string_view name) const;

  // RESOURCE_EXHAUSTED/DISK_FULL when fewer than `needed_bytes` are free.
  absl::Status CheckFree(uint64_t needed_bytes) const;

  // Removes the ballast when fewer than `low_water_bytes` are free, so that there is room to open what is here.
  absl::Status ReleaseBallastBelow(uint64_t low_water_bytes);

  // Makes the ballast `bytes` long when that leaves more than `low_water_bytes` free; otherwise leaves it as it is.
  void KeepBallast(uint64_t bytes, uint64_t low_water_bytes);

 private:
  DataFolder(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  absl::Status MakeNew() const;

  const std::string path_;
  const UniqueFd lock_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_DATA_FOLDER_H_
