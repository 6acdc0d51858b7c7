#include "server/app/filter.h"

#include <gtest/gtest.h>

#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/seed.h"

namespace turnabout {
namespace {

using Item = std::map<std::string, std::vector<std::string>, std::less<>>;

constexpr absl::string_view kFields[] = {"name", "state", "category", "minutes", "date", "note", "a.b_c"};

const Item& Ana() {
  static const Item* const item = new Item{
      {"name", {"schemes/leith/members/01jd"}},
      {"state", {"ACTIVE"}},
      {"category", {"lifts", "garden"}},
      {"minutes", {"90"}},
      {"date", {"2026-03-09"}},
      {"note", {"say \"hi\" \\ AND (go)"}},
  };
  return *item;
}

bool Match(const Filter& filter, const Item& item) {
  return filter.Matches([&](absl::string_view field) {
    const auto found = item.find(field);
    return found == item.end() ? std::vector<std::string>{} : found->second;
  });
}

// Whether `text` matches `item`; a test failure when it cannot be read.
bool Match(absl::string_view text, const Item& item = Ana()) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text, kFields);
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return filter.ok() && Match(*filter, item);
}

// "position: problem", or "" when `text` can be read.
std::string ProblemOf(absl::string_view text) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text, kFields);
  const std::optional<Refusal> refusal = RefusalOf(filter.status());
  if (!refusal.has_value()) return "";
  EXPECT_EQ(refusal->reason, Reason::kBadFilter) << text;
  return absl::StrCat(refusal->fact("position"), ": ", refusal->fact("problem"));
}

std::string Repeat(absl::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) absl::StrAppend(&repeated, text);
  return repeated;
}

TEST(Filter, EmptyMatchesEverything) {
  for (const char* text : {"", " ", " \t\r\n "}) {
    const absl::StatusOr<Filter> filter = Filter::Parse(text, kFields);
    ASSERT_TRUE(filter.ok()) << text;
    EXPECT_TRUE(filter->empty());
    EXPECT_TRUE(Match(*filter, Ana()));
    EXPECT_TRUE(Match(*filter, {}));
  }
  EXPECT_TRUE(Filter().empty());
  EXPECT_TRUE(Match(Filter(), {}));
  EXPECT_FALSE(Filter::Parse("state=x", kFields)->empty());
}

TEST(Filter, ComparesValues) {
  const std::pair<const char*, bool> cases[] = {
      {"state = ACTIVE", true},
      {"state=active", true},
      {"  state\t=\nActive  ", true},
      {"state = paused", false},
      {"state = activ", false},
      {"state:active", true},
      {"state != active", false},
      {"state!=paused", true},
      {"name = schemes/leith/members/01jd", true},
      {"name = schemes/leith/members/01je", false},
      {"date = 2026-03-09", true},
      {"minutes = 90", true},
      {"minutes = 090", false},  // equal means the same text
      {"minutes = \"90\"", true},
      {"minutes = -90", false},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Match(text), expected) << text;
}

TEST(Filter, OrdersWholeNumbersAsNumbers) {
  const std::pair<const char*, bool> cases[] = {
      {"minutes < 100", true},  {"minutes < 90", false},     {"minutes <= 90", true},
      {"minutes > 9", true},    {"minutes > 90", false},     {"minutes >= 90", true},
      {"minutes > -100", true}, {"minutes < -100", false},   {"minutes >= 090", true},
      {"minutes<100", true},    {"minutes>=\"100\"", false}, {"minutes < 9223372036854775807", true},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Match(text), expected) << text;
  EXPECT_TRUE(Match("minutes < -5", {{"minutes", {"-10"}}}));
  EXPECT_TRUE(Match("minutes >= -9223372036854775808", {{"minutes", {"-9223372036854775808"}}}));
}

TEST(Filter, OrdersEverythingElseAsText) {
  const std::pair<const char*, bool> cases[] = {
      {"date >= 2026-03-01", true}, {"date < 2026-03-10", true}, {"date > 2026-03-09", false},
      {"date <= 2026-03-09", true}, {"date > 2026", true},       {"state < B", true},
      {"state < b", true},          {"state >= active", true},   {"state <= active", true},
      {"state < active", false},    {"minutes < 100x", false},  // "90" comes after "100x"
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Match(text), expected) << text;
  // A number over 64 bits, one with a plus, and one with a blank are text.
  EXPECT_FALSE(Match("minutes < 10000000000000000000", Item{{"minutes", {"90"}}}));
  EXPECT_TRUE(Match("minutes < 9", Item{{"minutes", {"+10"}}}));
  EXPECT_TRUE(Match("minutes < 9", Item{{"minutes", {" 10"}}}));
  EXPECT_FALSE(Match("minutes < 9", Item{{"minutes", {"10"}}}));
  EXPECT_FALSE(Match("minutes > -", Item{{"minutes", {""}}}));
  // Bytes above 127 come after ASCII.
  EXPECT_TRUE(Match("state > z", Item{{"state", {"\xc3\xa9"}}}));
}

TEST(Filter, AFieldMayHaveManyValuesOrNone) {
  EXPECT_TRUE(Match("category:lifts"));
  EXPECT_TRUE(Match("category = garden"));
  EXPECT_FALSE(Match("category:pets"));
  EXPECT_FALSE(Match("category != lifts"));
  EXPECT_TRUE(Match("category != pets"));
  EXPECT_TRUE(Match("category < h"));
  EXPECT_TRUE(Match("category > h"));
  for (const char* text : {"a.b_c = x", "a.b_c:x", "a.b_c < x", "a.b_c >= x", "a.b_c = \"\""}) {
    EXPECT_FALSE(Match(text)) << text;
    EXPECT_TRUE(Match(absl::StrCat("NOT ", text))) << text;
  }
  EXPECT_TRUE(Match("a.b_c != x"));
  EXPECT_TRUE(Match("a.b_c = \"\"", {{"a.b_c", {""}}}));
}

TEST(Filter, ReadsQuotedText) {
  EXPECT_TRUE(Match(R"q(note = "say \"hi\" \\ AND (go)")q"));
  EXPECT_TRUE(Match(R"q(note="SAY \"HI\" \\ and (GO)")q"));
  EXPECT_FALSE(Match(R"(note = "say")"));
  EXPECT_TRUE(Match(R"(state = "AND" OR state="active")"));
  EXPECT_TRUE(Match("note:\"2026-01-02T10:00:00Z\"", {{"note", {"2026-01-02t10:00:00z"}}}));
  EXPECT_TRUE(Match(absl::string_view("note = \"a\0b\"", 12), {{"note", {std::string("a\0b", 3)}}}));
  EXPECT_FALSE(Match("note = \"*\""));
}

TEST(Filter, OrBindsTighterThanAnd) {
  // T and F are a comparison that holds and one that does not.
  const std::pair<const char*, bool> cases[] = {
      {"F AND T OR T", false},  // F AND (T OR T)
      {"T OR T AND F", false},  // (T OR T) AND F
      {"(F AND T) OR T", true},
      {"T OR (T AND F)", true},
      {"T OR F AND F OR T", true},
      {"T AND T AND T", true},
      {"T AND F AND T", false},
      {"F OR F OR T", true},
      {"F OR F OR F", false},
      {"NOT F", true},
      {"-F", true},
      {"- F", true},
      {"NOT T OR T", true},  // (NOT T) OR T
      {"T AND NOT F", true},
      {"T AND -T", false},
      {"NOT (F AND T OR T)", true},
      {"NOT(F OR T)", false},
      {"-(F)", true},
      {"-(-(T))", true},
      {"NOT (NOT (NOT T))", false},
      {"((((T))))", true},
      {"(T)AND(T)", true},
  };
  for (const auto& [shape, expected] : cases) {
    const std::string text =
        absl::StrReplaceAll(absl::StrReplaceAll(shape, {{"AND", "&"}, {"OR", "|"}, {"NOT", "~"}}),
                            {{"&", "AND"}, {"|", "OR"}, {"~", "NOT"}, {"T", "state=active"}, {"F", "state=gone"}});
    EXPECT_EQ(Match(text), expected) << shape << " as " << text;
  }
  EXPECT_FALSE(Match("-state != gone"));
  EXPECT_TRUE(Match("NOT state != active"));
}

TEST(Filter, AsksOnlyForWhatItNeeds) {
  std::vector<std::string> asked;
  const absl::StatusOr<Filter> filter = Filter::Parse("state = x AND minutes < 5", kFields);
  ASSERT_TRUE(filter.ok());
  EXPECT_FALSE(filter->Matches([&](absl::string_view field) -> std::vector<std::string> {
    asked.emplace_back(field);
    return {"y"};
  }));
  EXPECT_EQ(asked, std::vector<std::string>{"state"});
}

TEST(Filter, KeepsNeitherTextNorFields) {
  absl::StatusOr<Filter> filter = absl::UnknownError("");
  {
    const std::string field = "a field too long for the string itself to hold";
    std::string text = "colour_of_the_front_door = green_like_the_leaves_in_spring";
    const std::string name = "colour_of_the_front_door";
    const absl::string_view fields[] = {field, name};
    filter = Filter::Parse(text, fields);
    text.assign(text.size(), 'x');
  }
  ASSERT_TRUE(filter.ok());
  const Filter copy = *filter;
  EXPECT_TRUE(Match(copy, {{"colour_of_the_front_door", {"green_like_the_leaves_in_spring"}}}));
}

TEST(Filter, RefusesWithThePosition) {
  const std::string comparison = "a comparison is expected here, such as field = value";
  const std::string sign = "one of = != < <= > >= : is expected here";
  const std::string value = "a value is expected here: a word, or text in double quotes";
  const std::string join = "AND or OR is expected here, or double quotes around the value before";
  const std::string keyword = "AND, OR and NOT need double quotes when they are values";
  const std::pair<absl::string_view, std::string> cases[] = {
      {"state", "6: " + sign},
      {"state active", "7: " + sign},
      {"Ana Jones", "5: " + sign},
      {"state =", "8: " + value},
      {"state = ", "9: " + value},
      {"state == x", "8: " + value},
      {"state => x", "8: " + value},
      {"state = *", "9: " + value},
      {"state ! x", "7: " + sign},
      {"state = x AND", "14: " + comparison},
      {"state = x OR ", "14: " + comparison},
      {"AND state = x", "1: " + comparison},
      {"OR", "1: " + comparison},
      {"NOT", "4: " + comparison},
      {"-", "2: " + comparison},
      {"NOT NOT state = x", "5: " + comparison},
      {"NOT -state = x", "5: " + comparison},
      {"--state = x", "2: " + comparison},
      {"NOT = x", "5: " + comparison},
      {"= x", "1: " + comparison},
      {"5 = x", "1: " + comparison},
      {"\"state\" = x", "1: " + comparison},
      {"state = AND", "9: " + keyword},
      {"state = x AND note = NOT", "22: " + keyword},
      {"state = x name = y", "11: " + join},
      {"state = x and name = y", "11: " + join},
      {"state = x AND-name = y", "11: " + join},
      {"note = 10:00", "10: " + join},
      {"note = a+b", "9: " + join},
      {"note = \"a\"b", "11: " + join},
      {"note = \xc3\xa9", "8: " + value},
      {absl::string_view("state = x\0", 10), "10: " + join},
      {"(state = x", "11: a ) is missing"},
      {"(state = x ", "12: a ) is missing"},
      {"(state = x name = y)", "12: " + join},
      {"state = x)", "10: no ( belongs to this )"},
      {"()", "2: " + comparison},
      {"(", "2: " + comparison},
      {")", "1: " + comparison},
      {"note = \"abc", "8: this double quote is never closed"},
      {"note = \"", "8: this double quote is never closed"},
      {"note = \"a\\n\"", "10: a \\ in quotes stands before \" or \\"},
      {"note = \"a\\", "10: a \\ in quotes stands before \" or \\"},
      {"note = \"a\\\"", "8: this double quote is never closed"},
  };
  for (const auto& [text, problem] : cases) EXPECT_EQ(ProblemOf(text), problem) << text;
}

TEST(Filter, NamesAnUnknownField) {
  const std::string fields = "\"; the fields are: name, state, category, minutes, date, note, a.b_c";
  EXPECT_EQ(ProblemOf("colour = red"), "1: there is no field \"colour" + fields);
  EXPECT_EQ(ProblemOf("state = x AND (NOT State = y)"), "20: there is no field \"State" + fields);
  EXPECT_EQ(ProblemOf("a.b = 1"), "1: there is no field \"a.b" + fields);
  EXPECT_EQ(ProblemOf("my-field = 1"), "1: there is no field \"my-field" + fields);
  EXPECT_EQ(ProblemOf(Repeat("x", 900) + " = 1"), "1: there is no field \"" + Repeat("x", 64) + fields);
  const absl::Status status = Filter::Parse("a = 1", {}).status();
  EXPECT_TRUE(IsRefusedFor(status, Reason::kBadFilter));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(Filter, NeverRepeatsAValue) {
  for (const char* text : {"state = Ana+Ben", "state = Ana Ben", "state Ana", "colour = Ana", "note = \"Ana", "Ana"}) {
    EXPECT_NE(ProblemOf(text), "") << text;
    EXPECT_FALSE(absl::StrContains(ProblemOf(text), "Ana")) << text;
  }
}

TEST(Filter, HasLimits) {
  const std::string fits = "note = \"" + Repeat("x", kFilterLengthMax - 9) + "\"";
  ASSERT_EQ(fits.size(), kFilterLengthMax);
  EXPECT_EQ(ProblemOf(fits), "");
  EXPECT_EQ(ProblemOf(fits + " "), "1001: a filter has at most 1000 bytes");
  EXPECT_EQ(ProblemOf(Repeat(" ", 100'000)), "1001: a filter has at most 1000 bytes");

  const auto nested = [](int depth) { return Repeat("(", depth) + "state=x" + Repeat(")", depth); };
  EXPECT_EQ(ProblemOf(nested(kFilterDepthMax)), "");
  EXPECT_EQ(ProblemOf(nested(kFilterDepthMax + 1)), "17: parentheses go at most 16 deep");
  EXPECT_EQ(ProblemOf(Repeat("(", 1000)), "17: parentheses go at most 16 deep");
  EXPECT_EQ(ProblemOf(Repeat("-(", 500)), "34: parentheses go at most 16 deep");
  // Only what is open counts.
  EXPECT_EQ(ProblemOf(Repeat("(state=x) AND ", kFilterDepthMax + 1) + "state=x"), "");

  const auto terms = [](int count) { return Repeat("date=x OR ", count - 1) + "date=x"; };
  EXPECT_EQ(ProblemOf(terms(kFilterTermsMax)), "");
  EXPECT_EQ(ProblemOf(terms(kFilterTermsMax + 1)), "641: a filter has at most 64 comparisons");
}

// A random filter, and whether it holds, worked out as it is written.
struct Written {
  std::string text;
  bool holds;
};

Written WriteAll(Random& random, int depth);

Written WriteTerm(Random& random, int depth) {
  Written term;
  if (depth > 0 && random.OneIn(1, 3)) {
    term = WriteAll(random, depth - 1);
    term.text = absl::StrCat("(", term.text, ")");
  } else {
    const int64_t value = random.Between(-2, 2);
    const int64_t given = 0;  // what the item has
    const std::pair<const char*, bool> signs[] = {{"=", given == value}, {"!=", given != value}, {"<", given < value},
                                                  {">", given > value},  {"<=", given <= value}, {">=", given >= value},
                                                  {":", given == value}};
    const auto& [sign, holds] = signs[random.Below(std::size(signs))];
    term = {absl::StrCat("minutes ", sign, value), holds};
  }
  if (random.OneIn(2, 3)) return term;
  return {absl::StrCat(random.OneIn(1, 2) ? "-" : "NOT ", term.text), !term.holds};
}

Written WriteAny(Random& random, int depth) {
  Written any = WriteTerm(random, depth);
  while (random.OneIn(1, 3)) {
    const Written next = WriteTerm(random, depth);
    any = {absl::StrCat(any.text, " OR ", next.text), any.holds || next.holds};
  }
  return any;
}

Written WriteAll(Random& random, int depth) {
  Written all = WriteAny(random, depth);
  while (random.OneIn(1, 3)) {
    const Written next = WriteAny(random, depth);
    all = {absl::StrCat(all.text, " AND ", next.text), all.holds && next.holds};
  }
  return all;
}

TEST(Filter, AgreesWithHowItWasWritten) {
  int read = 0;
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    Random random(Seed{seed});
    const Written written = WriteAll(random, 4);
    const absl::StatusOr<Filter> filter = Filter::Parse(written.text, kFields);
    if (!filter.ok()) {
      EXPECT_TRUE(absl::StrContains(filter.status().message(), "at most")) << filter.status() << " seed " << seed;
      continue;
    }
    ++read;
    EXPECT_EQ(Match(*filter, {{"minutes", {"0"}}}), written.holds) << written.text << " seed " << seed;
  }
  EXPECT_GT(read, 4500);
}

}  // namespace
}  // namespace turnabout
