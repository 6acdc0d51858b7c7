// What an account had at any moment, against a book that was told only of what was in the journal by then.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/support/books.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

// A book of every record up to and including `sequence`.
std::unique_ptr<Book> BookUpTo(const Journal& journal, uint64_t sequence) {
  auto book = std::make_unique<Book>();
  EXPECT_TRUE(IsOk(journal.Read(1, [&](const Block& block) {
    return block.ForEach(
        [&](const RecordView& record) { return record.sequence > sequence ? absl::OkStatus() : book->Stage(record); });
  })));
  book->Keep();
  book->Seal();
  book->Publish();
  return book;
}

Balances BalancesIn(const Book& book, const AccountKey& key) {
  const Account* account = book.FindAccount(key, Layer::kDurable);
  return account == nullptr ? Balances{} : Balances{account->posted, account->held_out, account->held_in};
}

class HistoryTest : public testing::Test {
 protected:
  // Help, holds alone and linked, and what becomes of them, by chance; every tenth write an hour later.
  void Write(Random& seed, int steps) {
    for (int i = 0; i < 5; ++i) people_.push_back(books_.Member(-600));
    std::vector<EntryId> holds;
    for (int step = 0; step < steps; ++step) {
      if (step % 10 == 0) books_.clock.Advance(absl::Hours(1));
      const uint64_t giver = seed.Below(5);
      const uint64_t other = (giver + 1 + seed.Below(4)) % 5;
      const Draft help = books_.Help(people_[giver], people_[other], 1 + static_cast<int64_t>(seed.Below(90)));
      const uint64_t what = seed.Below(6);
      if (what < 2) (void)books_.Post({help});
      if (what == 2) {
        (void)books_.Hold({help});
        holds.push_back(help.id);
      }
      if (what == 3) {
        (void)books_.Hold({help, books_.Help(people_[other], people_[giver], 45)});
        holds.push_back(help.id);
      }
      if (what > 3 && !holds.empty()) {
        const EntryState how = what == 4 ? EntryState::kPosted : EntryState::kVoided;
        (void)books_.Do([&](Txn& txn) {
          return books_.ledger->ResolveSet(
              holds[seed.Below(holds.size())], how, [&] { return books_.ids.Next<EntryId>(); }, txn);
        });
      }
    }
  }

  AccountKey KeyOf(const OwnerId& owner) const { return {Books::kScheme, Unit::kMinutes, owner}; }

  Books books_;
  std::vector<OwnerId> people_;
};

TEST_F(HistoryTest, AtEverySequenceIsWhatAReplayOfThePrefixHas) {
  const Seed number = TestSeed(41);
  SCOPED_TRACE(RerunWith(number));
  Random seed(number);
  Write(seed, 60);
  for (uint64_t sequence = 0; sequence <= books_.store->revision(); ++sequence) {
    const std::unique_ptr<Book> then = BookUpTo(books_.store->journal(), sequence);
    for (const OwnerId& owner : people_) {
      ASSERT_EQ(books_.book->BalancesAt(KeyOf(owner), sequence), BalancesIn(*then, KeyOf(owner))) << sequence;
    }
  }
  books_.ExpectSound();
}

TEST_F(HistoryTest, AtEveryHourIsWhatTheEntriesUntilThenComeTo) {
  const Seed number = TestSeed(41);
  SCOPED_TRACE(RerunWith(number));
  Random seed(number);
  const absl::Time start = books_.clock.Now();
  Write(seed, 60);
  for (int half_hours = -1; half_hours < 14; ++half_hours) {
    const absl::Time time = start + half_hours * absl::Minutes(30);
    uint64_t last = 0;
    books_.book->VisitEntries(Books::kScheme, 1, [&](const EntryRow& row) {
      if (row.entry.time_micros <= absl::ToUnixMicros(time)) last = row.sequence;
      return true;
    });
    for (const OwnerId& owner : people_) {
      EXPECT_EQ(books_.book->BalancesAt(KeyOf(owner), time), books_.book->BalancesAt(KeyOf(owner), last));
    }
  }
}

TEST_F(HistoryTest, IsTheSameAfterAReplayAndNeverHoldsWhatWasRefused) {
  const OwnerId ana = books_.Member(-100);
  const OwnerId ben = books_.Member(-100);
  books_.Posted(books_.Help(ben, ana, 60));
  const uint64_t then = books_.store->revision();
  EXPECT_FALSE(books_.Post({books_.Help(ben, ana, 60)}).ok());
  EXPECT_TRUE(IsOk(books_.Do([&](Txn& txn) { return books_.ledger->Post({books_.Help(ana, ben, 5)}, txn); }, true)));
  books_.Held({books_.Help(ben, ana, 30)});
  books_.Reopen();
  EXPECT_EQ(books_.book->BalancesAt(KeyOf(ana), then), (Balances{-60, 0, 0}));
  EXPECT_EQ(books_.book->BalancesAt(KeyOf(ana), books_.store->revision()), (Balances{-60, 30, 0}));
  EXPECT_EQ(books_.book->BalancesAt(KeyOf(ben), books_.store->revision()), (Balances{60, 0, 30}));
  EXPECT_EQ(books_.book->BalancesAt(KeyOf(ana), uint64_t{0}), Balances{});
  EXPECT_EQ(books_.book->OpenHolds(Books::kScheme).size(), 1u);
  EXPECT_TRUE(books_.book->OpenHolds(2).empty());
  books_.ExpectSound();
}

TEST_F(HistoryTest, ARefusedPostSaysWhichDraftItIsAbout) {
  const OwnerId ana = books_.Member(-100);
  const OwnerId ben = books_.Member(-100, 50);
  const OwnerId cara = books_.Member(-100);
  const auto refused_at = [&](const std::vector<Draft>& drafts) {
    size_t refused = 99;
    EXPECT_FALSE(books_.Do([&](Txn& txn) { return books_.ledger->Post(drafts, txn, &refused); }).ok());
    return refused;
  };
  EXPECT_EQ(refused_at({books_.Help(cara, ana, 10), books_.Help(ben, cara, 0), books_.Help(ben, ben, 1)}), 1u);
  EXPECT_EQ(refused_at({books_.Help(ana, cara, 10), books_.Help(cara, ana, 60), books_.Help(cara, ana, 60)}), 1u);
  EXPECT_EQ(refused_at({books_.Help(ana, cara, 10), books_.Help(ana, ben, 5), books_.Help(ben, cara, 60)}), 2u);
}

}  // namespace
}  // namespace turnabout
