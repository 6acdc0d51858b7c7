#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/edge/json.h"
#include "server/services/utf8.h"

namespace turnabout {
namespace {

constexpr int kNotHex = -1;

int FourHexDigits(absl::string_view text) {
  if (text.size() < 4) return kNotHex;
  int value = 0;
  for (char c : text.substr(0, 4)) {
    if (!absl::ascii_isxdigit(c)) return kNotHex;
    value = value * 16 + (absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10);
  }
  return value;
}

// Reads one JSON value by recursive descent. Every method leaves `rest_` behind what it read, or at the problem.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text), rest_(text) {}

  std::optional<std::string> Run() {
    SkipSpace();
    if (Value(0)) {
      SkipSpace();
      if (rest_.empty()) return std::nullopt;
      Fail("the end");
    }
    return absl::StrCat(Position(), ": expected ", expected_);
  }

 private:
  bool Fail(absl::string_view expected) {
    expected_ = std::string(expected);
    return false;
  }

  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void SkipSpace() {
    while (!rest_.empty() && absl::StrContains(" \t\r\n", rest_[0])) rest_.remove_prefix(1);
  }

  bool Value(int depth) {
    if (depth >= kJsonDepthMax) return Fail(absl::StrCat("at most ", kJsonDepthMax, " levels"));
    if (rest_.empty()) return Fail("a value");
    if (rest_[0] == '{') return Object(depth);
    if (rest_[0] == '[') return List(depth);
    if (rest_[0] == '"') return Text();
    if (rest_[0] == '-' || absl::ascii_isdigit(rest_[0])) return Number();
    for (absl::string_view word : {"true", "false", "null"}) {
      if (!absl::StartsWith(rest_, word)) continue;
      rest_.remove_prefix(word.size());
      return true;
    }
    return Fail("a value");
  }

  bool Object(int depth) {
    Take('{');
    SkipSpace();
    if (Take('}')) return true;
    while (true) {
      if (rest_.empty() || rest_[0] != '"') return Fail("a name in double quotes");
      if (!Text()) return false;
      SkipSpace();
      if (!Take(':')) return Fail("':'");
      SkipSpace();
      if (!Value(depth + 1)) return false;
      SkipSpace();
      if (Take('}')) return true;
      if (!Take(',')) return Fail("',' or '}'");
      SkipSpace();
    }
  }

  bool List(int depth) {
    Take('[');
    SkipSpace();
    if (Take(']')) return true;
    while (true) {
      if (!Value(depth + 1)) return false;
      SkipSpace();
      if (Take(']')) return true;
      if (!Take(',')) return Fail("',' or ']'");
      SkipSpace();
    }
  }

  bool Text() {
    Take('"');
    while (!rest_.empty()) {
      if (Take('"')) return true;
      if (rest_[0] == '\\') {
        if (!Escape()) return false;
        continue;
      }
      if (static_cast<unsigned char>(rest_[0]) < 0x20) return Fail("an escape such as \\n for a control character");
      const size_t length = Utf8CharacterLength(rest_);
      if (length == 0) return Fail("UTF-8");
      rest_.remove_prefix(length);
    }
    return Fail("a closing double quote");
  }

  bool Escape() {
    if (rest_.size() < 2 || !absl::StrContains("\"\\/bfnrtu", rest_[1])) return Fail("a known escape");
    if (rest_[1] != 'u') {
      rest_.remove_prefix(2);
      return true;
    }
    const int unit = FourHexDigits(rest_.substr(2));
    if (unit == kNotHex) return Fail("four hexadecimal digits after \\u");
    if (unit < 0xD800 || unit > 0xDFFF) {
      rest_.remove_prefix(6);
      return true;
    }
    const int low = absl::StartsWith(rest_.substr(6), "\\u") ? FourHexDigits(rest_.substr(8)) : kNotHex;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return Fail("both halves of a surrogate pair");
    rest_.remove_prefix(12);
    return true;
  }

  bool Digits() {
    const size_t before = rest_.size();
    while (!rest_.empty() && absl::ascii_isdigit(rest_[0])) rest_.remove_prefix(1);
    return rest_.size() < before || Fail("a digit");
  }

  bool Number() {
    Take('-');
    if (!Take('0') && !Digits()) return false;
    if (Take('.') && !Digits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      return Digits();
    }
    return true;
  }

  std::string Position() const {
    int line = 1;
    int column = 1;
    for (char c : text_.substr(0, text_.size() - rest_.size())) {
      if (c == '\n') {
        ++line;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++column;
      }
    }
    return absl::StrCat("line ", line, ", column ", column);
  }

  const absl::string_view text_;
  absl::string_view rest_;
  std::string expected_;
};

}  // namespace

std::optional<std::string> JsonProblem(absl::string_view text) { return Scanner(text).Run(); }

}  // namespace turnabout
