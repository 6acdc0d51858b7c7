// A SmallDisk is a file system of a few MiB in memory, to be filled; a ReadOnlyDisk a folder that cannot be written.
//
//   const SmallDisk disk(mount_point.path(), uint64_t{128} << 20);
//   if (!disk.mounted()) GTEST_SKIP() << kNoMount;
//   disk.FillUpTo(0, "filler");
#ifndef TURNABOUT_TESTS_SUPPORT_SMALL_DISK_H_
#define TURNABOUT_TESTS_SUPPORT_SMALL_DISK_H_

#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace turnabout {

// What a test that cannot have such a disk says.
inline constexpr char kNoMount[] = "NOT TESTED: this user may not mount, so there is no disk to fill or to forbid";

class SmallDisk {
 public:
  // At `path`, which must be a folder, until it is destroyed.
  SmallDisk(std::string path, uint64_t bytes) : path_(std::move(path)) {
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, absl::StrCat("size=", bytes).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

  uint64_t FreeBytes() const {
    struct statvfs disk;
    return ::statvfs(path_.c_str(), &disk) == 0 ? uint64_t{disk.f_bavail} * disk.f_frsize : 0;
  }

  // Writes the file `name` until at most `left` bytes are free, but for less than a page.
  void FillUpTo(uint64_t left, const std::string& name) const {
    std::ofstream file(absl::StrCat(path_, "/", name), std::ios::binary);
    for (const size_t size : {size_t{1} << 20, size_t{4096}}) {
      const std::string piece(size, 'f');
      while (FreeBytes() >= left + size && file.write(piece.data(), static_cast<std::streamsize>(size)).flush()) {
      }
    }
  }

 private:
  const std::string path_;
  bool mounted_ = false;
};

class ReadOnlyDisk {
 public:
  // Nothing below `path` can be written until it is destroyed.
  explicit ReadOnlyDisk(std::string path) : path_(std::move(path)) {
    bound_ = ::mount(path_.c_str(), path_.c_str(), nullptr, MS_BIND, nullptr) == 0;
    mounted_ = bound_ && ::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
  }
  ~ReadOnlyDisk() {
    if (bound_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  ReadOnlyDisk(const ReadOnlyDisk&) = delete;
  ReadOnlyDisk& operator=(const ReadOnlyDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  const std::string path_;
  bool bound_ = false;
  bool mounted_ = false;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_SMALL_DISK_H_
