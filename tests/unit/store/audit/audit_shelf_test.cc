#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/reason.h"
#include "ledger/book/accounts.h"
#include "ledger/book/entries.h"
#include "store/audit/audit.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"
#include "tests/support/books.h"
#include "tests/support/map_shelf.h"

namespace turnabout {
namespace {

// Twenty hours of help, half of them taken back, each with a request that is remembered; and a row that changes.
class AuditShelfTest : public ::testing::Test {
 protected:
  AuditShelfTest() {
    const OwnerId ana = books_.Member();
    const OwnerId ben = books_.Member();
    for (uint8_t i = 0; i < 20; ++i) {
      const Draft help = books_.Help(ben, ana, 30 + i);
      EXPECT_TRUE(IsOk(books_.Post({help})));
      EXPECT_TRUE(IsOk(books_.Do([&](Txn& txn) {
        txn.Put("row", std::string(i, 'x'));
        txn.Remember(RequestKey{i}, {"content", "answer"});
        return absl::OkStatus();
      })));
      helped_.push_back(help.id);
    }
    for (size_t i = 0; i < helped_.size(); i += 2) EXPECT_TRUE(IsOk(books_.Reverse(helped_[i])));
  }

  uint64_t last() const { return books_.store->head().number; }

  // Puts what blocks up to `end` imply on a shelf.
  void Fill(MapShelf& shelf, uint64_t end) {
    Records records;
    Requests requests;
    Book book;
    const std::vector<Projection*> all = {&records, &requests, &book};
    for (Projection* projection : all) ASSERT_TRUE(IsOk(projection->UseShelf(shelf)));
    Replayed seen;
    ASSERT_TRUE(IsOk(ReplayInto(books_.store->journal(), end, all, seen)));
    RowBatch rows;
    for (Projection* projection : all) projection->TakeCut()(rows);
    rows.Sort();
    ASSERT_TRUE(IsOk(shelf.Put(rows, seen.head)));
    for (Projection* projection : all) projection->LeaveShelf();
  }

  absl::StatusOr<Verified> AuditWith(const MapShelf* shelf) {
    Book book;
    AtHand at_hand;
    at_hand.shelf = shelf;
    return Audit(books_.store->journal(), {&book}, nullptr, at_hand);
  }

  Books books_;
  std::vector<EntryId> helped_;
};

TEST_F(AuditShelfTest, ComesToTheSameOverAShelfThatEndsAnywhere) {
  const absl::StatusOr<Verified> plain = AuditWith(nullptr);
  ASSERT_TRUE(IsOk(plain));
  EXPECT_EQ(plain->entries, 30u);
  for (uint64_t end = 0; end <= last(); end += 7) {
    MapShelf shelf;
    if (end > 0) Fill(shelf, end);
    const absl::StatusOr<Verified> verified = AuditWith(&shelf);
    ASSERT_TRUE(IsOk(verified)) << end;
    EXPECT_TRUE(IsOk(verified->shelf)) << end;
    EXPECT_EQ(ToHex(verified->digest), ToHex(plain->digest)) << end;
    EXPECT_EQ(verified->records, plain->records) << end;
  }
}

// Every table, a row that is there twice as it were, one that is gone, and one that is another.
TEST_F(AuditShelfTest, FindsEveryRowThatIsNotWhatTheJournalImplies) {
  Records records;
  Requests requests;
  Book book;
  int rows = 0;
  for (const Projection* projection : std::vector<const Projection*>{&records, &requests, &book}) {
    for (const ShelfTable& table : projection->tables()) {
      MapShelf whole;
      Fill(whole, last() - 3);
      std::vector<std::pair<std::string, std::string>> found;
      whole.Scan(table, "", "", [&](absl::string_view key, absl::string_view value) {
        found.emplace_back(key, value);
        return true;
      });
      for (const auto& [key, value] : found) {
        MapShelf shelf;
        Fill(shelf, last() - 3);
        std::string other = value;
        other.back() ^= 1;
        shelf.PutRow(table, key, other);
        const absl::StatusOr<Verified> verified = AuditWith(&shelf);
        EXPECT_FALSE(verified.ok() && verified->shelf.ok()) << table.name;
        EXPECT_FALSE(IsRefusedFor(verified.status(), Reason::kJournalDamaged)) << verified.status();
        ++rows;
      }
    }
  }
  EXPECT_GT(rows, 80);
}

TEST_F(AuditShelfTest, FindsARowTooMany) {
  MapShelf shelf;
  Fill(shelf, last());
  shelf.PutRow(Entries::kNumbers, std::string(16, 'z'), "1");
  EXPECT_TRUE(IsRefused(AuditWith(&shelf), Reason::kBooksDisagree));
}

// What went wrong over the shelf is looked at again without it.
TEST_F(AuditShelfTest, LaysAnEntryThatCannotBeFoundOnTheShelfAtItsDoorAndNotTheJournals) {
  MapShelf shelf;
  Fill(shelf, 30);
  MapShelf without;
  without.PutRow(Entries::kNumbers, std::string(16, 'z'), "1");
  RowBatch none;
  ASSERT_TRUE(IsOk(without.Put(none, shelf.reached())));
  EXPECT_TRUE(IsRefused(AuditWith(&without), Reason::kBooksDisagree));
}

TEST_F(AuditShelfTest, DoesNotCompareTheShelfOfAnotherJournal) {
  MapShelf shelf;
  Fill(shelf, last());
  Head other = shelf.reached();
  other.hash[0] ^= 1;
  RowBatch none;
  ASSERT_TRUE(IsOk(shelf.Put(none, other)));
  const absl::StatusOr<Verified> verified = AuditWith(&shelf);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_TRUE(IsRefused(verified->shelf, Reason::kShelfDamaged));
  EXPECT_EQ(ToHex(verified->digest), ToHex(AuditWith(nullptr)->digest));
}

// Over a shelf that knows every id, one that comes twice is told from one that comes later.
TEST_F(AuditShelfTest, FindsAnIdThatComesTwice) {
  BlockBuilder builder;
  const std::optional<EntryRow> first = books_.book->FindEntry(helped_[1], Layer::kDurable);
  ASSERT_TRUE(first.has_value());
  Entry again = first->entry;
  again.number = 31;
  builder.Add(RecordKind::kEntry, EncodeEntry(again));
  const std::unique_ptr<Journal> journal = NewMemoryJournal();
  ASSERT_TRUE(IsOk(books_.store->journal().Read(1, [&](const Block& block) { return journal->Append(block); })));
  MapShelf shelf;
  Fill(shelf, last());
  ASSERT_TRUE(IsOk(journal->Append(builder.Seal(books_.store->head(), absl::FromUnixSeconds(4'000'000'000)))));
  Book book;
  AtHand at_hand;
  at_hand.shelf = &shelf;
  EXPECT_TRUE(IsRefused(Audit(*journal, {&book}, nullptr, at_hand), Reason::kJournalDamaged));
}

}  // namespace
}  // namespace turnabout
