#include "server/app/filter.h"

#include <algorithm>
#include <compare>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

// How much of an unknown field's name a refusal repeats.
constexpr size_t kFieldShownMax = 64;

bool IsWordCharacter(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '/' || c == '-'; }

bool IsKeyword(absl::string_view word) { return word == "AND" || word == "OR" || word == "NOT"; }

// Digits with at most a minus before them, that fit in 64 bits. (SimpleAtoi alone would allow blanks and a plus.)
std::optional<int64_t> WholeNumber(absl::string_view text) {
  const absl::string_view digits = absl::StripPrefix(text, "-");
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) return std::nullopt;
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

}  // namespace

// Reads one filter from left to right. Each Read function starts where the last one stopped, and leaves blanks that
// follow what it read.
class FilterParser {
 public:
  FilterParser(absl::string_view text, absl::Span<const absl::string_view> fields) : text_(text), fields_(fields) {}

  absl::StatusOr<Filter> Read() {
    Filter filter;
    if (text_.size() > kFilterLengthMax) {
      return Problem(kFilterLengthMax, absl::StrCat("a filter has at most ", kFilterLengthMax, " bytes"));
    }
    SkipBlanks();
    if (AtEnd()) return filter;
    ASSIGN_OR_RETURN(filter.root_, ReadAll());
    if (NextIs(')')) return Problem(at_, "no ( belongs to this )");
    if (!AtEnd()) return JoinExpected();
    return filter;
  }

 private:
  using Node = Filter::Node;
  using Kind = Filter::Kind;

  absl::StatusOr<Node> ReadAll() { return ReadList("AND", Kind::kAll, &FilterParser::ReadAny); }
  absl::StatusOr<Node> ReadAny() { return ReadList("OR", Kind::kAny, &FilterParser::ReadTerm); }

  absl::StatusOr<Node> ReadList(absl::string_view joined_by, Kind kind, absl::StatusOr<Node> (FilterParser::*read)()) {
    Node list;
    list.kind = kind;
    do {
      ASSIGN_OR_RETURN(Node child, (this->*read)());
      list.children.push_back(std::move(child));
    } while (TakeKeyword(joined_by));
    if (list.children.size() > 1) return list;
    Node only = std::move(list.children.front());
    return only;
  }

  absl::StatusOr<Node> ReadTerm() {
    const bool negated = TakeKeyword("NOT") || Take("-");
    SkipBlanks();
    ASSIGN_OR_RETURN(Node node, NextIs('(') ? ReadParentheses() : ReadComparison());
    node.negated ^= negated;
    return node;
  }

  absl::StatusOr<Node> ReadParentheses() {
    if (depth_ == kFilterDepthMax) {
      return Problem(at_, absl::StrCat("parentheses go at most ", kFilterDepthMax, " deep"));
    }
    ++depth_;
    Take("(");
    ASSIGN_OR_RETURN(Node node, ReadAll());
    SkipBlanks();
    if (AtEnd()) return Problem(at_, "a ) is missing");
    if (!Take(")")) return JoinExpected();
    --depth_;
    return node;
  }

  absl::StatusOr<Node> ReadComparison() {
    if (++terms_ > kFilterTermsMax) {
      return Problem(at_, absl::StrCat("a filter has at most ", kFilterTermsMax, " comparisons"));
    }
    const size_t start = at_;
    const absl::string_view field = NextWord();
    if (field.empty() || !absl::ascii_isalpha(field[0]) || IsKeyword(field)) {
      return Problem(start, "a comparison is expected here, such as field = value");
    }
    at_ += field.size();
    Node node;
    RETURN_IF_ERROR(ReadOperator(node));
    // Only now: a word that is compared with nothing may be somebody's name, and is not repeated.
    if (std::find(fields_.begin(), fields_.end(), field) == fields_.end()) return UnknownField(start, field);
    node.field = std::string(field);
    ASSIGN_OR_RETURN(const std::string value, ReadValue());
    node.value = absl::AsciiStrToLower(value);
    node.number = WholeNumber(value);
    return node;
  }

  absl::Status ReadOperator(Node& node) {
    static constexpr struct {
      absl::string_view sign;
      Kind kind;
      bool negated;
    } kOperators[] = {
        // longer signs first
        {"!=", Kind::kEqual, true},   {"<=", Kind::kLessOrEqual, false}, {">=", Kind::kGreaterOrEqual, false},
        {"=", Kind::kEqual, false},   {":", Kind::kEqual, false},        {"<", Kind::kLess, false},
        {">", Kind::kGreater, false},
    };
    SkipBlanks();
    for (const auto& [sign, kind, negated] : kOperators) {
      if (!Take(sign)) continue;
      node.kind = kind;
      node.negated = negated;
      return absl::OkStatus();
    }
    return Problem(at_, "one of = != < <= > >= : is expected here");
  }

  absl::StatusOr<std::string> ReadValue() {
    SkipBlanks();
    if (NextIs('"')) return ReadQuoted();
    const absl::string_view word = NextWord();
    if (word.empty()) return Problem(at_, "a value is expected here: a word, or text in double quotes");
    if (IsKeyword(word)) return Problem(at_, "AND, OR and NOT need double quotes when they are values");
    at_ += word.size();
    return std::string(word);
  }

  absl::StatusOr<std::string> ReadQuoted() {
    const size_t start = at_;
    std::string value;
    for (++at_; !AtEnd(); ++at_) {
      if (Take("\"")) return value;
      if (NextIs('\\')) {
        ++at_;
        if (!NextIs('"') && !NextIs('\\')) return Problem(at_ - 1, "a \\ in quotes stands before \" or \\");
      }
      value.push_back(text_[at_]);
    }
    return Problem(start, "this double quote is never closed");
  }

  bool AtEnd() const { return at_ == text_.size(); }
  bool NextIs(char c) const { return !AtEnd() && text_[at_] == c; }

  void SkipBlanks() {
    while (!AtEnd() && absl::ascii_isspace(text_[at_])) ++at_;
  }

  // The word that starts here; empty when none does.
  absl::string_view NextWord() const {
    const auto* const start = text_.begin() + at_;
    return text_.substr(at_, std::find_if_not(start, text_.end(), IsWordCharacter) - start);
  }

  // Steps over `sign` when it is next.
  bool Take(absl::string_view sign) {
    if (text_.substr(at_, sign.size()) != sign) return false;
    at_ += sign.size();
    return true;
  }

  // Steps over blanks, and over `keyword` when it is the whole next word.
  bool TakeKeyword(absl::string_view keyword) {
    SkipBlanks();
    return NextWord() == keyword && Take(keyword);
  }

  // REQUIRES: a term ended before `at_`, and what is there neither joins nor closes.
  absl::Status JoinExpected() const {
    return Problem(at_, "AND or OR is expected here, or double quotes around the value before");
  }

  absl::Status UnknownField(size_t at, absl::string_view field) const {
    return Problem(at, absl::StrCat("there is no field \"", field.substr(0, kFieldShownMax),
                                    "\"; the fields are: ", absl::StrJoin(fields_, ", ")));
  }

  // `at` counts from 0.
  static absl::Status Problem(size_t at, absl::string_view problem) {
    return Refuse(Reason::kBadFilter, {{"position", absl::StrCat(at + 1)}, {"problem", problem}});
  }

  const absl::string_view text_;
  const absl::Span<const absl::string_view> fields_;
  size_t at_ = 0;
  int depth_ = 0;
  int terms_ = 0;
};

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, absl::Span<const absl::string_view> fields) {
  return FilterParser(text, fields).Read();
}

bool Filter::Matches(ValuesOf values_of) const { return Holds(root_, values_of); }

bool Filter::empty() const { return root_.kind == Kind::kAll && root_.children.empty(); }

bool Filter::Holds(const Node& node, ValuesOf values_of) {
  const auto holds = [&](const Node& child) { return Holds(child, values_of); };
  const auto compares = [&](const std::string& value) { return Compares(node, value); };
  if (node.kind == Kind::kAll) {
    return std::all_of(node.children.begin(), node.children.end(), holds) != node.negated;
  }
  if (node.kind == Kind::kAny) {
    return std::any_of(node.children.begin(), node.children.end(), holds) != node.negated;
  }
  const std::vector<std::string> values = values_of(node.field);
  return std::any_of(values.begin(), values.end(), compares) != node.negated;
}

bool Filter::Compares(const Node& node, absl::string_view value) {
  const std::string text = absl::AsciiStrToLower(value);
  if (node.kind == Kind::kEqual) return text == node.value;
  const std::optional<int64_t> number = node.number.has_value() ? WholeNumber(value) : std::nullopt;
  const auto order = number.has_value() ? *number <=> *node.number : text.compare(node.value) <=> 0;
  switch (node.kind) {
    case Kind::kLess:
      return order < 0;
    case Kind::kLessOrEqual:
      return order <= 0;
    case Kind::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

}  // namespace turnabout
