// Mistakes that ledgers are known to make, each as a test under its own name. What one thread at a time can show is in
// the other tests of the ledger; here many threads race for the same thing, round after round.
#include <gtest/gtest.h>

#include <functional>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/books.h"
#include "tests/support/seed.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

int Rounds() { return IsFullRun() ? 2'000 : 60; }

// Runs every one of `racers` on a thread of its own, all at once; how each ended.
std::vector<absl::Status> Race(const std::vector<std::function<absl::Status()>>& racers) {
  std::vector<absl::Status> ends(racers.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < racers.size(); ++i) threads.emplace_back([&, i] { ends[i] = racers[i](); });
  for (std::thread& thread : threads) thread.join();
  return ends;
}

// How many were accepted. Expects every other to have been refused for `reason`.
int Accepted(const std::vector<absl::Status>& ends, Reason reason) {
  int accepted = 0;
  for (const absl::Status& end : ends) {
    accepted += end.ok() ? 1 : 0;
    EXPECT_TRUE(end.ok() || IsRefusedFor(end, reason)) << end;
  }
  return accepted;
}

// With everything in memory, and with a shelf to which everything goes as soon as it can.
class LedgerTraps : public testing::TestWithParam<bool> {
 protected:
  ~LedgerTraps() override { books_.ExpectSound(); }

  const TemporaryFolder folder_{FastPlace()};
  Books books_{NewMemoryJournal(), GetParam() ? folder_.path() + "/shelf" : ""};
};

// The mistake: the balance is read, compared with the limit, and written later, so that two who spend at once both find
// enough. Or: what is held is not counted, so that it can be spent a second time.
TEST_P(LedgerTraps, OfManyWhoSpendAtOnceAsManyWinAsTheLimitBears) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-60), ben = books_.Member();
    const auto help = [&] { return std::vector<Draft>{books_.Help(ben, ana, 20)}; };
    std::vector<std::function<absl::Status()>> racers;
    for (int i = 0; i < 4; ++i) {
      racers.push_back([&] { return books_.HoldMade(help); });
      racers.push_back([&] { return books_.PostMade(help); });
    }
    EXPECT_EQ(Accepted(Race(racers), Reason::kCreditLimitReached), 3);
    EXPECT_EQ(books_.At(ana).posted - books_.At(ana).held_out, -60);
  }
}

// The mistake: only the account that pays is checked. A ceiling is a limit too, and what is held to come in counts.
TEST_P(LedgerTraps, OfManyWhoGiveAtOnceAsManyWinAsTheCeilingBears) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(), ben = books_.Member(kNoFloor, 60);
    const auto help = [&] { return std::vector<Draft>{books_.Help(ben, ana, 20)}; };
    std::vector<std::function<absl::Status()>> racers;
    for (int i = 0; i < 4; ++i) {
      racers.push_back([&] { return books_.HoldMade(help); });
      racers.push_back([&] { return books_.PostMade(help); });
    }
    EXPECT_EQ(Accepted(Race(racers), Reason::kCeilingReached), 3);
    EXPECT_EQ(books_.At(ben).posted + books_.At(ben).held_in, 60);
  }
}

// The mistake: each way to end a hold looks whether it is open, and ends it a moment later. Then it is paid and given
// back, or paid twice.
TEST_P(LedgerTraps, OfAllWaysToEndAHoldAtOnceExactlyOneWins) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-60), ben = books_.Member();
    const EntryId hold = books_.Held({books_.Help(ben, ana, 60)}, absl::Seconds(5));
    const std::vector<absl::Status> ends = Race({
        [&] { return books_.PostHold(hold).status(); },
        [&] { return books_.PostHold(hold, 25).status(); },
        [&] { return books_.Resolve(hold, EntryState::kPosted).status(); },
        [&] { return books_.Resolve(hold, EntryState::kVoided).status(); },
        [&] { return books_.Resolve(hold, EntryState::kExpired).status(); },
    });
    EXPECT_EQ(Accepted(ends, Reason::kHoldAlreadyResolved), 1);
    const int64_t moved = ends[0].ok() || ends[2].ok() ? 60 : ends[1].ok() ? 25 : 0;
    EXPECT_EQ(books_.At(ana).posted, -moved);
    EXPECT_EQ(books_.At(ben).posted, moved);
    EXPECT_EQ(books_.At(ana).held_out, 0);
    EXPECT_EQ(books_.At(ben).held_in, 0);
  }
}

// The mistake: time's up and the payment race, and a hold whose time is up is paid all the same.
TEST_P(LedgerTraps, AHoldWhoseTimeIsUpIsNeverPaidHoweverManyTry) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-60), ben = books_.Member();
    const EntryId hold = books_.Held({books_.Help(ben, ana, 60)}, absl::Seconds(5));
    books_.clock.Advance(absl::Seconds(6));
    const std::vector<absl::Status> ends = Race({
        [&] { return books_.PostHold(hold).status(); },
        [&] { return books_.Resolve(hold, EntryState::kExpired).status(); },
        [&] { return books_.Resolve(hold, EntryState::kPosted).status(); },
        [&] { return books_.Resolve(hold, EntryState::kExpired).status(); },
    });
    EXPECT_FALSE(ends[0].ok() || ends[2].ok());
    EXPECT_EQ(Accepted(ends, Reason::kHoldAlreadyResolved), 1);
    EXPECT_EQ(books_.At(ana).posted, 0);
    EXPECT_EQ(books_.At(ana).held_out, 0);
  }
}

// The mistake: a refund is asked for twice, at once, and given twice.
TEST_P(LedgerTraps, OfManyReversalsOfOneEntryExactlyOneWins) {
  const OwnerId ana = books_.Member(), ben = books_.Member();
  for (int round = 0; round < Rounds(); ++round) {
    const EntryId entry = books_.Posted(books_.Help(ben, ana, 60));
    const auto reverse = [&] { return books_.Reverse(entry).status(); };
    EXPECT_EQ(Accepted(Race({reverse, reverse, reverse, reverse}), Reason::kAlreadyReversed), 1);
    EXPECT_EQ(books_.At(ana).posted, 0);
  }
}

// The mistake: the rest of a hold of which a part was posted stays reserved, or is given back twice.
TEST_P(LedgerTraps, OfManyPartsOfOneHoldOneIsPostedAndTheRestIsFree) {
  const OwnerId ben = books_.Member();
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-60);
    const EntryId hold = books_.Held({books_.Help(ben, ana, 60)});
    const auto part = [&] { return books_.PostHold(hold, 20).status(); };
    EXPECT_EQ(Accepted(Race({part, part, part}), Reason::kHoldAlreadyResolved), 1);
    EXPECT_EQ(books_.At(ana).posted, -20);
    EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 41)}), Reason::kCreditLimitReached));
    EXPECT_TRUE(IsOk(books_.Post({books_.Help(ben, ana, 40)})));
  }
}

// The mistake: a limit is another account and a few linked transfers, and between them, or beside them, something else
// comes through. Here a limit is part of the account: whoever comes before the change is judged by the old one, whoever
// comes after it by the new one, and nobody by neither.
TEST_P(LedgerTraps, ALimitThatChangesWhileManySpendIsOneOrTheOther) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-100), ben = books_.Member();
    const auto help = [&] { return std::vector<Draft>{books_.Help(ben, ana, 20)}; };
    std::vector<std::function<absl::Status()>> racers;
    for (int i = 0; i < 6; ++i) {
      racers.push_back([&] { return books_.PostMade(help); });
    }
    racers.insert(racers.begin() + 3, [&] {
      books_.Limit(ana, Unit::kMinutes, -40);
      return absl::OkStatus();
    });
    const int posted = Accepted(Race(racers), Reason::kCreditLimitReached) - 1;
    EXPECT_GE(posted, 2);
    EXPECT_LE(posted, 5);
    EXPECT_EQ(books_.At(ana).posted, -20 * posted);
    EXPECT_TRUE(IsRefused(books_.Post({books_.Help(ben, ana, 20)}), Reason::kCreditLimitReached));
  }
}

// The mistake: a group is judged one by one, in an order of its own, or half of it is kept when the other half fails.
TEST_P(LedgerTraps, GroupsThatRaceForOneAllowanceAreWholeOrNotAtAll) {
  for (int round = 0; round < Rounds(); ++round) {
    const OwnerId ana = books_.Member(-30), ben = books_.Member(0), cara = books_.Member();
    // What Ana gives Ben he gives on: he has nothing of his own, so that no half of this can be.
    const auto both = [&] { return std::vector<Draft>{books_.Help(ben, ana, 20), books_.Help(cara, ben, 20)}; };
    const auto chain = [&] { return books_.PostMade(both); };
    EXPECT_EQ(Accepted(Race({chain, chain, chain}), Reason::kCreditLimitReached), 1);
    EXPECT_EQ(books_.At(ana).posted, -20);
    EXPECT_EQ(books_.At(ben).posted, 0);
    EXPECT_EQ(books_.At(cara).posted, 20);
  }
}

// The mistake: what was done is known for as long as it is at hand. Here everything has left memory for the shelf, and
// the store was opened again since.
TEST_P(LedgerTraps, WhatWasDoneLongAgoIsNotDoneAgain) {
  const OwnerId ana = books_.Member(-100), ben = books_.Member();
  const Draft draft = books_.Help(ben, ana, 10);
  const EntryId entry = books_.Posted(draft);
  const EntryId reversed = books_.Posted(books_.Help(ben, ana, 20));
  ASSERT_TRUE(IsOk(books_.Reverse(reversed)));
  const EntryId hold = books_.Held({books_.Help(ben, ana, 30)});
  ASSERT_TRUE(IsOk(books_.PostHold(hold, 5)));
  for (int time = 0; time < 3; ++time) {
    EXPECT_TRUE(IsRefused(books_.Reverse(reversed), Reason::kAlreadyReversed));
    EXPECT_TRUE(IsRefused(books_.PostHold(hold), Reason::kHoldAlreadyResolved));
    EXPECT_TRUE(IsRefused(books_.Resolve(hold, EntryState::kVoided), Reason::kHoldAlreadyResolved));
    EXPECT_TRUE(IsRefused(books_.Resolve(hold, EntryState::kExpired), Reason::kHoldAlreadyResolved));
    EXPECT_TRUE(IsRefused(books_.Post({draft}), Reason::kInternal)) << "an id given twice";
    EXPECT_EQ(books_.At(ana).posted, -15);
    while (books_.store->shelf_lag() > 0) absl::SleepFor(absl::Milliseconds(1));
    if (time == 1) books_.Reopen();
  }
  EXPECT_TRUE(IsOk(books_.Reverse(entry)));
  EXPECT_TRUE(IsRefused(books_.Reverse(entry), Reason::kAlreadyReversed));
}

INSTANTIATE_TEST_SUITE_P(Where, LedgerTraps, testing::Bool(),
                         [](const auto& info) { return info.param ? "Shelf" : "Memory"; });

}  // namespace
}  // namespace turnabout
