#include "store/journal/posix_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout {

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

absl::Status UnavailableFromErrno(absl::string_view verb, absl::string_view path) {
  const std::string problem = absl::StrCat(path, ": ", std::generic_category().message(errno));
  return Refuse(Reason::kJournalUnavailable, {{"verb", verb}, {"problem", problem}});
}

bool FileExists(const std::string& path) {
  struct stat unused;
  return ::stat(path.c_str(), &unused) == 0;
}

absl::StatusOr<uint64_t> FreeBytes(const std::string& path) {
  struct statvfs disk;
  if (::statvfs(path.c_str(), &disk) != 0) return UnavailableFromErrno("written", path);
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

absl::Status MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), 0750) != 0) {
    struct stat found;
    if (errno == EEXIST && ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return absl::OkStatus();
    if (errno == EEXIST) errno = ENOTDIR;
    return UnavailableFromErrno("opened", path);
  }
  const size_t slash =
      path.find_last_not_of('/') == std::string::npos ? std::string::npos : path.rfind('/', path.find_last_not_of('/'));
  if (slash == std::string::npos) return SyncFolder(".");
  return SyncFolder(slash == 0 ? "/" : path.substr(0, slash));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return UnavailableFromErrno("read", path);
  std::string bytes;
  char buffer[4096];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return UnavailableFromErrno("read", path);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
  }
}

absl::Status WriteFileDurably(const std::string& folder, const std::string& name, absl::string_view bytes,
                              unsigned mode) {
  const std::string path = absl::StrCat(folder, "/", name);
  const std::string temporary = absl::StrCat(path, ".new");
  const UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file.ok()) return UnavailableFromErrno("written", temporary);
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return UnavailableFromErrno("written", temporary);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  if (::fsync(file.get()) != 0) return UnavailableFromErrno("written", temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return UnavailableFromErrno("written", path);
  return SyncFolder(folder);
}

absl::Status SyncFolder(const std::string& folder) {
  const UniqueFd handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.ok() || ::fsync(handle.get()) != 0) return UnavailableFromErrno("written", folder);
  return absl::OkStatus();
}

}  // namespace turnabout
