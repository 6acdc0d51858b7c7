// A CutDisk is a file system of its own, in a file, whose power can be cut: what was synced before the cut is there
// afterwards, and what was not is gone, as on a machine that lost its power.
//
//   absl::StatusOr<std::unique_ptr<CutDisk>> disk = CutDisk::Make(scratch, "ext4");
//   ... write below (*disk)->path() ...
//   (*disk)->CutPower();          // nothing reaches the disk any more; whoever writes is told so
//   ... close everything ...
//   (*disk)->Restore();           // the file system recovers, as at the next start of the machine
//
// The cut is the kernel's own: the shutdown ioctl of ext4 and xfs, told not to flush their log. It needs a superuser
// and loop devices.
#ifndef TURNABOUT_TESTS_POWER_CUT_DISK_H_
#define TURNABOUT_TESTS_POWER_CUT_DISK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/journal/posix_file.h"

namespace turnabout {

// Not thread-safe, but for CutPower.
class CutDisk {
 public:
  // A new file system of `kind`, ext4 or xfs, in a file of `folder`, mounted where only this process and its later
  // children see it, so that it goes with them however they end. UNAVAILABLE, with the reason, where this machine has
  // no loop devices, no such file system or no program that makes one, or this user may not mount.
  // REQUIRES: at the first call, no other thread that is to see the disk.
  static absl::StatusOr<std::unique_ptr<CutDisk>> Make(const std::string& folder, absl::string_view kind);

  // Unmounts it and gives the loop device back.
  ~CutDisk();

  const std::string& path() const { return path_; }

  // From its return on, and for most of it, nothing more becomes durable.
  absl::Status CutPower() const;

  // Unmounts it and mounts it again. REQUIRES: nothing on it is open.
  absl::Status Restore();

 private:
  CutDisk(std::string path, std::string kind) : path_(std::move(path)), kind_(std::move(kind)) {}

  absl::Status TakeLoopDevice(const std::string& image);
  absl::Status Mount();
  absl::Status Unmount();

  const std::string path_;  // where it is mounted
  const std::string kind_;
  UniqueFd
      loop_;  // kept open, so that the device stays ours between two mounts; freed by the kernel once nobody has it
  std::string device_;
  UniqueFd root_;  // for CutPower; opened at Mount
  bool mounted_ = false;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_POWER_CUT_DISK_H_
