// CHECK stops the process when the project itself is wrong. Never for what a caller sent: that is a refusal.
#ifndef TURNABOUT_BASE_CHECK_H_
#define TURNABOUT_BASE_CHECK_H_

#include "absl/strings/string_view.h"

namespace turnabout {

// Prints where and what to stderr, then aborts.
[[noreturn]] void CheckFailed(const char* file, int line, absl::string_view what);

}  // namespace turnabout

#define TURNABOUT_CHECK(condition)                             \
  (__builtin_expect(static_cast<bool>(condition), 1) ? (void)0 \
                                                     : ::turnabout::CheckFailed(__FILE__, __LINE__, #condition))

#endif  // TURNABOUT_BASE_CHECK_H_
