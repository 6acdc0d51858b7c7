// The house rules, each a function from a Source to what it breaks and what to do instead.
//
//   for (const Finding& finding : CheckIncludes(source)) std::cerr << finding << "\n";
//
// prints "matcher/person.cc:4: matcher may not include store/store.h; it may include base". A rule that does not apply
// to a kind of file finds nothing there, so every rule may be given every file.
#ifndef TURNABOUT_TESTS_TIDY_RULES_H_
#define TURNABOUT_TESTS_TIDY_RULES_H_

#include <ostream>
#include <string>
#include <vector>

#include "tests/tidy/source.h"

namespace turnabout::tidy {

struct Finding {
  std::string path;
  int line = 0;  // from 1
  std::string what;
};

std::ostream& operator<<(std::ostream& out, const Finding& finding);

// Folders include one another only in the directions that docs/internals/ARCHITECTURE.md draws.
std::vector<Finding> CheckIncludes(const Source& source);

// Only what puts the server together names a concrete journal; everyone else takes a Journal.
std::vector<Finding> CheckBackends(const Source& source);

// gRPC, RocksDB and Boost stay out of headers: each costs every file that includes it seconds.
std::vector<Finding> CheckHeavyHeaders(const Source& source);

// Time, chance, locks and output each have one way in this project.
std::vector<Finding> CheckBannedCalls(const Source& source);

// Names use the field's words: a scheme, never a tenant.
std::vector<Finding> CheckWords(const Source& source);

// A function is at most 70 lines.
std::vector<Finding> CheckFunctionLength(const Source& source);

// A .cc is at most 500 lines and a .h at most 300; a line is at most 120 characters (not in Markdown).
std::vector<Finding> CheckSize(const Source& source);

// A header opens with a comment that says what it is, then the guard that its path spells.
std::vector<Finding> CheckHeaderOpening(const Source& source);

// No tab, no white space at the end of a line, and nothing marked as left for later.
std::vector<Finding> CheckMarks(const Source& source);

// All of the above.
std::vector<Finding> CheckAll(const Source& source);

}  // namespace turnabout::tidy

#endif  // TURNABOUT_TESTS_TIDY_RULES_H_
