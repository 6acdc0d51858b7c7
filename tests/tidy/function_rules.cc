#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace turnabout::tidy {
namespace {

constexpr int kFunctionLines = 70;

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)); }

// The first word of `text`.
std::string_view FirstWord(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
  return text.substr(0, end);
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// `head` without a leading "template <...>".
std::string_view WithoutTemplate(std::string_view head) {
  while (FirstWord(head) == "template") {
    int depth = 0;
    size_t at = head.find('<');
    for (; at < head.size(); ++at) {
      if (head[at] == '<') ++depth;
      if (head[at] == '>' && --depth == 0) break;
    }
    head = at < head.size() ? Trim(head.substr(at + 1)) : std::string_view();
  }
  return head;
}

enum class Block { kScope, kFunction, kOther };

// What the braces after `head` hold.
Block BlockAfter(std::string_view head) {
  head = WithoutTemplate(Trim(head));
  for (std::string_view word : {"namespace", "inline namespace", "class", "struct", "union", "enum", "extern"}) {
    bool whole = head.size() == word.size() || (head.size() > word.size() && IsSpace(head[word.size()]));
    if (whole && head.substr(0, word.size()) == word) return Block::kScope;
  }
  size_t open = head.find('(');
  size_t equals = head.find('=');
  bool names_operator = head.find("operator") < equals;
  if (open == std::string_view::npos || (equals < open && !names_operator)) return Block::kOther;
  return Block::kFunction;
}

// Walks C++ whose literals are blank and calls out each function that is too long.
class Walker {
 public:
  explicit Walker(const Source& source) : source_(source) {}

  std::vector<Finding> Run() {
    bool continued = false;  // a preprocessor line that ended in a backslash
    for (size_t i = 0; i < source_.code.size(); ++i) {
      std::string_view line = source_.code[i];
      bool directive = continued || Trim(line).substr(0, 1) == "#";
      continued = directive && !line.empty() && line.back() == '\\';
      if (directive) continue;
      line_ = static_cast<int>(i) + 1;
      for (char c : line) Take(c);
      Take('\n');
    }
    return std::move(findings_);
  }

 private:
  void Take(char c) {
    if (c == '(') ++parens_;
    if (c == ')') --parens_;
    if (parens_ > 0 || c == '(' || c == ')') return Keep(c);
    if (depth_ > 0) return InFunction(c);
    if (closed_) {
      // "a_{1}," and "a_{1} {" are an initializer list: the function is still to come.
      if (IsSpace(c)) return;
      if (c != ',' && c != '{') head_.clear();
      closed_ = false;
    }
    if (c == '{') return Open();
    if (c == '}' || c == ';') return head_.clear();
    if (c == ':' && IsAccess()) return head_.clear();
    Keep(c);
  }

  bool IsAccess() const {
    std::string_view head = Trim(head_);
    return head == "public" || head == "private" || head == "protected";
  }

  void Keep(char c) {
    if (depth_ > 0) return;
    if (head_.empty()) {
      if (IsSpace(c)) return;
      start_ = line_;
    }
    head_ += c;
  }

  void Open() {
    if (BlockAfter(head_) == Block::kScope) {
      head_.clear();
    } else {
      function_ = BlockAfter(head_) == Block::kFunction;
      depth_ = 1;
    }
  }

  void InFunction(char c) {
    if (c == '{') ++depth_;
    if (c != '}' || --depth_ > 0) return;
    closed_ = true;
    int lines = line_ - start_ + 1;
    if (!function_ || lines <= kFunctionLines) return;
    findings_.push_back({source_.path, start_,
                         "a function of " + std::to_string(lines) + " lines; split it so that each part is at most " +
                             std::to_string(kFunctionLines)});
  }

  const Source& source_;
  std::vector<Finding> findings_;
  std::string head_;  // what came since the last block or statement, outside functions
  int line_ = 0;
  int start_ = 0;  // line at which head_ starts
  int parens_ = 0;
  int depth_ = 0;  // braces open inside the function or initializer
  bool function_ = false;
  bool closed_ = false;  // the last thing seen was the brace that closes a function
};

}  // namespace

std::vector<Finding> CheckFunctionLength(const Source& source) {
  if (!IsCpp(source.path)) return {};
  return Walker(source).Run();
}

}  // namespace turnabout::tidy
