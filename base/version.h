// The release that this is.
#ifndef TURNABOUT_BASE_VERSION_H_
#define TURNABOUT_BASE_VERSION_H_

#include "absl/strings/string_view.h"

namespace turnabout {

inline constexpr absl::string_view kVersion = "0.1.0";

}  // namespace turnabout

#endif  // TURNABOUT_BASE_VERSION_H_
