#include "tests/tidy/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace turnabout::tidy {
namespace {

namespace fs = std::filesystem;

// Blanks one C++ text from left to right.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string Run() {
    while (at_ < text_.size()) Step();
    return std::move(out_);
  }

 private:
  void Step() {
    if (Starts("//")) {
      BlankTo(text_.find('\n', at_), 0);
    } else if (Starts("/*")) {
      BlankTo(text_.find("*/", at_ + 2), 2);
    } else if (Starts("R\"") && !AfterWord()) {
      Raw();
    } else if (text_[at_] == '"' || (text_[at_] == '\'' && !AfterWord())) {
      Quoted(text_[at_]);
    } else {
      ++at_;
    }
  }

  bool Starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // True inside a word or a number, where ' separates digits and R is no prefix.
  bool AfterWord() const {
    if (at_ == 0) return false;
    char before = text_[at_ - 1];
    return std::isalnum(static_cast<unsigned char>(before)) || before == '_';
  }

  // Blanks up to `end` and `more` bytes past it, or to the end of the text; lines keep their ends.
  void BlankTo(size_t end, size_t more) {
    size_t stop = end == std::string_view::npos ? text_.size() : end + more;
    for (; at_ < stop; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void Raw() {
    size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) {
      BlankTo(open, 0);
      return;
    }
    std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    BlankTo(text_.find(close, open), close.size());
  }

  void Quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    ++at_;  // the quotes themselves stay
    BlankTo(std::min(end, text_.size()), 0);
    if (at_ < text_.size() && text_[at_] == quote) ++at_;
  }

  std::string_view text_;
  std::string out_;
  size_t at_ = 0;
};

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsWatched(std::string_view path) {
  constexpr std::array<std::string_view, 7> kEnds = {".h", ".cc", ".proto", ".cmake", "CMakeLists.txt", ".sh", ".md"};
  return std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return EndsWith(path, end); });
}

// Folders that hold nothing of the tree's own.
bool IsForeign(const fs::path& folder) {
  std::string name = folder.filename().string();
  return name == ".git" || name == "build" || name == "node_modules" || name == "dist";
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

bool IsHeader(std::string_view path) { return EndsWith(path, ".h"); }

bool IsCpp(std::string_view path) { return IsHeader(path) || EndsWith(path, ".cc"); }

std::string BlankLiterals(std::string_view text) { return Blanker(text).Run(); }

Source MakeSource(std::string path, std::string_view text) {
  Source source;
  source.lines = SplitLines(text);
  source.code = IsCpp(path) ? SplitLines(BlankLiterals(text)) : source.lines;
  source.path = std::move(path);
  return source;
}

std::vector<Source> ReadTree(const std::string& root) {
  std::vector<Source> sources;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    if (it->is_directory() && IsForeign(it->path())) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      std::string path = it->path().lexically_relative(root).generic_string();
      if (IsWatched(path)) sources.push_back(MakeSource(path, ReadFile(it->path())));
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace turnabout::tidy
