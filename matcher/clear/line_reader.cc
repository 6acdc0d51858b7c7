#include "matcher/clear/line_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/reason.h"

namespace turnabout::clear {
namespace {

constexpr Wide kWideMost = Wide{1} << 125;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Reads a whole number between the bounds, if that is what the field is.
bool ReadNumber(absl::string_view field, Wide least, Wide most, Wide& value) {
  const bool negative = !field.empty() && field[0] == '-';
  if (negative) field.remove_prefix(1);
  if (field.empty()) return false;
  Wide magnitude = 0;
  for (const char c : field) {
    if (c < '0' || c > '9') return false;
    magnitude = magnitude * 10 + (c - '0');
    if (magnitude > kWideMost) return false;
  }
  value = negative ? -magnitude : magnitude;
  return value >= least && value <= most;
}

}  // namespace

void LineReader::SkipBlanks() {
  while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
}

absl::string_view LineReader::NextField() {
  SkipBlanks();
  field_ = at_;
  while (at_ < text_.size() && text_[at_] != '\n' && !IsBlank(text_[at_])) ++at_;
  return text_.substr(field_, at_ - field_);
}

bool LineReader::NextLine() {
  while (status_.ok()) {
    if (line_ > 0) {
      const size_t end = text_.find('\n', at_);
      at_ = end == absl::string_view::npos ? text_.size() : end + 1;
    }
    ++line_;
    begin_ = at_;
    if (at_ == text_.size()) return false;
    kind_ = NextField();
    if (!kind_.empty() && kind_ != "c") return true;
  }
  return false;
}

bool LineReader::Take(absl::string_view name, int64_t least, int64_t most, int64_t& value) {
  if (!status_.ok()) return false;
  Wide wide = 0;
  if (!ReadNumber(NextField(), least, most, wide)) {
    return Expected(field_, absl::StrCat(name, ", a whole number from ", least, " to ", most));
  }
  value = static_cast<int64_t>(wide);
  return true;
}

bool LineReader::TakeWide(absl::string_view name, Wide& value) {
  if (!status_.ok()) return false;
  if (ReadNumber(NextField(), -kWideMost, kWideMost, value)) return true;
  return Expected(field_, absl::StrCat(name, ", a whole number of at most 125 bits"));
}

bool LineReader::TakeWord(std::initializer_list<absl::string_view> words, int& index) {
  if (!status_.ok()) return false;
  const auto* const at = std::find(words.begin(), words.end(), NextField());
  index = static_cast<int>(at - words.begin());
  return at != words.end() || Expected(field_, absl::StrJoin(words, " or "));
}

bool LineReader::TakeEnd() {
  if (!status_.ok()) return false;
  return NextField().empty() || Expected(field_, "the end of the line");
}

bool LineReader::Expected(size_t at, absl::string_view what) {
  if (status_.ok()) {
    status_ = Refuse(Reason::kBadInstance,
                     {{"line", absl::StrCat(line_)}, {"column", absl::StrCat(at - begin_ + 1)}, {"expected", what}});
  }
  return false;
}

}  // namespace turnabout::clear
