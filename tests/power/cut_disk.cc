#include "tests/power/cut_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

constexpr off_t kDiskBytes = off_t{512} << 20;  // as much is only taken as is written
// EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number, and so is "without flushing the log".
constexpr unsigned long kShutdown = _IOR('X', 125, uint32_t);  // NOLINT: ioctl takes an unsigned long
constexpr uint32_t kWithoutFlushingTheLog = 2;
constexpr int kTries = 200;
constexpr absl::Duration kBetweenTries = absl::Milliseconds(10);

absl::Status Impossible(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::generic_category().message(errno)));
}

// Runs mkfs; its own words go nowhere.
absl::Status MakeFileSystem(const std::string& kind, const std::string& image) {
  std::string program = absl::StrCat("mkfs.", kind), quiet = "-q", file = image;
  char* const arguments[] = {program.data(), quiet.data(), file.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  errno = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return Impossible(program);
  int status = 0;
  if (::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(program, " could not make a file system"));
}

// Gives this process mounts of its own, once.
absl::Status HaveMountsOfOurOwn() {
  static const bool have = ::unshare(CLONE_NEWNS) == 0;
  if (!have) return Impossible("this process may not have mounts of its own");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return Impossible("mounts cannot be private");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<CutDisk>> CutDisk::Make(const std::string& folder, absl::string_view kind) {
  RETURN_IF_ERROR(HaveMountsOfOurOwn());
  const std::string image = absl::StrCat(folder, "/disk");
  std::unique_ptr<CutDisk> disk(new CutDisk(absl::StrCat(folder, "/mounted"), std::string(kind)));
  RETURN_IF_ERROR(MakeFolder(disk->path_));
  {
    const UniqueFd file(::open(image.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.ok() || ::ftruncate(file.get(), kDiskBytes) != 0) return Impossible(image);
  }
  RETURN_IF_ERROR(MakeFileSystem(disk->kind_, image));
  RETURN_IF_ERROR(disk->TakeLoopDevice(image));
  RETURN_IF_ERROR(disk->Mount());
  return disk;
}

CutDisk::~CutDisk() {
  if (mounted_ && !Unmount().ok()) ::umount2(path_.c_str(), MNT_DETACH);
}

// Another process may take the device that is free first; then the next is tried.
absl::Status CutDisk::TakeLoopDevice(const std::string& image) {
  const UniqueFd control(::open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control.ok()) return Impossible("/dev/loop-control");
  const UniqueFd file(::open(image.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.ok()) return Impossible(image);
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const int number = ::ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) return Impossible("no loop device is free");
    device_ = absl::StrCat("/dev/loop", number);
    loop_ = UniqueFd(::open(device_.c_str(), O_RDWR | O_CLOEXEC));
    if (!loop_.ok()) return Impossible(device_);
    loop_config config = {};
    config.fd = static_cast<uint32_t>(file.get());
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (::ioctl(loop_.get(), LOOP_CONFIGURE, &config) == 0) return absl::OkStatus();
    if (errno != EBUSY) return Impossible(device_);
  }
  return absl::UnavailableError("every loop device was taken before it could be had");
}

absl::Status CutDisk::Mount() {
  if (::mount(device_.c_str(), path_.c_str(), kind_.c_str(), MS_NOATIME, nullptr) != 0) {
    return Impossible(absl::StrCat("mounting ", kind_));
  }
  mounted_ = true;
  root_ = UniqueFd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return root_.ok() ? absl::OkStatus() : Impossible(path_);
}

// Somebody else's look at the mounts can keep it busy for a moment.
absl::Status CutDisk::Unmount() {
  root_ = UniqueFd();
  for (int attempt = 0; attempt < kTries; ++attempt) {
    if (::umount2(path_.c_str(), 0) == 0) {
      mounted_ = false;
      return absl::OkStatus();
    }
    if (errno != EBUSY) break;
    absl::SleepFor(kBetweenTries);
  }
  return Impossible("unmounting");
}

absl::Status CutDisk::CutPower() const {
  uint32_t how = kWithoutFlushingTheLog;
  return ::ioctl(root_.get(), kShutdown, &how) == 0 ? absl::OkStatus() : Impossible("the shutdown ioctl");
}

absl::Status CutDisk::Restore() {
  RETURN_IF_ERROR(Unmount());
  return Mount();
}

}  // namespace turnabout
