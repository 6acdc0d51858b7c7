// Dates and times as the API writes them.
#ifndef TURNABOUT_SERVER_RECORDS_DATES_H_
#define TURNABOUT_SERVER_RECORDS_DATES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/timestamp.pb.h"

namespace turnabout {

// YYYY-MM-DD from 1970-01-01 to 9999-12-31, a day that exists; nothing for any other text.
std::optional<absl::CivilDay> ParseDate(absl::string_view text);

// YYYY-MM-DD.
std::string FormatDate(absl::CivilDay day);
// The day with this number; "" for 0, which stands for none.
std::string FormatDayNumber(int32_t number);

google::protobuf::Timestamp TimestampOf(int64_t micros);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_DATES_H_
