// Holds: counted on both sides, resolved once, posted in part, and linked.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/reason.h"
#include "tests/support/books.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

class LedgerHoldTest : public testing::Test {
 protected:
  void TearDown() override { books_.ExpectSound(); }
  Books books_;
};

TEST_F(LedgerHoldTest, AHoldCountsAgainstTheFloorAndTheCeiling) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member(0, 60), cara = books_.Member();
  books_.Held({books_.Help(ben, ana, 40)});
  EXPECT_EQ(books_.At(ana).held_out, 40);
  EXPECT_EQ(books_.At(ana).held_in, 0);
  EXPECT_EQ(books_.At(ben).held_in, 40);
  EXPECT_EQ(books_.At(ana).posted, 0);
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(cara, ana, 21)}), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Help(cara, ana, 21)}), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, cara, 21)}), Reason::kCeilingReached));
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Help(ben, cara, 21)}), Reason::kCeilingReached));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(cara, ana, 20)})));
  EXPECT_TRUE(IsOk(books_.Hold({books_.Help(ben, cara, 20)})));
}

TEST_F(LedgerHoldTest, WhatIsHeldToComeInCannotBeSpentAndWhatIsHeldToGoOutMakesNoRoom) {
  const OwnerId ana = books_.Member(0, 60), ben = books_.Member(0, 60), cara = books_.Member();
  books_.Held({books_.Help(ana, cara, 50)});
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(cara, ana, 1)}), Reason::kCreditLimitReached));
  books_.Posted(books_.Help(ben, cara, 60));
  books_.Held({books_.Help(cara, ben, 50)});
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, cara, 1)}), Reason::kCeilingReached));
}

TEST_F(LedgerHoldTest, PostingMovesWhatWasHeld) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member();
  const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
  const auto posted = books_.PostHold(hold);
  ASSERT_TRUE(IsOk(posted));
  EXPECT_EQ(posted->amount, 60);
  EXPECT_EQ(posted->related, hold);
  EXPECT_EQ(posted->number, 2);
  EXPECT_EQ(books_.Row(hold).current, EntryState::kPosted);
  EXPECT_EQ(books_.Row(hold).resolution, posted->id);
  EXPECT_EQ(books_.At(ana).posted, -60);
  EXPECT_EQ(books_.At(ana).held_out, 0);
  EXPECT_EQ(books_.At(ben).held_in, 0);
}

TEST_F(LedgerHoldTest, PostingAPartReleasesTheRest) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member();
  const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
  EXPECT_TRUE(IsRefused(books_.PostHold(hold, -1), Reason::kAmountNotPositive));
  const auto over = books_.PostHold(hold, 61);
  EXPECT_TRUE(IsRefused(over, Reason::kPartOverHold));
  EXPECT_EQ(FactOf(over.status(), "held"), "60");
  ASSERT_TRUE(IsOk(books_.PostHold(hold, 20)));
  EXPECT_EQ(books_.At(ana).posted, -20);
  EXPECT_EQ(books_.At(ana).held_out, 0);
  EXPECT_TRUE(IsRefused(books_.PostHold(hold, 1), Reason::kHoldAlreadyResolved));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 40)})));
}

TEST_F(LedgerHoldTest, ResolutionsAreRefusedInTheDocumentedOrder) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const EntryId posted = books_.Posted(books_.Help(ben, ana, 5));
  const EntryId linked = books_.Held({books_.Help(ben, ana, 5), books_.Help(ben, ana, 6)});
  const EntryId resolved = books_.Held({books_.Help(ben, ana, 5)});
  ASSERT_TRUE(IsOk(books_.PostHold(resolved)));
  // An amount that is not positive comes before everything about the hold.
  for (const EntryId& hold : {books_.ids.Next<EntryId>(), posted, linked, resolved}) {
    EXPECT_TRUE(IsRefused(books_.PostHold(hold, -1), Reason::kAmountNotPositive));
  }
  EXPECT_TRUE(IsRefused(books_.PostHold(books_.ids.Next<EntryId>()), Reason::kEntryNotFound));
  EXPECT_TRUE(IsRefused(books_.PostHold(posted), Reason::kEntryNotFound));
  EXPECT_TRUE(IsRefused(books_.PostHold(resolved, 99), Reason::kHoldAlreadyResolved));
  const auto single = books_.PostHold(linked, 99);
  EXPECT_TRUE(IsRefused(single, Reason::kHoldLinked));
  EXPECT_EQ(FactOf(single.status(), "count"), "1");
  EXPECT_TRUE(IsRefused(books_.Resolve(posted, EntryState::kVoided), Reason::kEntryNotFound));
  EXPECT_TRUE(IsRefused(books_.Resolve(resolved, EntryState::kVoided), Reason::kHoldAlreadyResolved));
}

TEST_F(LedgerHoldTest, ReleasingGivesEverythingBack) {
  for (const EntryState how : {EntryState::kVoided, EntryState::kExpired}) {
    const OwnerId ana = books_.Member(-60), ben = books_.Member(0, 60);
    const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
    const auto released = books_.Resolve(hold, how);
    ASSERT_TRUE(IsOk(released));
    EXPECT_EQ(released->front().state, how);
    EXPECT_EQ(books_.At(ana).posted, 0);
    EXPECT_EQ(books_.At(ana).held_out, 0);
    EXPECT_EQ(books_.At(ben).held_in, 0);
    const auto again = books_.PostHold(hold);
    EXPECT_TRUE(IsRefused(again, Reason::kHoldAlreadyResolved));
    EXPECT_EQ(FactOf(again.status(), "state"), how == EntryState::kVoided ? "voided" : "expired");
    EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 60)})));
  }
}

// Every order of the three, in one group: the first wins, and the others are told how the hold stands.
TEST_F(LedgerHoldTest, OfPostVoidAndExpireExactlyOneWins) {
  std::vector<EntryState> order = {EntryState::kPosted, EntryState::kVoided, EntryState::kExpired};
  do {
    const OwnerId ana = books_.Member(-60), ben = books_.Member();
    const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
    std::vector<absl::Status> answers;
    {
      WriterGate gate(*books_.store);
      for (const EntryState how : order) {
        const auto resolve = [this, hold, how](Txn& txn) {
          if (how == EntryState::kPosted) {
            return books_.ledger->PostHold(hold, 0, books_.ids.Next<EntryId>(), txn).status();
          }
          return books_.ledger
              ->ResolveSet(
                  hold, how, [&] { return books_.ids.Next<EntryId>(); }, txn)
              .status();
        };
        books_.store->Write({}, resolve, [&](const absl::Status& status, uint64_t) { answers.push_back(status); });
      }
    }
    books_.Limit(ana, Unit::kMinutes, -61);  // comes after all three
    ASSERT_EQ(answers.size(), 3u);
    EXPECT_TRUE(IsOk(answers[0]));
    for (const size_t loser : {1, 2}) {
      EXPECT_TRUE(IsRefused(answers[loser], Reason::kHoldAlreadyResolved));
      EXPECT_EQ(FactOf(answers[loser], "state"), std::string(NameOf(order[0])));
    }
    EXPECT_EQ(books_.Row(hold).current, order[0]);
    EXPECT_EQ(books_.At(ana).posted, order[0] == EntryState::kPosted ? -60 : 0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(LedgerHoldTest, PostingIsNotJudgedAgainWhenLimitsMoved) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member();
  const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
  books_.Limit(ana, Unit::kMinutes, 0);
  books_.Limit(ben, Unit::kMinutes, 0, 10);
  EXPECT_TRUE(IsOk(books_.PostHold(hold)));
  EXPECT_EQ(books_.At(ana).posted, -60);
}

TEST_F(LedgerHoldTest, TwoProposalsCannotUseOneAllowance) {
  const OwnerId ana = books_.Buddy(1), ben = books_.Buddy(0), cara = books_.Buddy(0);
  const EntryId first = books_.Held({books_.Turn(ben, ana)});
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Turn(cara, ana)}), Reason::kTurnNeeded));
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Turn(cara, ben)}), Reason::kPledgeNeeded));
  ASSERT_TRUE(IsOk(books_.Resolve(first, EntryState::kVoided)));
  EXPECT_TRUE(IsOk(books_.Hold({books_.Turn(cara, ana)})));
}

TEST_F(LedgerHoldTest, ARingOfThreeNeedsNoAllowance) {
  for (const EntryState how : {EntryState::kPosted, EntryState::kVoided, EntryState::kExpired}) {
    const OwnerId ana = books_.Buddy(0), ben = books_.Buddy(0), cara = books_.Buddy(0);
    const auto ring =
        books_.Hold({books_.Turn(ben, ana), books_.Turn(cara, ben), books_.Turn(ana, cara)}, absl::Hours(1));
    ASSERT_TRUE(IsOk(ring));
    for (const Entry& each : *ring) {
      EXPECT_EQ(each.related, ring->front().id);
      EXPECT_TRUE(IsRefused(books_.PostHold(each.id), Reason::kHoldLinked));
      EXPECT_EQ(books_.book->LinkedHolds(books_.Row(each.id).entry, Layer::kDurable).size(), 3u);
    }
    for (const OwnerId& owner : {ana, ben, cara}) {
      EXPECT_EQ(books_.At(owner, Unit::kTurns).held_out, 0);
      EXPECT_EQ(books_.At(owner, Unit::kTurns).held_in, 0);
    }
    // By any of the three, all three.
    const auto resolved = books_.Resolve(ring->at(1).id, how);
    ASSERT_TRUE(IsOk(resolved));
    EXPECT_EQ(resolved->size(), 3u);
    for (const Entry& each : *ring) {
      EXPECT_EQ(books_.Row(each.id).current, how);
      EXPECT_TRUE(IsRefused(books_.Resolve(each.id, how), Reason::kHoldAlreadyResolved));
    }
    for (const OwnerId& owner : {ana, ben, cara}) {
      EXPECT_EQ(books_.At(owner, Unit::kTurns).posted, 0);
      EXPECT_EQ(books_.At(owner, Unit::kTurns).given, how == EntryState::kPosted ? 1 : 0);
      EXPECT_EQ(books_.At(owner, Unit::kTurns).received, how == EntryState::kPosted ? 1 : 0);
    }
    EXPECT_TRUE(books_.book->LapsedHolds(absl::InfiniteFuture(), 9).empty());
  }
}

TEST_F(LedgerHoldTest, ALinkedSetReservesWhatIsLeftOver) {
  const OwnerId ana = books_.Buddy(1), ben = books_.Buddy(0), cara = books_.Buddy(0);
  // Ben gives to Ana and receives from Cara; Ana's one turn is what is left over.
  const EntryId set = books_.Held({books_.Turn(ben, ana), books_.Turn(cara, ben)});
  EXPECT_EQ(books_.At(ana, Unit::kTurns).held_out, 1);
  EXPECT_EQ(books_.At(ben, Unit::kTurns).held_out, 0);
  EXPECT_EQ(books_.At(ben, Unit::kTurns).held_in, 0);
  EXPECT_EQ(books_.At(cara, Unit::kTurns).held_in, 1);
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Turn(cara, ana)}), Reason::kTurnNeeded));
  ASSERT_TRUE(IsOk(books_.Resolve(set, EntryState::kPosted)));
  EXPECT_EQ(books_.At(ana, Unit::kTurns).posted, -1);
  EXPECT_EQ(books_.At(ben, Unit::kTurns).posted, 0);
  EXPECT_EQ(books_.At(cara, Unit::kTurns).posted, 1);
}

TEST_F(LedgerHoldTest, AChainWithNothingToStartFromIsRefusedWhole) {
  const OwnerId ana = books_.Buddy(0), ben = books_.Buddy(0), cara = books_.Buddy(0);
  EXPECT_TRUE(IsRefused(books_.Hold({books_.Turn(ben, ana), books_.Turn(cara, ben)}), Reason::kPledgeNeeded));
  EXPECT_EQ(books_.EntryCount(), 0);
}

TEST_F(LedgerHoldTest, HoldsLapseInOrderAndNotBeforeTheirTime) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  const EntryId late = books_.Held({books_.Help(ben, ana, 1)}, absl::Hours(2));
  const EntryId early = books_.Held({books_.Help(ben, ana, 1)}, absl::Hours(1));
  books_.Held({books_.Help(ben, ana, 1)});
  const auto lapsed = [&](absl::Duration after, size_t most = 9) {
    return books_.book->LapsedHolds(books_.clock.Now() + after, most);
  };
  EXPECT_TRUE(lapsed(absl::Hours(1) - absl::Microseconds(1)).empty());
  EXPECT_EQ(lapsed(absl::Hours(1)), std::vector<EntryId>{early});
  EXPECT_EQ(lapsed(absl::Hours(1000)), (std::vector<EntryId>{early, late}));
  EXPECT_EQ(lapsed(absl::Hours(1000), 1), std::vector<EntryId>{early});
  ASSERT_TRUE(IsOk(books_.Resolve(early, EntryState::kExpired)));
  EXPECT_EQ(lapsed(absl::Hours(1000)), std::vector<EntryId>{late});
}

TEST_F(LedgerHoldTest, ALapsedHoldHoldsUntilItExpiresAndCanDoNothingElse) {
  const OwnerId ana = books_.Member(-60), ben = books_.Member();
  const EntryId hold = books_.Held({books_.Help(ben, ana, 60)}, absl::Hours(1));
  books_.clock.Advance(absl::Hours(2));
  EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 1)}), Reason::kCreditLimitReached));
  EXPECT_TRUE(IsRefused(books_.PostHold(hold), Reason::kHoldAlreadyResolved));
  EXPECT_TRUE(IsRefused(books_.Resolve(hold, EntryState::kVoided), Reason::kHoldAlreadyResolved));
  EXPECT_TRUE(IsOk(books_.Resolve(hold, EntryState::kExpired)));
  EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 1)})));
}

// 0 seconds on disk mean "no end": the shortest hold must not become the longest.
TEST_F(LedgerHoldTest, AHoldOfNoTimeLapsesAfterASecondAndNotNever) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  for (const absl::Duration length : {absl::ZeroDuration(), absl::Milliseconds(900), absl::Seconds(-5)}) {
    const EntryId hold = books_.Held({books_.Help(ben, ana, 1)}, length);
    EXPECT_EQ(books_.Row(hold).entry.hold_seconds, 1u);
  }
  const EntryId longest = books_.Held({books_.Help(ben, ana, 1)}, absl::Hours(24 * 365 * 1000));
  EXPECT_EQ(books_.Row(longest).entry.hold_seconds, 0xffffffffu);
  const EntryId endless = books_.Held({books_.Help(ben, ana, 1)}, absl::InfiniteDuration());
  EXPECT_EQ(books_.Row(endless).entry.hold_seconds, 0u);
  EXPECT_EQ(books_.book->LapsedHolds(books_.clock.Now() + absl::Seconds(1), 9).size(), 3u);
}

TEST_F(LedgerHoldTest, AnOverriddenHoldIsPostedAsOverridden) {
  const OwnerId ana = books_.Member(0), ben = books_.Member();
  Draft draft = books_.Help(ben, ana, 60);
  draft.overridden = true;
  const EntryId hold = books_.Held({draft});
  EXPECT_EQ(books_.At(ana).held_out, 60);
  const auto posted = books_.PostHold(hold);
  ASSERT_TRUE(IsOk(posted));
  EXPECT_TRUE(posted->overridden);
}

// More than may be linked, in a time that does not keep everybody else waiting: it must grow with their number, not
// with its square. The time is the processor's, so that a busy machine is no reason.
TEST_F(LedgerHoldTest, ALongChainIsHeldAndPostedAsOneAndSoon) {
  constexpr int kPeople = 8 * kLinkedMatchesMax;
  std::vector<OwnerId> people;
  EXPECT_TRUE(IsOk(books_.Do([&](Txn& txn) {
    for (int i = 0; i < kPeople; ++i) {
      people.push_back(books_.ids.Next<MemberId>().bytes());
      books_.ledger->SetLimits({Books::kScheme, Unit::kTurns, people[i]}, {i == 0 ? -1 : 0, kNoCeiling}, txn);
    }
    return absl::OkStatus();
  })));
  std::vector<Draft> drafts;
  for (int i = 0; i + 1 < kPeople; ++i) drafts.push_back(books_.Turn(people[i + 1], people[i]));
  const std::clock_t start = std::clock();
  const EntryId set = books_.Held(drafts);
  EXPECT_EQ(books_.At(people[0], Unit::kTurns).held_out, 1);
  EXPECT_EQ(books_.At(people[1], Unit::kTurns).held_in, 0);
  ASSERT_TRUE(IsOk(books_.Resolve(set, EntryState::kPosted)));
  EXPECT_EQ(books_.At(people.back(), Unit::kTurns).posted, 1);
  EXPECT_LT(std::clock() - start, 10 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace turnabout
