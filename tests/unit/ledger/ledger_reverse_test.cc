// Reversals: at most once, within the limits or overridden, and taking back what was counted.
#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/support/books.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

class LedgerReverseTest : public testing::Test {
 protected:
  void TearDown() override { books_.ExpectSound(); }
  Books books_;
};

TEST_F(LedgerReverseTest, TakesBackWhatWasMovedAndWhatWasCounted) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member();
  Draft draft = books_.Help(ben, ana, 90);
  draft.category = 4;
  draft.subject = ben;
  const EntryId original = books_.Posted(draft);
  const auto reversal = books_.Reverse(original);
  ASSERT_TRUE(IsOk(reversal));
  EXPECT_EQ(reversal->kind, EntryKind::kReversal);
  EXPECT_EQ(reversal->related, original);
  EXPECT_EQ(reversal->from, ben);
  EXPECT_EQ(reversal->to, ana);
  EXPECT_EQ(reversal->amount, 90);
  EXPECT_EQ(reversal->category, 4);
  EXPECT_EQ(reversal->subject, ben);
  EXPECT_EQ(books_.Row(original).reversal, reversal->id);
  EXPECT_EQ(books_.Row(original).entry.amount, 90);
  for (const OwnerId& owner : {ana, ben}) {
    EXPECT_EQ(books_.At(owner).posted, 0);
    EXPECT_EQ(books_.At(owner).given, 0);
    EXPECT_EQ(books_.At(owner).received, 0);
  }
  EXPECT_EQ(books_.book->FindScheme(1, Layer::kDurable).minutes_of_help, 0);
}

TEST_F(LedgerReverseTest, HappensAtMostOnce) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const EntryId original = books_.Posted(books_.Help(ben, ana, 90));
  const auto reversal = books_.Reverse(original);
  ASSERT_TRUE(IsOk(reversal));
  for (const bool overridden : {false, true}) {
    const auto again = books_.Reverse(original, overridden);
    EXPECT_TRUE(IsRefused(again, Reason::kAlreadyReversed));
    EXPECT_EQ(FactOf(again.status(), "reversal"), reversal->id.ToString());
    EXPECT_TRUE(IsRefused(books_.Reverse(reversal->id, overridden), Reason::kNotReversible));
  }
}

TEST_F(LedgerReverseTest, OfTwoInOneGroupOneWins) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const EntryId original = books_.Posted(books_.Help(ben, ana, 90));
  std::vector<absl::Status> answers;
  {
    WriterGate gate(*books_.store);
    for (int i = 0; i < 2; ++i) {
      books_.store->Write(
          {},
          [&](Txn& txn) { return books_.ledger->Reverse(original, books_.ids.Next<EntryId>(), false, txn).status(); },
          [&](const absl::Status& status, uint64_t) { answers.push_back(status); });
    }
  }
  EXPECT_TRUE(IsOk(books_.PostMade([&] { return std::vector<Draft>{books_.Help(ben, ana, 1)}; })));
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(IsOk(answers[0]));
  EXPECT_TRUE(IsRefused(answers[1], Reason::kAlreadyReversed));
}

TEST_F(LedgerReverseTest, ObeysTheLimitsOrIsOverridden) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member(0), cara = books_.Member();
  const EntryId original = books_.Posted(books_.Help(ben, ana, 90));
  books_.Posted(books_.Help(cara, ben, 60));  // Ben has spent it
  EXPECT_TRUE(IsRefused(books_.Reverse(original), Reason::kCreditLimitReached));
  const auto overridden = books_.Reverse(original, true);
  ASSERT_TRUE(IsOk(overridden));
  EXPECT_TRUE(overridden->overridden);
  EXPECT_EQ(books_.At(ben).posted, -60);
}

TEST_F(LedgerReverseTest, CountsWhatIsHeldAndTheCeilingOfWhoGetsItBack) {
  const OwnerId ana = books_.Member(-600, 0), ben = books_.Member(0), cara = books_.Member();
  const EntryId original = books_.Posted(books_.Help(ben, ana, 90));
  const EntryId hold = books_.Held({books_.Help(cara, ben, 1)});
  EXPECT_TRUE(IsRefused(books_.Reverse(original), Reason::kCreditLimitReached));
  ASSERT_TRUE(IsOk(books_.Resolve(hold, EntryState::kVoided)));
  books_.Posted(books_.Help(ana, cara, 10));
  EXPECT_TRUE(IsRefused(books_.Reverse(original), Reason::kCeilingReached));
}

TEST_F(LedgerReverseTest, OnlyWhatIsPostedCanBeReversed) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  EXPECT_TRUE(IsRefused(books_.Reverse(books_.ids.Next<EntryId>()), Reason::kEntryNotFound));
  const EntryId open = books_.Held({books_.Help(ben, ana, 5)});
  EXPECT_TRUE(IsRefused(books_.Reverse(open), Reason::kNotReversible));
  const auto voided = books_.Resolve(open, EntryState::kVoided);
  ASSERT_TRUE(IsOk(voided));
  EXPECT_TRUE(IsRefused(books_.Reverse(voided->front().id), Reason::kNotReversible));
  EXPECT_TRUE(IsRefused(books_.Reverse(open), Reason::kNotReversible));
}

TEST_F(LedgerReverseTest, APartThatWasPostedIsReversedByThatPart) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member();
  const EntryId hold = books_.Held({books_.Help(ben, ana, 90)});
  const auto posted = books_.PostHold(hold, 30);
  ASSERT_TRUE(IsOk(posted));
  EXPECT_TRUE(IsRefused(books_.Reverse(hold), Reason::kNotReversible));
  const auto reversal = books_.Reverse(posted->id);
  ASSERT_TRUE(IsOk(reversal));
  EXPECT_EQ(reversal->amount, 30);
  EXPECT_EQ(books_.At(ana).posted, 0);
  EXPECT_TRUE(IsRefused(books_.PostHold(hold), Reason::kHoldAlreadyResolved));
}

TEST_F(LedgerReverseTest, ATurnGivenBackIsOwedNoMore) {
  const OwnerId ana = books_.Buddy(1), ben = books_.Buddy(0), cara = books_.Buddy(0);
  const EntryId turn = books_.Posted(books_.Turn(ben, ana));
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Turn(cara, ana)}), Reason::kTurnNeeded));
  ASSERT_TRUE(IsOk(books_.Reverse(turn)));
  EXPECT_TRUE(IsOk(books_.Hold({books_.Turn(cara, ana)})));
}

}  // namespace
}  // namespace turnabout
