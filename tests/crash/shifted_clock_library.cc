// Loaded before the C library, this makes the system's clock one that a test can set for one process: every reading of
// it is moved by as many seconds as the file named by TURNABOUT_CLOCK_SHIFT says at that moment (8 bytes, as the
// machine has them). Time that only passes (CLOCK_MONOTONIC) is left alone.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

const volatile int64_t* Shift() {
  static const volatile int64_t* const shift = []() -> const volatile int64_t* {
    static const int64_t none = 0;
    const char* path = std::getenv("TURNABOUT_CLOCK_SHIFT");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return &none;
    void* mapped = ::mmap(nullptr, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? &none : static_cast<const volatile int64_t*>(mapped);
  }
  ();
  return shift;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
  using Function = int (*)(clockid_t, struct timespec*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *Shift();
  return result;
}

extern "C" int gettimeofday(struct timeval* time, void* zone) noexcept {
  using Function = int (*)(struct timeval*, void*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "gettimeofday"));
  const int result = real(time, zone);
  if (result == 0) time->tv_sec += *Shift();
  return result;
}

extern "C" time_t time(time_t* out) noexcept {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
