#include "base/reason.h"

#include <gtest/gtest.h>

#include <set>

namespace turnabout {
namespace {

TEST(Reason, CarriesItsFactsAndItsSentence) {
  const absl::Status status = Refuse(Reason::kCreditLimitReached, {{"limit", "-600"}, {"would_be", "-660"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "The balance would be -660 minutes; the lowest allowed is -600.");
  const std::optional<Refusal> refusal = RefusalOf(status);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, Reason::kCreditLimitReached);
  EXPECT_EQ(refusal->fact("limit"), "-600");
  EXPECT_EQ(refusal->fact("nothing"), "");
}

TEST(Reason, CarriesEveryBadField) {
  const std::optional<Refusal> refusal = RefusalOf(RefuseFields({{"a", "Enter a"}, {"b[2]", "Shorten b"}}));
  ASSERT_TRUE(refusal.has_value());
  ASSERT_EQ(refusal->fields.size(), 2u);
  EXPECT_EQ(refusal->fields[1].field, "b[2]");
  EXPECT_EQ(refusal->fields[1].description, "Shorten b");
}

TEST(Reason, OtherStatusesAreNoRefusals) {
  EXPECT_FALSE(RefusalOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(RefusalOf(absl::InternalError("x")).has_value());
  EXPECT_EQ(RefusedFor(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(RefusedFor(absl::InternalError("x")), Reason::kInternal);
  EXPECT_EQ(RefusedFor(Refuse(Reason::kTurnNeeded)), Reason::kTurnNeeded);
}

TEST(Reason, NumbersAndNamesAreUniqueAndNamesFitErrorInfo) {
  std::set<int> numbers;
  std::set<std::string> names;
  for (const ReasonInfo& info : AllReasons()) {
    EXPECT_TRUE(numbers.insert(static_cast<int>(info.reason)).second) << info.name;
    EXPECT_TRUE(names.insert(std::string(info.name)).second) << info.name;
    EXPECT_LE(info.name.size(), 63u);
    EXPECT_FALSE(info.sentence.empty());
    for (char c : info.name) EXPECT_TRUE((c >= 'A' && c <= 'Z') || c == '_') << info.name;
  }
}

TEST(Reason, AFactWithAZeroByteCannotBreakThePayload) {
  const std::optional<Refusal> refusal = RefusalOf(Refuse(Reason::kBadId, {{"text", absl::string_view("a\0b", 3)}}));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->fact("text"), "a b");
}

}  // namespace
}  // namespace turnabout
