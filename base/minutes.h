// Minutes are whole minutes of somebody's time. Every hour is worth the same, so they add up like any other number, and
// arithmetic that would overflow is an error, never a wrap.
//
//   absl::StatusOr<Minutes> m = ParseMinutes("1h30");  // 90
//   FormatMinutes(*m);                                 // "1 hour 30 minutes"
#ifndef TURNABOUT_BASE_MINUTES_H_
#define TURNABOUT_BASE_MINUTES_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout {

class Minutes {
 public:
  constexpr Minutes() = default;
  constexpr explicit Minutes(int64_t count) : count_(count) {}
  constexpr int64_t count() const { return count_; }
  friend constexpr auto operator<=>(Minutes, Minutes) = default;

 private:
  int64_t count_ = 0;
};

// Reads minutes as people write them: "90", "1h30", "1h 30m", "1:30", "1 hour 30", "2 hours", "45 min", "1.5h" (and
// "1.5 hours": only halves and quarters, which are whole minutes), in any case, with any white space, in English or in
// Welsh ("1 awr 30 munud"). INVALID_ARGUMENT/BAD_DURATION for anything else, a negative time, or one past 2^53.
absl::StatusOr<Minutes> ParseMinutes(absl::string_view text);

// In words, numerals always: "1 hour 30 minutes", "45 minutes", "0 minutes", "minus 2 hours". "1 hour", not "1 hours".
std::string FormatMinutes(Minutes minutes);

// For a column of figures: "1:30", "0:45", "-2:00".
std::string FormatMinutesShort(Minutes minutes);

// Adds two whole amounts. INVALID_ARGUMENT/AMOUNT_OVERFLOW when the sum does not fit.
absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_MINUTES_H_
