// The ledger's contract: what is refused, in which order, and that both sides are judged with what is held.
#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/reason.h"
#include "tests/support/books.h"

namespace turnabout {
namespace {

class LedgerTest : public testing::Test {
 protected:
  void TearDown() override { books_.ExpectSound(); }
  Books books_;
};

TEST_F(LedgerTest, AnHourOfHelpMovesMinutesFromReceiverToGiver) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member(-600);
  Draft draft = books_.Help(ben, ana, 90);
  draft.category = 3;
  draft.subject = ana;
  const auto posted = books_.Post({draft});
  ASSERT_TRUE(IsOk(posted));
  const Entry& entry = posted->front();
  EXPECT_EQ(entry.number, 1);
  EXPECT_EQ(entry.state, EntryState::kPosted);
  EXPECT_EQ(entry.time_micros, absl::ToUnixMicros(books_.clock.Now()));
  EXPECT_EQ(entry.happened_on, DayNumber(DayOf(books_.clock.Now())));
  EXPECT_EQ(entry.category, 3);
  EXPECT_TRUE(entry.related.empty());
  EXPECT_EQ(books_.Row(entry.id).entry, entry);
  EXPECT_EQ(books_.At(ana).posted, -90);
  EXPECT_EQ(books_.At(ana).received, 90);
  EXPECT_EQ(books_.At(ben).posted, 90);
  EXPECT_EQ(books_.At(ben).given, 90);
  EXPECT_EQ(books_.book->FindScheme(1, Layer::kDurable).minutes_of_help, 90);
}

TEST_F(LedgerTest, BothSidesAreJudged) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member(-600, 100);
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 61)}), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 60)})));
  books_.Limit(ana, Unit::kMinutes, -600);
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 41)}), Reason::kCeilingReached));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 40)})));
  EXPECT_EQ(books_.At(ben).posted, 100);
}

// The documented order: a draft with every fault is refused for the first; each fault that is mended shows the next.
TEST_F(LedgerTest, RefusalsComeInTheDocumentedOrder) {
  const OwnerId ana = books_.Member(-60, 60), ben = books_.Member(-60, 60);
  const OwnerId stranger = books_.ids.Next<MemberId>().bytes();
  const EntryId used = books_.Posted(books_.Help(ana, ben, 1));
  Draft draft = books_.Help(stranger, stranger, 0);
  const EntryId fresh = std::exchange(draft.id, used);
  const auto expect = [&](Reason reason) {
    EXPECT_TRUE(IsRefused(books_.Post({draft}), reason));
    EXPECT_TRUE(IsRefused(books_.Hold({draft}), reason));
  };
  expect(Reason::kInternal);
  draft.id = fresh;
  expect(Reason::kAccountNotFound);
  draft.to = draft.from = ana;
  expect(Reason::kSameAccount);
  draft.to = ben;
  expect(Reason::kAmountNotPositive);
  draft.amount = -5;
  expect(Reason::kAmountNotPositive);
  draft.amount = kEntryAmountMax + 1;
  expect(Reason::kAmountOverLimit);
  draft.amount = 100;
  expect(Reason::kCreditLimitReached);  // named first: the account it leaves
  books_.Limit(ana, Unit::kMinutes, kNoFloor);
  expect(Reason::kCeilingReached);
  books_.Limit(ben, Unit::kMinutes, kNoFloor);
  EXPECT_TRUE(IsOk(books_.Post({draft})));
}

TEST_F(LedgerTest, OfSeveralDraftsTheFirstThatIsWrongIsNamed) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const OwnerId stranger = books_.ids.Next<MemberId>().bytes();
  const auto refused = books_.Post({books_.Help(ana, ben, 1), books_.Help(ana, ben, 0), books_.Help(ana, stranger, 1)});
  EXPECT_TRUE(IsRefused(refused, Reason::kAmountNotPositive));
  EXPECT_EQ(books_.EntryCount(), 0);
}

TEST_F(LedgerTest, DraftsPostedTogetherAreJudgedByWhatTheyComeTo) {
  const OwnerId ana = books_.Member(0), ben = books_.Member(0), cara = books_.Member(0);
  const auto ring = {books_.Help(ana, ben, 60), books_.Help(ben, cara, 60), books_.Help(cara, ana, 60)};
  EXPECT_TRUE(IsOk(books_.Post(ring)));
  for (const OwnerId& owner : {ana, ben, cara}) EXPECT_EQ(books_.At(owner).posted, 0);
  EXPECT_EQ(books_.EntryCount(), 3);
  EXPECT_TRUE(
      IsRefused(books_.Post({books_.Help(ana, ben, 60), books_.Help(ben, cara, 59)}), Reason::kCreditLimitReached));
  EXPECT_EQ(books_.EntryCount(), 3);
}

TEST_F(LedgerTest, FloorsMovedUnderABalanceStillLetCreditIn) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member(-600);
  books_.Posted(books_.Help(ben, ana, 500));
  books_.Limit(ana, Unit::kMinutes, -100);
  EXPECT_EQ(books_.At(ana).posted, -500);
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 1)}), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(ana, ben, 1)})));
  EXPECT_TRUE(IsRefused(books_.Do([&](Txn& txn) {
    return books_.ledger->CheckFloor({1, Unit::kMinutes, ana}, txn);
  }),
                        Reason::kCreditLimitReached));
  EXPECT_TRUE(IsOk(books_.Do([&](Txn& txn) { return books_.ledger->CheckFloor({1, Unit::kMinutes, ben}, txn); })));
}

TEST_F(LedgerTest, CheckFloorCountsWhatIsHeld) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member(-600);
  books_.Held({books_.Help(ben, ana, 500)});
  const auto check = [&](const OwnerId& owner) {
    return books_.Do([&](Txn& txn) { return books_.ledger->CheckFloor({1, Unit::kMinutes, owner}, txn); });
  };
  EXPECT_TRUE(IsOk(check(ana)));
  books_.Limit(ana, Unit::kMinutes, -500);
  EXPECT_TRUE(IsOk(check(ana)));
  books_.Limit(ana, Unit::kMinutes, -499);
  EXPECT_TRUE(IsRefused(check(ana), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsRefused(check(books_.ids.Next<MemberId>().bytes()), Reason::kAccountNotFound));
}

TEST_F(LedgerTest, AnOverrideSetsLimitsAsideAndSaysSo) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member(0, 10);
  Draft draft = books_.Help(ben, ana, 100);
  draft.overridden = true;
  const auto posted = books_.Post({draft});
  ASSERT_TRUE(IsOk(posted));
  EXPECT_TRUE(posted->front().overridden);
  EXPECT_EQ(books_.At(ana).posted, -100);
  Draft wrong = books_.Help(ben, ana, 0);
  wrong.overridden = true;
  EXPECT_TRUE(IsRefused(books_.Post({wrong}), Reason::kAmountNotPositive));
}

TEST_F(LedgerTest, AnOverriddenDraftMakesNoRoomForTheOthersOfItsGroup) {
  const OwnerId ana = books_.Member(0), ben = books_.Member();
  Draft gift = books_.Help(ana, ben, 100);
  gift.overridden = true;
  EXPECT_TRUE(IsRefused(books_.Post({gift, books_.Help(ben, ana, 100)}), Reason::kCreditLimitReached));
}

TEST_F(LedgerTest, SetLimitsWritesOnlyWhatChanges) {
  const OwnerId ana = books_.Member(-60, 60);
  const uint64_t revision = books_.store->revision();
  books_.Limit(ana, Unit::kMinutes, -60, 60);
  EXPECT_EQ(books_.store->revision(), revision);
  books_.Limit(ana, Unit::kMinutes, -60, 61);
  EXPECT_EQ(books_.store->revision(), revision + 1);
  EXPECT_EQ(books_.book->AccountsOf(1).size(), 1u);
}

TEST_F(LedgerTest, NumbersHaveNoGapsAndSchemesDoNotSeeEachOther) {
  const OwnerId ana = books_.Member(0), ben = books_.Member(-600);
  books_.Limit(ana, Unit::kMinutes, -600, kNoCeiling, 2);
  books_.Limit(ben, Unit::kMinutes, 0, kNoCeiling, 2);
  const auto in_two = [](Draft draft) {
    draft.scheme = 2;
    return draft;
  };
  std::vector<int64_t> numbers[3];
  for (int i = 0; i < 10; ++i) {
    const auto one = books_.Post({books_.Help(ana, ben, 1)});
    EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 100)}), Reason::kCreditLimitReached));
    const auto two = books_.Hold({in_two(books_.Help(ben, ana, 2))});
    EXPECT_TRUE(IsRefused(books_.Post({in_two(books_.Help(ana, ben, 100))}), Reason::kCreditLimitReached));
    ASSERT_TRUE(IsOk(one) && IsOk(two));
    EXPECT_EQ(one->front().number, i + 1);
    EXPECT_EQ(two->front().number, i + 1);
  }
  EXPECT_EQ(books_.At(ana).posted, 10);
  EXPECT_EQ(books_.At(ana, Unit::kMinutes, 2).held_out, 20);
  EXPECT_EQ(books_.EntryCount(1), 10);
  EXPECT_EQ(books_.EntryCount(2), 10);
  const OwnerId only_here = books_.Member();
  EXPECT_TRUE(IsRefused(books_.Post({in_two(books_.Help(only_here, ana, 1))}), Reason::kAccountNotFound));
}

TEST_F(LedgerTest, UnitsDoNotMix) {
  const OwnerId ana = books_.Member(0), ben = books_.Member(-600);
  books_.Limit(ana, Unit::kTurns, -1);
  EXPECT_TRUE(IsRefused(books_.Post({books_.Turn(ben, ana)}), Reason::kAccountNotFound));
  books_.Limit(ben, Unit::kTurns, 0);
  EXPECT_TRUE(IsOk(books_.Post({books_.Turn(ben, ana)})));
  EXPECT_EQ(books_.At(ana).posted, 0);
  EXPECT_EQ(books_.At(ana, Unit::kTurns).posted, -1);
}

TEST_F(LedgerTest, AnIdGivenTwiceIsRefusedBeforeItReachesTheJournal) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const EntryId used = books_.Posted(books_.Help(ana, ben, 1));
  const EntryId held = books_.Held({books_.Help(ana, ben, 1), books_.Help(ana, ben, 2)});
  const EntryId alone = books_.Held({books_.Help(ana, ben, 1)});
  Draft draft = books_.Help(ana, ben, 1);
  EXPECT_TRUE(IsRefused(books_.Post({draft, draft}), Reason::kInternal));
  EXPECT_TRUE(IsRefused(books_.Hold({draft, draft}), Reason::kInternal));
  const auto resolve_with = [&](EntryId id) {
    return books_.Do([&](Txn& txn) {
      return books_.ledger->ResolveSet(
          held, EntryState::kPosted, [&] { return id; }, txn);
    });
  };
  EXPECT_TRUE(IsRefused(resolve_with(used), Reason::kInternal));
  EXPECT_TRUE(IsRefused(resolve_with(books_.ids.Next<EntryId>()), Reason::kInternal));
  for (const EntryId& id : {used, EntryId()}) {
    draft.id = id;
    EXPECT_TRUE(IsRefused(books_.Post({draft}), Reason::kInternal));
    EXPECT_TRUE(
        IsRefused(books_.Do([&](Txn& txn) { return books_.ledger->PostHold(alone, 0, id, txn); }), Reason::kInternal));
    EXPECT_TRUE(IsRefused(books_.Do([&](Txn& txn) { return books_.ledger->Reverse(used, id, false, txn); }),
                          Reason::kInternal));
  }
  EXPECT_EQ(books_.EntryCount(), 4);
  EXPECT_TRUE(IsOk(books_.PostHold(alone)));
}

TEST_F(LedgerTest, ADryRunJudgesAndWritesNothing) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member();
  const std::vector<Draft> fits = {books_.Help(ben, ana, 60)}, does_not = {books_.Help(ben, ana, 61)};
  EXPECT_TRUE(IsOk(books_.Do([&](Txn& txn) { return books_.ledger->Post(fits, txn); }, true)));
  EXPECT_TRUE(IsRefused(books_.Do([&](Txn& txn) { return books_.ledger->Post(does_not, txn); }, true),
                        Reason::kCreditLimitReached));
  EXPECT_EQ(books_.EntryCount(), 0);
}

TEST_F(LedgerTest, RepeatedLargestAmountsKeepTheSums) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  for (int i = 0; i < 100; ++i) books_.Posted(books_.Help(ben, ana, kEntryAmountMax));
  EXPECT_EQ(books_.At(ana).posted, -100 * kEntryAmountMax);
}

TEST_F(LedgerTest, ReopeningTheJournalGivesTheSameBook) {
  const OwnerId ana = books_.Member(-600), ben = books_.Member(-600);
  const EntryId posted = books_.Posted(books_.Help(ben, ana, 100));
  const EntryId held = books_.Held({books_.Help(ben, ana, 50)}, absl::Hours(1));
  ASSERT_TRUE(IsOk(books_.Reverse(posted)));
  const Sha256Digest digest = books_.book->Digest();
  const Account before = books_.At(ana);
  books_.Reopen();
  EXPECT_EQ(books_.book->Digest(), digest);
  EXPECT_EQ(books_.At(ana), before);
  EXPECT_EQ(books_.book->LapsedHolds(books_.clock.Now() + absl::Hours(1), 9), std::vector<EntryId>{held});
  EXPECT_TRUE(IsRefused(books_.Reverse(posted), Reason::kAlreadyReversed));
  EXPECT_TRUE(IsOk(books_.PostHold(held, 20)));
}

}  // namespace
}  // namespace turnabout
