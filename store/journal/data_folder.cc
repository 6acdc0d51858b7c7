#include "store/journal/data_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"
#include "store/journal/head_file.h"
#include "store/journal/migration.h"

namespace turnabout {
namespace {

constexpr char kLock[] = "LOCK";
constexpr char kFormat[] = "FORMAT";
constexpr char kJournal[] = "journal";
constexpr char kBallast[] = "BALLAST";

absl::Status FormatMissing() { return DamagedPlace("the file FORMAT", "it is missing"); }

// Takes the lock and writes this process's id into it for whoever finds it taken. A process that only reads makes do
// with a lock that it cannot write to, and on a disk that nobody can write to with none.
absl::StatusOr<UniqueFd> TakeLock(const std::string& folder, bool read_only) {
  const std::string path = absl::StrCat(folder, "/", kLock);
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  const bool writable = lock.ok();
  const bool on_read_only_disk = !writable && errno == EROFS;
  if (!writable && read_only && (on_read_only_disk || errno == EACCES)) {
    lock = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!lock.ok() && on_read_only_disk && errno == ENOENT) return lock;
  }
  if (!lock.ok()) return UnavailableFromErrno("opened", path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return UnavailableFromErrno("opened", path);
    const absl::StatusOr<std::string> holder = ReadFile(path);
    const std::string pid(holder.ok() ? absl::StripAsciiWhitespace(*holder) : "");
    return Refuse(Reason::kFolderInUse, {{"folder", folder}, {"pid", pid.empty() ? "unknown" : pid}});
  }
  if (!writable) return lock;
  const std::string pid = absl::StrCat(::getpid(), "\n");
  // On a full disk the pid may not fit; the lock itself holds all the same.
  if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), pid.data(), pid.size(), 0) < 0) {
    Log(Severity::kWarning, "the lock file could not be written", {{"folder", folder}});
  }
  return lock;
}

absl::Status CheckIsDataFolder(const std::string& path) {
  struct stat found;
  if (::stat(absl::StrCat(path, "/", kFormat).c_str(), &found) == 0) return absl::OkStatus();
  const bool is_no_folder = errno != ENOENT || ::stat(path.c_str(), &found) != 0;
  if (is_no_folder) return UnavailableFromErrno("opened", path);
  if (FileExists(absl::StrCat(path, "/", kJournal))) return FormatMissing();
  const std::string problem = absl::StrCat(path, " is no data folder: it has no file FORMAT");
  return Refuse(Reason::kJournalUnavailable, {{"verb", "opened"}, {"problem", problem}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& path) {
  RETURN_IF_ERROR(MakeFolder(path));
  ASSIGN_OR_RETURN(UniqueFd lock, TakeLock(path, false));
  std::unique_ptr<DataFolder> folder(new DataFolder(path, std::move(lock)));
  if (!FileExists(folder->PathOf(kFormat))) RETURN_IF_ERROR(folder->MakeNew());
  RETURN_IF_ERROR(Migrate(path));
  return folder;
}

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::OpenToRead(const std::string& path) {
  RETURN_IF_ERROR(CheckIsDataFolder(path));
  ASSIGN_OR_RETURN(UniqueFd lock, TakeLock(path, true));
  RETURN_IF_ERROR(ReadFormat(path).status());
  return std::unique_ptr<DataFolder>(new DataFolder(path, std::move(lock)));
}

std::string DataFolder::PathOf(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

// HEAD is made before FORMAT, and the journal after it. So a folder with a FORMAT that lacks a HEAD has lost it, and
// one without a FORMAT that has a journal has lost that.
absl::Status DataFolder::MakeNew() const {
  if (FileExists(PathOf(kJournal))) return FormatMissing();
  RETURN_IF_ERROR(HeadFile::Create(path_));
  return WriteFormat(path_, kDataFolderFormat);
}

absl::Status DataFolder::CheckFree(uint64_t needed_bytes) const {
  ASSIGN_OR_RETURN(const uint64_t free_bytes, FreeBytes(path_));
  if (free_bytes >= needed_bytes) return absl::OkStatus();
  return Refuse(Reason::kDiskFull,
                {{"free_bytes", absl::StrCat(free_bytes)}, {"needed_bytes", absl::StrCat(needed_bytes)}});
}

absl::Status DataFolder::ReleaseBallastBelow(uint64_t low_water_bytes) {
  const std::string path = PathOf(kBallast);
  ASSIGN_OR_RETURN(const uint64_t free_bytes, FreeBytes(path_));
  if (free_bytes >= low_water_bytes || !FileExists(path)) return absl::OkStatus();
  if (::unlink(path.c_str()) != 0) return UnavailableFromErrno("opened", path);
  Log(Severity::kWarning, "the disk is nearly full: ballast given back", {{"free_bytes", absl::StrCat(free_bytes)}});
  return absl::OkStatus();
}

void DataFolder::KeepBallast(uint64_t bytes, uint64_t low_water_bytes) {
  const std::string path = PathOf(kBallast);
  struct stat now;
  const uint64_t kept = ::stat(path.c_str(), &now) == 0 ? static_cast<uint64_t>(now.st_size) : 0;
  if (kept == bytes) return;
  if (kept > bytes) {
    if (bytes == 0 ? ::unlink(path.c_str()) != 0 : ::truncate(path.c_str(), static_cast<off_t>(bytes)) != 0) {
      Log(Severity::kWarning, "the ballast could not be made smaller");
    }
    return;
  }
  const absl::StatusOr<uint64_t> free_bytes = FreeBytes(path_);
  if (!free_bytes.ok() || *free_bytes < low_water_bytes + (bytes - kept)) return;
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
  if (!file.ok() || ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) != 0) {
    Log(Severity::kWarning, "no ballast could be kept");
    ::unlink(path.c_str());
  }
}

}  // namespace turnabout
