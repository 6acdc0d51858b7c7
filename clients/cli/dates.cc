#include "clients/cli/dates.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace turnabout::cli {
namespace {

constexpr absl::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};

// The number in `text`, which is all digits and at most `digits_max` of them; -1 otherwise.
int Digits(absl::string_view text, size_t digits_max) {
  int number = -1;
  if (text.empty() || text.size() > digits_max) return -1;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return -1;
  }
  return absl::SimpleAtoi(text, &number) ? number : -1;
}

// 1 to 12 for a month's name or its first three letters; -1 otherwise.
int MonthNamed(absl::string_view text) {
  for (int i = 0; i < 12; ++i) {
    if (text == kMonths[i] || text == kMonths[i].substr(0, 3)) return i + 1;
  }
  return -1;
}

bool Make(int year, int month, int day, absl::CivilDay& out) {
  if (year < 1900 || year > 9999 || month < 1 || day < 1) return false;
  out = absl::CivilDay(year, month, day);
  return out.year() == year && out.month() == month && out.day() == day;
}

// "today", "today+90", "today-14"; also "yesterday" and "tomorrow".
bool ReadRelative(absl::string_view text, absl::CivilDay today, absl::CivilDay& out) {
  out = today;
  if (text == "yesterday") out = today - 1;
  if (text == "tomorrow") out = today + 1;
  if (text == "today" || out != today) return true;
  if (!absl::ConsumePrefix(&text, "today") || text.size() < 2 || (text[0] != '+' && text[0] != '-')) return false;
  const int days = Digits(absl::StripLeadingAsciiWhitespace(text.substr(1)), 5);
  if (days < 0) return false;
  out = text[0] == '+' ? today + days : today - days;
  return out.year() >= 1900 && out.year() <= 9999;
}

bool ReadAbsolute(absl::string_view text, absl::CivilDay& out) {
  const std::vector<absl::string_view> iso = absl::StrSplit(text, '-');
  if (iso.size() == 3 && iso[0].size() == 4) return Make(Digits(iso[0], 4), Digits(iso[1], 2), Digits(iso[2], 2), out);
  const std::vector<absl::string_view> slashed = absl::StrSplit(text, '/');
  if (slashed.size() == 3 && slashed[2].size() == 4) {
    return Make(Digits(slashed[2], 4), Digits(slashed[1], 2), Digits(slashed[0], 2), out);
  }
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  return words.size() == 3 && words[2].size() == 4 &&
         Make(Digits(words[2], 4), MonthNamed(words[1]), Digits(words[0], 2), out);
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view text, absl::CivilDay today) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  absl::CivilDay day;
  if (ReadRelative(lower, today, day) || ReadAbsolute(lower, day)) return day;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text.substr(0, 40), "\" is not a date. Write it as 2026-08-06, 6/8/2026 or today+90."));
}

std::string IsoDate(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string LongDate(absl::CivilDay day) {
  std::string month(kMonths[day.month() - 1]);
  month[0] = absl::ascii_toupper(month[0]);
  return absl::StrCat(day.day(), " ", month, " ", day.year());
}

std::string LongDate(absl::string_view iso) {
  absl::CivilDay day;
  return iso.size() == 10 && ReadAbsolute(iso, day) ? LongDate(day) : std::string(iso);
}

}  // namespace turnabout::cli
