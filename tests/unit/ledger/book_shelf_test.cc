// A Book over a shelf with rows that nobody wrote, one table after the other: it is refused as it is loaded, or found
// by whoever reads the row, and made anew.
#include <gtest/gtest.h>

#include <functional>

#include "ledger/book/rows.h"
#include "store/codec.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

class BookShelfTest : public testing::Test {
 protected:
  BookShelfTest() {
    Books books(NewMemoryJournal(), shelf_);
    ana_ = books.Member(-600);
    ben_ = books.Member();
    entry_ = books.Posted(books.Help(ben_, ana_, 60));
    hold_ = books.Held({books.Help(ben_, ana_, 30)});
    resolved_ = books.Held({books.Help(ben_, ana_, 30)});
    EXPECT_TRUE(IsOk(books.PostHold(resolved_)));
    journal_ = std::move(books.script->inner);
    books.store.reset();
  }

  // Puts a row on the shelf, which stays at the block that it has reached.
  void PutRow(const ShelfTable& table, absl::string_view key, absl::string_view value) const {
    const auto shelf = Shelf::Open(shelf_);
    ASSERT_TRUE(IsOk(shelf));
    RowBatch rows;
    rows.Put(table, key, value);
    ASSERT_TRUE(IsOk((*shelf)->Put(rows, (*shelf)->reached())));
    ASSERT_TRUE(IsOk((*shelf)->Sync()));
  }
  Head Reached() const { return (*Shelf::Open(shelf_))->reached(); }

  // Everything is there and right, and was before anybody asked for it.
  void ExpectWhole(const Books& books) const {
    books.ExpectSound();
    EXPECT_EQ(books.At(ana_).posted, -90);
    EXPECT_EQ(books.At(ana_).held_out, 30);
    EXPECT_EQ(books.Row(entry_).current, EntryState::kPosted);
    EXPECT_EQ(books.Row(resolved_).current, EntryState::kPosted);
  }

  const TemporaryFolder folder_{FastPlace()};
  const std::string shelf_ = folder_.path() + "/shelf";
  std::unique_ptr<Journal> journal_;
  OwnerId ana_{};
  OwnerId ben_{};
  EntryId entry_;
  EntryId hold_;
  EntryId resolved_;
};

TEST_F(BookShelfTest, WhatIsLoadedIsMadeAnewBeforeAnythingIsServed) {
  const ShelfTable kSchemes = {"Bc", RowOrder::kChanging};
  Accounts::Slot lying;
  lying.key = {Books::kScheme, Unit::kMinutes, ana_};
  lying.durable.account.held_out = 7;  // more than any hold says
  RowBatch lie;
  AddAccountRow(lying, lie);
  const RowBatch::Row& row = lie.of(RowOrder::kChanging)[0];
  const std::string prefix(Accounts::kTable.prefix);
  const std::vector<std::tuple<ShelfTable, std::string, std::string>> rows = {
      {Accounts::kTable, "no account", "no balances"},
      {Accounts::kTable, std::string(lie.key(row).substr(prefix.size())), std::string(*lie.value(row))},
      {Holds::kTable, std::string(hold_.view()), "no hold"},
      {Holds::kTable, std::string(entry_.view()), "no hold"},
      {kSchemes, "no scheme", ""},
      {Entries::kTimes, "no time", ""},
  };
  for (const auto& [table, key, value] : rows) {
    ASSERT_NO_FATAL_FAILURE(PutRow(table, key, value));
    Books books(std::move(journal_), shelf_);
    ExpectWhole(books);
    journal_ = std::move(books.script->inner);
    books.store.reset();
  }
}

TEST_F(BookShelfTest, WhatIsReadLaterIsTakenForNoAnswerAndMadeAnewAtTheNextStart) {
  const AccountKey ana{Books::kScheme, Unit::kMinutes, ana_};
  const auto statement = [&](const Books& books) {
    books.book->VisitStatement(ana, kLatestSequence, [](const EntryRow&, const Balances&) { return true; });
  };
  const auto find = [&](const Books& books) { books.book->FindEntry(entry_, Layer::kDurable); };
  const auto find_resolved = [&](const Books& books) { books.book->FindEntry(resolved_, Layer::kDurable); };
  const auto visit = [&](const Books& books) {
    books.book->VisitEntries(Books::kScheme, 1, [](const EntryRow&) { return true; });
  };
  const auto then = [&](const Books& books) { books.book->BalancesAt(ana, absl::UnixEpoch()); };
  std::string other_number;
  PutVarint(other_number, Books::kScheme);
  PutVarint(other_number, 2);
  const std::vector<std::tuple<ShelfTable, std::string, std::string, std::function<void(const Books&)>>> rows = {
      {Entries::kNumbers, std::string(entry_.view()), "no number", find},
      {Entries::kNumbers, std::string(entry_.view()), other_number, find},
      {Entries::kByNumber, EntryRowKey(Books::kScheme, 1), "no entry", find},
      {Entries::kByNumber, EntryRowKey(Books::kScheme, 1), "no entry", visit},
      {Entries::kMarks, std::string(resolved_.view()), "no mark", find_resolved},
      {Entries::kStatements, StatementRowKey(ana, 1'000), "no statement", statement},
      {Entries::kTimes, TimeRowKey(1), "", then},
  };
  for (const auto& [table, key, value, read] : rows) {
    ASSERT_NO_FATAL_FAILURE(PutRow(table, key, value));
    {
      Books books(std::move(journal_), shelf_);
      const absl::Status answer = books.store->Read(0, [&, &read = read](const Snapshot&) {
        read(books);
        return absl::OkStatus();
      });
      EXPECT_TRUE(IsRefused(answer, Reason::kShelfDamaged)) << table.name;
      journal_ = std::move(books.script->inner);
      books.store.reset();
    }
    Books books(std::move(journal_), shelf_);
    ExpectWhole(books);
    journal_ = std::move(books.script->inner);
    books.store.reset();
  }
}

// The journal goes on from what lies on the shelf: a row that cannot be read then is no damage of the journal.
TEST_F(BookShelfTest, WhatIsReadWhileTheJournalIsReplayedIsMadeAnewAtOnce) {
  {
    Books books(std::move(journal_));  // without its shelf, which falls behind
    EXPECT_TRUE(IsOk(books.Reverse(entry_)));
    journal_ = std::move(books.script->inner);
    books.store.reset();
  }
  const Head before = Reached();
  ASSERT_NO_FATAL_FAILURE(PutRow(Entries::kNumbers, entry_.view(), "no number"));
  Books books(std::move(journal_), shelf_);
  books.ExpectSound();
  EXPECT_EQ(books.At(ana_).posted, -30);
  EXPECT_FALSE(books.Row(entry_).reversal.empty());
  books.store.reset();
  EXPECT_GT(Reached().number, before.number);
}

}  // namespace
}  // namespace turnabout
