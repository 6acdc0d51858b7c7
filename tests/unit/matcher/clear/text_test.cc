#include "matcher/clear/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/reason.h"
#include "matcher/clear/solve.h"
#include "matcher/clear/verify.h"
#include "tests/support/problems.h"
#include "tests/support/seed.h"

namespace turnabout::clear {
namespace {

constexpr char kRing[] =
    "c a ring of two\n"
    "p turnabout 2 2\n"
    "m 1 1 1 0 0\n"
    "m 2 1 1 0 0\n"
    "e 1 2 10\n"
    "e 2 1 -3\n";

// What reading the text as a problem comes to: "" or the mistake.
std::string MistakeIn(absl::string_view text) {
  const absl::StatusOr<Problem> problem = ReadProblem(text);
  if (problem.ok()) return "";
  EXPECT_TRUE(IsRefusedFor(problem.status(), Reason::kBadInstance));
  return std::string(problem.status().message());
}

TEST(Text, ReadsAProblem) {
  const Problem problem = *ReadProblem(kRing);
  EXPECT_EQ(problem.ids, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(problem.capacity, (std::vector<int32_t>{1, 1}));
  EXPECT_EQ(problem.first, (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(problem.giver, (std::vector<int32_t>{1, 0}));
  EXPECT_EQ(problem.weight, (std::vector<int64_t>{-3, 10}));
  EXPECT_EQ(WriteProblem(problem), "p turnabout 2 2\nm 1 1 1 0 0\nm 2 1 1 0 0\ne 2 1 -3\ne 1 2 10\n");
}

TEST(Text, WritesAnAnswerThatReadsBack) {
  Problem problem = *ReadProblem(kRing);
  const Answer answer = *Solve(problem, {});
  const std::string text = WriteAnswer(problem, answer);
  EXPECT_EQ(text.substr(0, text.find('y')), "s 7 2\nx 1 2\nx 2 1\no weight\n");
  EXPECT_EQ(*ReadAnswer(text, problem), answer);
  problem.objective = Objective::kPeopleFirst;
  const std::string people = WriteAnswer(problem, *Solve(problem, {}));
  problem.objective = Objective::kWeight;
  EXPECT_EQ(Verify(problem, *ReadAnswer(people, problem)), absl::OkStatus());
  EXPECT_EQ(problem.objective, Objective::kPeopleFirst);
}

TEST(Text, DoesNotMindTheOrderOfLines) {
  const Seed seed = TestSeed(1);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  for (int i = 0; i < 50; ++i) {
    const Problem problem = MakeRandomProblem({.members = 30, .edges = 120, .weight_most = 5}, Seed{random.Next()});
    std::vector<std::string> lines = absl::StrSplit(WriteProblem(problem), '\n', absl::SkipEmpty());
    const std::string bytes = WriteAnswer(problem, *Solve(problem, {}));
    for (size_t k = lines.size() - 1; k > 1; --k) std::swap(lines[k], lines[1 + random.Below(k)]);
    const Problem shuffled = *ReadProblem(absl::StrJoin(lines, "\r\n"));
    EXPECT_EQ(WriteAnswer(shuffled, *Solve(shuffled, {})), bytes);
  }
}

TEST(Text, TakesTheExtremes) {
  constexpr char kMost[] = "9223372036854775807";
  Problem problem =
      *ReadProblem(absl::StrCat("p turnabout 5 2\nm ", kMost, " ", kMost, " 0 ", kMost, " 0\nm 0 0 ", kMost, " ", kMost,
                                " ", kMost, "\n\n \ne ", kMost, " 0 ", kMost, "\n  e\t3  4 -9223372036854775808  \n"));
  EXPECT_EQ(problem.members(), 4);
  const Answer answer = *Solve(problem, {});
  const std::string text = WriteAnswer(problem, answer);
  EXPECT_EQ(text.substr(0, text.find('o')), absl::StrCat("s ", kMost, " 1\nx ", kMost, " 0\n"));
  EXPECT_EQ(Verify(problem, *ReadAnswer(text, problem)), absl::OkStatus());
}

TEST(Text, SaysWhereAProblemIsWrongAndWhatWasExpected) {
  const auto ring = [](absl::string_view line) { return absl::StrCat("p turnabout 3 2\nm 1 1 1 0 0\n", line); };
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "Line 1, column 1: expected p turnabout MEMBERS EDGES."},
      {"c nothing\n", "Line 2, column 1: expected p turnabout MEMBERS EDGES."},
      {"m 1 1 1 0 0\n", "Line 1, column 1: expected p turnabout MEMBERS EDGES."},
      {"p min 3 2\n", "Line 1, column 3: expected turnabout."},
      {"p turnabout -1 2\n", "Line 1, column 13: expected MEMBERS, a whole number from 0 to 268435456."},
      {"p turnabout 3\n", "Line 1, column 14: expected EDGES, a whole number from 0 to 2147483647."},
      {"p turnabout 3 0 7\n", "Line 1, column 17: expected the end of the line."},
      {"p turnabout 3 0\np turnabout 3 0\n", "Line 2, column 1: expected a line that begins with c, m or e."},
      {ring("q 1\n"), "Line 3, column 1: expected a line that begins with c, m or e."},
      {ring("m x 1 1 0 0\n"), "Line 3, column 3: expected ID, a whole number from 0 to 9223372036854775807."},
      {ring("m 2 1 1 0 -5\n"), "Line 3, column 11: expected BONUS, a whole number from 0 to 9223372036854775807."},
      {ring("m 2 1 1 0\n"), "Line 3, column 10: expected BONUS, a whole number from 0 to 9223372036854775807."},
      {ring("m 2 1.5 1 0 0\n"),
       "Line 3, column 5: expected GIVE_CAPACITY, a whole number from 0 to 9223372036854775807."},
      {ring("m 2 1 1 0 0 0\n"), "Line 3, column 13: expected the end of the line."},
      {ring("m 1 1 1 0 0\n"), "Line 3, column 3: expected the ID of a member without an m line so far."},
      {ring("e 1 1 5\n"), "Line 3, column 5: expected a RECEIVER other than the GIVER."},
      {ring("e 1 2 9223372036854775808\n"),
       "Line 3, column 7: expected WEIGHT, a whole number from -9223372036854775808 to 9223372036854775807."},
      {ring("e 1 2 -9223372036854775809\n"),
       "Line 3, column 7: expected WEIGHT, a whole number from -9223372036854775808 to 9223372036854775807."},
      {ring("e 1 2 99999999999999999999999999999999999999999999\n"),
       "Line 3, column 7: expected WEIGHT, a whole number from -9223372036854775808 to 9223372036854775807."},
      {ring("e 1 2 5\ne 3 4 5\n"), "Line 4, column 5: expected one of the 3 members that line 1 says there are."},
      {ring("e 1 2 5\n"), "Line 4, column 1: expected 2 e lines, as line 1 says; there are 1."},
      {ring("e 1 2 5\ne 2 1 5\ne 1 3 5\n"), "Line 5, column 1: expected no more e lines: line 1 says 2."},
      {ring("e 1 2 5\ne 1 2 7"), "Line 4, column 5: expected another RECEIVER: line 3 has this pair."},
  };
  for (const auto& [text, mistake] : mistakes) EXPECT_EQ(MistakeIn(text), mistake) << text;
}

TEST(Text, SaysWhereAnAnswerIsWrongAndWhatWasExpected) {
  Problem problem = *ReadProblem(kRing);
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"", "Line 1, column 1: expected s WEIGHT SERVED."},
      {"x 1 2\n", "Line 1, column 1: expected s WEIGHT SERVED."},
      {"s 7\n", "Line 1, column 4: expected SERVED, a whole number from 0 to 9223372036854775807."},
      {"s 7 2\nx 1 5\n", "Line 2, column 5: expected the ID of a member of the problem."},
      {"s 7 2\nz\n", "Line 2, column 1: expected a line that begins with c, x or y, or one with o."},
      {"s 7 2\no weight\no weight\n", "Line 3, column 1: expected a line that begins with c, x or y, or one with o."},
      {"s 7 2\no heavy\n", "Line 2, column 3: expected weight or people-first."},
      {"s 7 2\n", "Line 2, column 1: expected o weight or o people-first, in a line before."},
      {"s 7 2\no weight\ny 1 0 0 0\n", "Line 4, column 1: expected y 2 with prices, in a line before."},
      {"s 7 2\ny 1 0 0 0\ny 1 0 0 0\n", "Line 3, column 3: expected the ID of a member without prices so far."},
      {"s 7 2\ny 1 99999999999999999999999999999999999999 0 0\n",
       "Line 2, column 5: expected RECEIVING, a whole number of at most 125 bits."},
  };
  for (const auto& [text, mistake] : mistakes) {
    EXPECT_EQ(ReadAnswer(text, problem).status().message(), mistake) << text;
  }
}

// Promising much costs nothing.
TEST(Text, DoesNotTakeACountAtItsWord) {
  EXPECT_EQ(MistakeIn("p turnabout 268435456 2147483647\n"),
            "Line 2, column 1: expected 2147483647 e lines, as line 1 says; there are 0.");
}

}  // namespace
}  // namespace turnabout::clear
