// Dates as people write them, and as people read them.
#ifndef TURNABOUT_CLIENTS_CLI_DATES_H_
#define TURNABOUT_CLIENTS_CLI_DATES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace turnabout::cli {

// Reads "2026-08-06", "6/8/2026" (day first), "6 August 2026" (or "6 Aug 2026"), "today", "yesterday", "tomorrow", and
// "today+90" or "today-14", which count days from `today`. INVALID_ARGUMENT for anything else, and for days that no
// calendar has.
absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text, absl::CivilDay today);

// "2026-08-06".
std::string IsoDate(absl::CivilDay day);

// "6 August 2026".
std::string LongDate(absl::CivilDay day);

// The same for the API's own form, "2026-08-06"; anything else comes back as it is.
std::string LongDate(absl::string_view iso);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_DATES_H_
