#include "clients/cli/text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace turnabout::cli {
namespace {

constexpr char32_t kBad = 0xFFFFFFFF;

// Takes one code point from the front of `text`; kBad, and one byte taken, when it is not UTF-8.
char32_t TakeCodePoint(absl::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  const size_t length = first < 0x80                    ? 1
                        : first >= 0xC2 && first < 0xE0 ? 2
                        : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xF0 && first < 0xF5 ? 4
                                                        : 0;
  char32_t point = length == 1 ? first : first & (0x7F >> length);
  bool good = length > 0 && text.size() >= length;
  for (size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xC0) == 0x80;
    point = point << 6 | (byte(i) & 0x3F);
  }
  good = good && !(length == 3 && (point < 0x800 || (point >= 0xD800 && point < 0xE000))) &&
         !(length == 4 && (point < 0x10000 || point > 0x10FFFF));
  text.remove_prefix(good ? length : 1);
  return good ? point : kBad;
}

struct Span {
  char32_t first, last;
};

// Marks drawn over the letter before, and characters that are not drawn.
constexpr Span kZeroWidth[] = {{0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F},
                               {0x670, 0x670},   {0x6D6, 0x6DC},   {0x93C, 0x93C},   {0x941, 0x948},   {0x94D, 0x94D},
                               {0x9BC, 0x9BC},   {0x9C1, 0x9C4},   {0x9CD, 0x9CD},   {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                               {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                               {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};
constexpr Span kDoubleWidth[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0x33FF}, {0x3400, 0x4DBF},
                                 {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                                 {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                                 {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <size_t n>
bool In(const Span (&spans)[n], char32_t point) {
  return std::any_of(std::begin(spans), std::end(spans),
                     [point](const Span& span) { return point >= span.first && point <= span.last; });
}

int WidthOf(char32_t point) {
  if (point < 0x300) return 1;
  return In(kZeroWidth, point) ? 0 : In(kDoubleWidth, point) ? 2 : 1;
}

}  // namespace

size_t FirstBadUtf8(absl::string_view text) {
  const size_t size = text.size();
  while (!text.empty()) {
    const size_t at = size - text.size();
    if (TakeCodePoint(text) == kBad) return at;
  }
  return absl::string_view::npos;
}

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) width += WidthOf(TakeCodePoint(text));
  return width;
}

std::string Truncate(absl::string_view text, int columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  int width = 0;
  absl::string_view rest = text;
  size_t kept = 0;
  while (!rest.empty()) {
    width += WidthOf(TakeCodePoint(rest));
    if (width > columns - 1) break;
    kept = text.size() - rest.size();
  }
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(text.substr(0, kept)), "…");
}

std::string PadRight(absl::string_view text, int columns) {
  return absl::StrCat(text, std::string(std::max(0, columns - DisplayWidth(text)), ' '));
}

std::string PadLeft(absl::string_view text, int columns) {
  return absl::StrCat(std::string(std::max(0, columns - DisplayWidth(text)), ' '), text);
}

std::string Printable(absl::string_view text) {
  std::string out;
  while (!text.empty()) {
    const absl::string_view before = text;
    const char32_t point = TakeCodePoint(text);
    if (point == kBad) {
      out += "\uFFFD";
    } else if (point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E)) {
      out += ' ';
    } else {
      absl::StrAppend(&out, before.substr(0, before.size() - text.size()));
    }
  }
  return out;
}

std::vector<std::string> Wrap(absl::string_view text, int columns) {
  std::vector<std::string> lines;
  std::string line;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    absl::StrAppend(&line, line.empty() ? "" : " ", word);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string Grouped(int64_t n) {
  std::string digits = absl::StrCat(n);
  const size_t first = n < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string Count(int64_t n, absl::string_view one, absl::string_view many) {
  return absl::StrCat(Grouped(n), " ", n == 1 ? one : many);
}

int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string NearMiss(absl::string_view text, const std::vector<std::string>& known) {
  const std::string lower = absl::AsciiStrToLower(text.substr(0, 64));
  int best = std::max<int>(1, static_cast<int>(lower.size()) / 3) + 1;
  std::string found;
  for (const std::string& candidate : known) {
    const int distance = EditDistance(lower, absl::AsciiStrToLower(candidate));
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string OrList(const std::vector<std::string>& items) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : i + 1 == items.size() ? " or " : ", ", items[i]);
  }
  return out;
}

}  // namespace turnabout::cli
