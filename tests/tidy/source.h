// A Source is one file of the tree, as it stands and with what a rule about code must not see blanked out.
//
//   Source source = MakeSource("base/clock.h", text);
//   source.lines[0]   // "// A Clock says what time it is."
//   source.code[0]    // "                                ": comments and the insides of literals are spaces
//
// Both have the same number of lines, and each line the same length, so a place in one is a place in the other.
#ifndef TURNABOUT_TESTS_TIDY_SOURCE_H_
#define TURNABOUT_TESTS_TIDY_SOURCE_H_

#include <string>
#include <string_view>
#include <vector>

namespace turnabout::tidy {

struct Source {
  std::string path;  // from the root of the tree, with '/'
  std::vector<std::string> lines;
  std::vector<std::string> code;  // as `lines` for anything that is not C++
};

// True for .h and .cc.
bool IsCpp(std::string_view path);
bool IsHeader(std::string_view path);

Source MakeSource(std::string path, std::string_view text);

// Every C++, .proto, CMake, shell and Markdown file below `root`, by path; build folders and installed packages are not
// the tree's.
std::vector<Source> ReadTree(const std::string& root);

// `text` with the insides of comments, strings and characters turned into spaces.
std::string BlankLiterals(std::string_view text);

}  // namespace turnabout::tidy

#endif  // TURNABOUT_TESTS_TIDY_SOURCE_H_
