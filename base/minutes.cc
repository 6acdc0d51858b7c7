#include "base/minutes.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/reason.h"

namespace turnabout {
namespace {

constexpr int64_t kLargest = int64_t{1} << 53;

// A duration is a run of numbers and words: "1 hour 30" is number, word, number.
struct Piece {
  bool is_number = false;
  int64_t number = 0;  // in hundredths when the text had a decimal point, else whole
  bool has_fraction = false;
  std::string word;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// Reads digits, and after a point exactly one or two more. False when the number is too long to be a time.
bool ReadNumber(absl::string_view text, size_t& at, Piece& piece) {
  piece.is_number = true;
  const size_t start = at;
  while (at < text.size() && IsDigit(text[at])) piece.number = piece.number * 10 + (text[at++] - '0');
  if (at - start > 15) return false;
  if (at + 1 >= text.size() || text[at] != '.' || !IsDigit(text[at + 1])) return true;
  ++at;
  piece.has_fraction = true;
  const int tenths = text[at++] - '0';
  const int hundredths = at < text.size() && IsDigit(text[at]) ? text[at++] - '0' : 0;
  piece.number = piece.number * 100 + tenths * 10 + hundredths;
  return at >= text.size() || !IsDigit(text[at]);
}

absl::StatusOr<std::vector<Piece>> Pieces(absl::string_view text) {
  std::vector<Piece> pieces;
  for (size_t at = 0; at < text.size();) {
    Piece piece;
    if (IsDigit(text[at])) {
      if (!ReadNumber(text, at, piece)) return absl::InvalidArgumentError("");
    } else if (IsLetter(text[at])) {
      while (at < text.size() && IsLetter(text[at])) piece.word += text[at++];
    } else if (text[at] == ':') {
      piece.word = text[at++];
    } else if (absl::ascii_isspace(text[at]) || text[at] == ',') {
      ++at;
      continue;
    } else {
      return absl::InvalidArgumentError("");
    }
    if (piece.word == "and" || piece.word == "a") continue;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

bool IsHourWord(absl::string_view word) {
  return word == "h" || word == "hr" || word == "hrs" || word == "hour" || word == "hours" || word == "awr" ||
         word == "oriau" || word == "o";
}

bool IsMinuteWord(absl::string_view word) {
  return word == "m" || word == "min" || word == "mins" || word == "minute" || word == "minutes" || word == "munud" ||
         word == "munudau";
}

// Minutes in a number of hours; -1 when a fraction is not a whole number of minutes.
int64_t HoursToMinutes(const Piece& hours) {
  if (!hours.has_fraction) return hours.number * 60;
  return hours.number * 60 % 100 == 0 ? hours.number * 60 / 100 : -1;
}

// The minutes that `pieces` say, or -1.
int64_t Read(const std::vector<Piece>& pieces) {
  size_t at = 0;
  int64_t total = 0;
  const auto number = [&] { return at < pieces.size() && pieces[at].is_number; };
  const auto word = [&](auto is) { return at < pieces.size() && !pieces[at].is_number && is(pieces[at].word); };
  if (!number()) return -1;
  const Piece& first = pieces[at++];
  const bool clock = word([](absl::string_view w) { return w == ":"; });
  if (clock || word(IsHourWord)) {
    ++at;
    const int64_t hours = HoursToMinutes(first);
    if (hours < 0 || (clock && first.has_fraction)) return -1;
    total = hours;
    if (at == pieces.size()) return clock ? -1 : total;
    if (!number() || pieces[at].has_fraction || pieces[at].number > 59 || first.has_fraction) return -1;
    total += pieces[at++].number;
  } else {
    if (first.has_fraction) return -1;
    total = first.number;
  }
  if (!clock && word(IsMinuteWord)) ++at;
  return at == pieces.size() ? total : -1;
}

std::string Count(int64_t n, absl::string_view one, absl::string_view many) {
  return absl::StrCat(n, " ", n == 1 ? one : many);
}

}  // namespace

absl::StatusOr<Minutes> ParseMinutes(absl::string_view text) {
  absl::StatusOr<std::vector<Piece>> pieces = Pieces(absl::AsciiStrToLower(text));
  const int64_t minutes = pieces.ok() ? Read(*pieces) : -1;
  if (minutes < 0 || minutes > kLargest) return Refuse(Reason::kBadDuration, {{"text", text.substr(0, 40)}});
  return Minutes(minutes);
}

std::string FormatMinutes(Minutes minutes) {
  const int64_t n = minutes.count();
  if (n < 0) return absl::StrCat("minus ", FormatMinutes(Minutes(-n)));
  const std::string rest = Count(n % 60, "minute", "minutes");
  if (n < 60) return rest;
  const std::string hours = Count(n / 60, "hour", "hours");
  return n % 60 == 0 ? hours : absl::StrCat(hours, " ", rest);
}

std::string FormatMinutesShort(Minutes minutes) {
  const int64_t n = minutes.count();
  const uint64_t size = n < 0 ? 0 - static_cast<uint64_t>(n) : static_cast<uint64_t>(n);
  return absl::StrFormat("%s%d:%02d", n < 0 ? "-" : "", size / 60, size % 60);
}

absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) {
    return Refuse(Reason::kAmountOverflow, {{"a", absl::StrCat(a)}, {"b", absl::StrCat(b)}});
  }
  return sum;
}

}  // namespace turnabout
