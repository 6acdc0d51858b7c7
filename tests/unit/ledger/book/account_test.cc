#include "ledger/book/account.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "base/reason.h"
#include "base/seed.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

OwnerId Owner(uint8_t first) {
  OwnerId owner{};
  owner[0] = first;
  return owner;
}

TEST(AccountText, NamesTheSchemesOwnAccounts) {
  EXPECT_EQ(AccountText({1, Unit::kMinutes, kPot}), "pot.minutes");
  EXPECT_EQ(AccountText({1, Unit::kTurns, kOpening}), "opening.turns");
  EXPECT_EQ(AccountText({1, Unit::kMinutes, kClearing}), "clearing.minutes");
  EXPECT_EQ(AccountText({1, Unit::kMinutes, kExpiry}), "expiry.minutes");
  EXPECT_EQ(GroupOf(Owner(1)), "members");
}

TEST(AccountText, ParsesBackToItself) {
  for (const OwnerId& owner : {kPot, kOpening, kClearing, kExpiry, Owner(1), Owner(0xff), SchemeOwner(9)}) {
    for (const Unit unit : {Unit::kMinutes, Unit::kTurns}) {
      const AccountKey key{77, unit, owner};
      const absl::StatusOr<AccountKey> parsed = ParseAccountText(77, AccountText(key));
      ASSERT_TRUE(IsOk(parsed)) << AccountText(key);
      EXPECT_EQ(*parsed, key);
    }
  }
}

TEST(AccountText, RefusesEveryOtherText) {
  const std::string member = IdBytesToText(Owner(0xff));
  const std::string pot_by_number = IdBytesToText(kPot) + ".minutes";
  for (const std::string& text :
       {std::string(), std::string("."), std::string("pot"), std::string("pot."), std::string(".minutes"),
        std::string("pot.hours"), std::string("Pot.minutes"), std::string("pot.Minutes"),
        std::string("members.minutes"), std::string("pot.minutes "), std::string("pot..minutes"), member,
        member + ".minutes.minutes", absl::AsciiStrToUpper(member) + ".minutes", pot_by_number,
        std::string("pot.minutes\0", 12)}) {
    EXPECT_TRUE(IsRefused(ParseAccountText(1, text), Reason::kAccountNotFound)) << text;
  }
}

TEST(AccountChange, BytesOnDiskAreTheSameForEver) {
  const AccountChange change{{0x01020304, Unit::kTurns, Owner(0xaa)}, {-2, 3}};
  constexpr char kGolden[] = "0403020102aa000000000000000000000000000000feffffffffffffff0300000000000000";
  EXPECT_EQ(absl::BytesToHexString(EncodeAccountChange(change)), kGolden);
  const absl::StatusOr<AccountChange> decoded = DecodeAccountChange(absl::HexStringToBytes(kGolden));
  ASSERT_TRUE(IsOk(decoded));
  EXPECT_EQ(decoded->key, change.key);
  EXPECT_EQ(decoded->limits, change.limits);
}

TEST(AccountChange, SurvivesAtTheExtremes) {
  for (const AccountLimits& limits : {AccountLimits{kNoFloor, kNoCeiling}, AccountLimits{0, 0},
                                      AccountLimits{kNoFloor, kNoFloor}, AccountLimits{kNoCeiling, kNoCeiling}}) {
    const absl::StatusOr<AccountChange> decoded =
        DecodeAccountChange(EncodeAccountChange({{0xffffffff, Unit::kMinutes, kPot}, limits}));
    ASSERT_TRUE(IsOk(decoded));
    EXPECT_EQ(decoded->limits, limits);
  }
}

TEST(AccountChange, RefusesOtherLengthsUnitsAndLimitsThatCross) {
  const AccountKey key{1, Unit::kMinutes, Owner(1)};
  const std::string good = EncodeAccountChange({key, {-5, 5}}) + "x";
  for (size_t size = 0; size <= good.size(); ++size) {
    EXPECT_EQ(DecodeAccountChange(absl::string_view(good).substr(0, size)).ok(), size + 1 == good.size()) << size;
  }
  for (const int unit : {0, 3, 255}) {
    std::string bad = good.substr(0, good.size() - 1);
    bad[4] = static_cast<char>(unit);
    EXPECT_TRUE(IsRefused(DecodeAccountChange(bad), Reason::kJournalDamaged));
  }
  EXPECT_TRUE(IsRefused(DecodeAccountChange(EncodeAccountChange({key, {1, 0}})), Reason::kJournalDamaged));
}

}  // namespace
}  // namespace turnabout
