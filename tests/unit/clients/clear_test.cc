// `turnabout clear` as it is typed, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cli/files.h"
#include "clients/cli/run.h"
#include "tests/support/temporary_folder.h"

namespace turnabout::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kProblem[] =
    "p turnabout 4 4\n"
    "m 1 1 1 0 0\n"
    "m 2 1 1 0 0\n"
    "m 3 0 1 1 0\n"
    "m 4 1 0 0 0\n"
    "e 1 2 10\n"
    "e 2 1 4\n"
    "e 2 3 15\n"
    "e 4 3 1\n";

struct Ran {
  int code;
  std::string out;
  std::string err;
};

Ran Cli(absl::string_view line) {
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err};
  const int code = Run(
      absl::StrSplit(line, ' '), console, [](absl::string_view) { return std::string(); }, SystemClock());
  return {code, out.str(), err.str()};
}

class ClearVerb : public testing::Test {
 protected:
  ClearVerb() { EXPECT_TRUE(WriteFile(problem_, kProblem).ok()); }

  TemporaryFolder folder_;
  const std::string problem_ = folder_.path() + "/problem.txt";
  const std::string result_ = folder_.path() + "/result.txt";
};

TEST_F(ClearVerb, SolvesAndChecks) {
  const Ran solved = Cli(absl::StrCat("clear ", problem_));
  EXPECT_EQ(solved.code, 0);
  EXPECT_THAT(solved.out, StartsWith("s 25 2\nx 1 2\nx 2 3\no weight\ny 1 "));
  EXPECT_EQ(solved.err, "2 edges chosen of 4; 2 members served of 4.\n");
  EXPECT_EQ(Cli(absl::StrCat("clear ", problem_, " --out ", result_)).out, "");
  EXPECT_EQ(*ReadFile(result_), solved.out);
  EXPECT_THAT(Cli(absl::StrCat("clear --verify ", problem_, " ", result_)).out, StartsWith("The result holds"));
  EXPECT_EQ(Cli(absl::StrCat("clear --verify ", problem_, " ", result_, " --output json")).out, "{\"holds\": true}\n");
}

TEST_F(ClearVerb, PutsPeopleFirstWhenAsked) {
  const Ran solved = Cli(absl::StrCat("clear --people-first --threads 1 ", problem_, " --out ", result_));
  EXPECT_EQ(solved.code, 0);
  EXPECT_THAT(*ReadFile(result_), StartsWith("s 15 3\nx 1 2\nx 2 1\nx 4 3\no people-first\n"));
  EXPECT_EQ(Cli(absl::StrCat("clear --verify ", problem_, " ", result_)).code, 0);
  EXPECT_EQ(Cli(absl::StrCat("clear --verify --people-first ", problem_, " ", result_)).code, 0);
  EXPECT_EQ(Cli(absl::StrCat("clear ", problem_, " --out ", result_)).code, 0);
  EXPECT_EQ(Cli(absl::StrCat("clear --verify --people-first ", problem_, " ", result_)).code, 2);
}

TEST_F(ClearVerb, RefusesAResultThatDoesNotHold) {
  const std::string good = Cli(absl::StrCat("clear ", problem_)).out;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"s 25 2", "s 24 2"},
                                                                                 {"s 25 2", "s 25 3"},
                                                                                 {"x 2 3\n", ""},
                                                                                 {"x 2 3", "x 4 3"},
                                                                                 {"o weight", "o people-first"}}) {
    ASSERT_TRUE(WriteFile(result_, absl::StrReplaceAll(good, {{from, to}})).ok());
    const Ran checked = Cli(absl::StrCat("clear --verify ", problem_, " ", result_));
    EXPECT_EQ(checked.code, 4) << to;
    EXPECT_THAT(checked.err, HasSubstr("[NOT_PROVEN]"));
  }
}

TEST_F(ClearVerb, SaysWhichFileIsWrongAndWhere) {
  ASSERT_TRUE(WriteFile(result_, "s 25 2\nx 2 77\n").ok());
  const Ran checked = Cli(absl::StrCat("clear --verify ", problem_, " ", result_));
  EXPECT_EQ(checked.code, 2);
  EXPECT_EQ(checked.err, absl::StrCat("In ", result_,
                                      ":\nLine 2, column 5: expected the ID of a member of the problem. "
                                      "[BAD_INSTANCE]\n"));
  ASSERT_TRUE(WriteFile(problem_, "p turnabout 4 4\nm 1 1 1 0\n").ok());
  const Ran solved = Cli(absl::StrCat("clear ", problem_));
  EXPECT_EQ(solved.code, 2);
  EXPECT_EQ(solved.err, absl::StrCat("In ", problem_,
                                     ":\nLine 2, column 10: expected BONUS, a whole number from 0 to "
                                     "9223372036854775807. [BAD_INSTANCE]\n"));
  EXPECT_EQ(Cli("clear /nowhere/problem.txt").code, 2);
}

TEST_F(ClearVerb, RefusesWhatMakesNoSense) {
  EXPECT_EQ(Cli(absl::StrCat("clear --verify ", problem_)).code, 2);
  EXPECT_EQ(Cli(absl::StrCat("clear ", problem_, " ", result_)).code, 2);
  EXPECT_EQ(Cli(absl::StrCat("clear --threads 0 ", problem_)).code, 2);
  EXPECT_EQ(Cli("clear").code, 2);
}

}  // namespace
}  // namespace turnabout::cli
