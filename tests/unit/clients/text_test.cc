#include "clients/cli/text.h"

#include <gtest/gtest.h>

namespace turnabout::cli {
namespace {

TEST(Text, MeasuresAsATerminalDoes) {
  EXPECT_EQ(DisplayWidth("Ben"), 3);
  EXPECT_EQ(DisplayWidth("Siân"), 4);
  EXPECT_EQ(DisplayWidth("Sia\u0302n"), 4) << "a combining mark has no width";
  EXPECT_EQ(DisplayWidth("ŵŷ"), 2);
  EXPECT_EQ(DisplayWidth("林"), 2);
  EXPECT_EQ(DisplayWidth("…"), 1);
}

TEST(Text, CutsBetweenLetters) {
  EXPECT_EQ(Truncate("Llanfair", 8), "Llanfair");
  EXPECT_EQ(Truncate("Llanfairpwll", 8), "Llanfai…");
  EXPECT_EQ(Truncate("Siân Ŵyn", 5), "Siân…");
  EXPECT_EQ(Truncate("ab cd", 4), "ab…") << "no space before the dots";
  EXPECT_EQ(Truncate("林林林", 4), "林…");
}

TEST(Text, Pads) {
  EXPECT_EQ(PadRight("Siân", 6), "Siân  ");
  EXPECT_EQ(PadLeft("1:30", 6), "  1:30");
  EXPECT_EQ(PadLeft("too long", 3), "too long");
}

TEST(Text, MakesAnythingSafeToShow) {
  EXPECT_EQ(Printable("a\nb\x1B[31mc"), "a b [31mc");
  EXPECT_EQ(Printable("Siân"), "Siân");
  EXPECT_EQ(Printable("\xFF!"), "\uFFFD!");
  EXPECT_EQ(Printable("a\u202Eb"), "a b") << "nothing may turn the line round";
}

TEST(Text, FindsTheFirstBadByte) {
  EXPECT_EQ(FirstBadUtf8("Siân"), absl::string_view::npos);
  EXPECT_EQ(FirstBadUtf8("a\x80"), 1u);
  EXPECT_EQ(FirstBadUtf8("\xC0\xAF"), 0u) << "an overlong form";
  EXPECT_EQ(FirstBadUtf8("\xED\xA0\x80"), 0u) << "half of a surrogate pair";
  EXPECT_EQ(FirstBadUtf8("ab\xE2\x80"), 2u) << "cut short";
}

TEST(Text, Wraps) {
  EXPECT_EQ(Wrap("one two three", 8), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(Wrap("unbreakable word", 4), (std::vector<std::string>{"unbreakable", "word"}));
  EXPECT_TRUE(Wrap("", 10).empty());
}

TEST(Text, CountsInWords) {
  EXPECT_EQ(Count(1, "person", "people"), "1 person");
  EXPECT_EQ(Count(0, "person", "people"), "0 people");
  EXPECT_EQ(Count(1234567, "person", "people"), "1,234,567 people");
  EXPECT_EQ(Grouped(-1000), "-1,000");
  EXPECT_EQ(Grouped(999), "999");
}

TEST(Text, GuessesWhatWasMeant) {
  EXPECT_EQ(EditDistance("shoping", "shopping"), 1);
  EXPECT_EQ(EditDistance("lgo", "log"), 1) << "two letters swapped";
  EXPECT_EQ(NearMiss("Shoping", {"visiting", "shopping"}), "shopping");
  EXPECT_EQ(NearMiss("xyz", {"visiting", "shopping"}), "");
}

TEST(Text, ListsChoices) {
  EXPECT_EQ(OrList({"a"}), "a");
  EXPECT_EQ(OrList({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace turnabout::cli
