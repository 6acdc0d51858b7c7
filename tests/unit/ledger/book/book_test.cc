// The Book by itself: what it makes of records, what it refuses, and what its own checks find.
#include "ledger/book/book.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

OwnerId Owner(uint8_t number) {
  OwnerId owner{};
  owner[0] = number;
  return owner;
}
const OwnerId kAna = Owner(1), kBen = Owner(2), kCara = Owner(3);

EntryId IdOf(uint8_t number) { return EntryId(Owner(number)); }

// Feeds records to a book, one command each.
class BookTest : public testing::Test {
 protected:
  void SetUp() override { OpenAccounts(book_); }

  static absl::Status Open(Book& book, const AccountKey& key, AccountLimits limits = {}) {
    const absl::Status staged = book.Stage({1, RecordKind::kAccount, EncodeAccountChange({key, limits})});
    staged.ok() ? book.Keep() : book.Drop();
    return staged;
  }
  static void OpenAccounts(Book& book) {
    for (const OwnerId& owner : {kAna, kBen, kCara}) {
      ASSERT_TRUE(IsOk(Open(book, {1, Unit::kMinutes, owner})));
      ASSERT_TRUE(IsOk(Open(book, {1, Unit::kTurns, owner})));
    }
    Publish(book);
  }

  // Ana helped Ben: number `number`, id likewise.
  static Entry EntryNo(uint8_t number, EntryState state = EntryState::kPosted, int64_t amount = 60) {
    Entry entry;
    entry.id = IdOf(number);
    entry.scheme = 1;
    entry.number = number;
    entry.state = state;
    entry.amount = amount;
    entry.from = kBen;
    entry.to = kAna;
    if (state == EntryState::kHeld) entry.related = entry.id;
    return entry;
  }
  static Entry Resolving(uint8_t number, const Entry& hold, EntryState state, int64_t amount) {
    Entry entry = EntryNo(number, state, amount);
    entry.related = hold.id;
    return entry;
  }
  static Entry Reversing(uint8_t number, const Entry& original) {
    Entry entry = EntryNo(number, EntryState::kPosted, original.amount);
    entry.kind = EntryKind::kReversal;
    entry.related = original.id;
    std::swap(entry.from, entry.to);
    return entry;
  }

  // Accounts are opened by the records before.
  static uint64_t SequenceOf(const Entry& entry) { return 100 + static_cast<uint64_t>(entry.number); }

  absl::Status Stage(const Entry& entry) { return Stage(book_, entry); }
  static absl::Status Stage(Book& book, const Entry& entry) {
    const absl::Status staged = book.Stage({SequenceOf(entry), RecordKind::kEntry, EncodeEntry(entry)});
    staged.ok() ? book.Keep() : book.Drop();
    return staged;
  }

  static void Publish(Book& book) {
    book.Seal();
    book.Publish();
  }

  Account& Tamper(const OwnerId& owner) {
    return const_cast<Account&>(*book_.FindAccount({1, Unit::kMinutes, owner}, Layer::kDurable));
  }
  // Ids of a scheme's entries by number, and of an account's as they were written.
  std::vector<EntryId> EntriesOf(uint32_t scheme) const {
    std::vector<EntryId> ids;
    book_.VisitEntries(scheme, 1, [&](const EntryRow& row) {
      ids.push_back(row.entry.id);
      return true;
    });
    return ids;
  }
  std::vector<EntryId> EntriesOf(const AccountKey& account) const {
    std::vector<EntryId> ids;
    book_.VisitStatement(account, kLatestSequence, [&](const EntryRow& row, const Balances&) {
      ids.insert(ids.begin(), row.entry.id);
      return true;
    });
    return ids;
  }

  Book book_;
};

TEST_F(BookTest, RefusesRecordsThatCannotFollow) {
  ASSERT_TRUE(IsOk(Stage(EntryNo(1))));
  ASSERT_TRUE(IsOk(Stage(EntryNo(2, EntryState::kHeld))));
  ASSERT_TRUE(IsOk(Stage(EntryNo(3, EntryState::kHeld))));
  ASSERT_TRUE(IsOk(Stage(Resolving(4, EntryNo(3), EntryState::kVoided, 60))));
  ASSERT_TRUE(IsOk(Stage(Reversing(5, EntryNo(1)))));
  Publish(book_);
  const Sha256Digest before = book_.Digest();
  const std::vector<std::pair<const char*, std::function<void(Entry&)>>> wrong = {
      {"an account that was never opened", [](Entry& entry) { entry.to = Owner(9); }},
      {"an account of another scheme", [](Entry& entry) { entry.scheme = 2; }},
      {"an id that is used", [](Entry& entry) { entry.id = IdOf(1); }},
      {"a number that is used", [](Entry& entry) { entry.number = 5; }},
      {"a number too far", [](Entry& entry) { entry.number = 7; }},
      {"a release of nothing", [](Entry& entry) { entry.state = EntryState::kVoided; }},
      {"a hold of no set", [](Entry& entry) { entry.state = EntryState::kHeld; }},
      {"a resolution of what is no hold", [](Entry& entry) { entry.related = IdOf(1); }},
      {"a resolution of what is not there", [](Entry& entry) { entry.related = IdOf(99); }},
      {"a second resolution", [](Entry& entry) { entry.related = IdOf(3); }},
      {"more than was held", [](Entry& entry) { entry = Resolving(6, EntryNo(2), EntryState::kPosted, 61); }},
      {"a resolution to somebody else", [](Entry& entry) { entry.related = IdOf(2), entry.to = kCara; }},
      {"a resolution in the other unit", [](Entry& entry) { entry.related = IdOf(2), entry.unit = Unit::kTurns; }},
      {"a second reversal", [](Entry& entry) { entry = Reversing(6, EntryNo(1)); }},
      {"a reversal of a reversal", [](Entry& entry) { entry = Reversing(6, Reversing(5, EntryNo(1))); }},
      {"a reversal of a hold", [](Entry& entry) { entry = Reversing(6, EntryNo(2)); }},
      {"a reversal of nothing", [](Entry& entry) { entry = Reversing(6, EntryNo(98)); }},
  };
  for (const auto& [what, change] : wrong) {
    Entry entry = EntryNo(6);
    change(entry);
    EXPECT_TRUE(IsRefused(Stage(entry), Reason::kJournalDamaged)) << what;
    Publish(book_);
    EXPECT_EQ(book_.Digest(), before) << what;
    EXPECT_TRUE(IsOk(book_.Check())) << what;
  }
  EXPECT_TRUE(IsOk(Stage(EntryNo(6))));
}

TEST_F(BookTest, RefusesAReversalOfAnotherAmountOrTheSameWay) {
  ASSERT_TRUE(IsOk(Stage(EntryNo(1))));
  Entry less = Reversing(2, EntryNo(1));
  less.amount = 59;
  EXPECT_TRUE(IsRefused(Stage(less), Reason::kJournalDamaged));
  Entry same_way = Reversing(2, EntryNo(1));
  std::swap(same_way.from, same_way.to);
  EXPECT_TRUE(IsRefused(Stage(same_way), Reason::kJournalDamaged));
  EXPECT_TRUE(IsOk(Stage(Reversing(2, EntryNo(1)))));
}

TEST_F(BookTest, RefusesRecordsThatCannotBeRead) {
  EXPECT_TRUE(IsRefused(book_.Stage({1, RecordKind::kEntry, "short"}), Reason::kJournalDamaged));
  EXPECT_TRUE(IsRefused(book_.Stage({1, RecordKind::kAccount, "short"}), Reason::kJournalDamaged));
  EXPECT_TRUE(IsOk(book_.Stage({1, RecordKind::kPut, "none of its business"})));
}

TEST_F(BookTest, ChecksFindEveryFigureThatWasTamperedWith) {
  ASSERT_TRUE(IsOk(Stage(EntryNo(1))));
  ASSERT_TRUE(IsOk(Stage(EntryNo(2, EntryState::kHeld))));
  Publish(book_);
  ASSERT_TRUE(IsOk(book_.Check()));
  const Sha256Digest digest = book_.Digest();
  const std::vector<std::function<void(Account&, int64_t)>> figures = {
      [](Account& account, int64_t by) { account.posted += by; },
      [](Account& account, int64_t by) { account.held_out += by; },
      [](Account& account, int64_t by) { account.held_in += by; },
      [](Account& account, int64_t by) { account.given += by; },
      [](Account& account, int64_t by) { account.received += by; },
  };
  for (const OwnerId& owner : {kAna, kBen, kCara}) {
    for (size_t i = 0; i < figures.size(); ++i) {
      figures[i](Tamper(owner), 1);
      EXPECT_TRUE(IsRefused(book_.Check(), Reason::kBooksDisagree)) << "figure " << i;
      EXPECT_NE(book_.Digest(), digest) << "figure " << i;
      figures[i](Tamper(owner), -1);
    }
  }
  // Both figures moved together still fail against the entries.
  Tamper(kAna).posted += 5;
  Tamper(kBen).posted -= 5;
  EXPECT_TRUE(IsRefused(book_.Check(), Reason::kBooksDisagree));
  Tamper(kAna).posted -= 5;
  Tamper(kBen).posted += 5;
  EXPECT_TRUE(IsOk(book_.Check()));
  EXPECT_EQ(book_.Digest(), digest);
}

TEST_F(BookTest, DigestIsTheSameHoweverTheRecordsWereGrouped) {
  const std::vector<Entry> entries = {EntryNo(1), EntryNo(2, EntryState::kHeld),
                                      Resolving(3, EntryNo(2), EntryState::kPosted, 20), Reversing(4, EntryNo(1))};
  Book one_by_one, at_once;
  OpenAccounts(one_by_one);
  OpenAccounts(at_once);
  for (const Entry& entry : entries) {
    ASSERT_TRUE(IsOk(Stage(one_by_one, entry)));
    Publish(one_by_one);
    ASSERT_TRUE(IsOk(at_once.Stage({SequenceOf(entry), RecordKind::kEntry, EncodeEntry(entry)})));
  }
  EXPECT_NE(one_by_one.Digest(), at_once.Digest());
  at_once.Keep();
  Publish(at_once);
  EXPECT_EQ(one_by_one.Digest(), at_once.Digest());
  ASSERT_TRUE(IsOk(Open(at_once, {1, Unit::kMinutes, kAna}, {-1, 1})));
  Publish(at_once);
  EXPECT_NE(one_by_one.Digest(), at_once.Digest());
}

TEST_F(BookTest, DroppedRecordsLeaveNoTraceInAnyList) {
  ASSERT_TRUE(IsOk(Stage(EntryNo(1))));
  Publish(book_);
  Entry hold = EntryNo(2, EntryState::kHeld);
  hold.hold_seconds = 5;
  ASSERT_TRUE(IsOk(book_.Stage({1, RecordKind::kAccount, EncodeAccountChange({{1, Unit::kTurns, Owner(9)}, {}})})));
  ASSERT_TRUE(IsOk(book_.Stage({SequenceOf(hold), RecordKind::kEntry, EncodeEntry(hold)})));
  book_.Drop();
  ASSERT_TRUE(IsOk(Stage(hold)));
  book_.Discard();
  Publish(book_);
  EXPECT_EQ(EntriesOf(1), std::vector<EntryId>{IdOf(1)});
  EXPECT_EQ(book_.AccountsOf(1).size(), 6u);
  EXPECT_TRUE(book_.LapsedHolds(absl::InfiniteFuture(), 10).empty());
  EXPECT_FALSE(book_.FindEntry(IdOf(2), Layer::kWorking).has_value());
  EXPECT_EQ(book_.FindScheme(1, Layer::kWorking).entries, 1);
  EXPECT_TRUE(IsOk(book_.Check()));
}

TEST_F(BookTest, ListsAreInOrder) {
  ASSERT_TRUE(IsOk(Stage(EntryNo(1))));
  Entry to_cara = EntryNo(2);
  to_cara.to = kCara;
  ASSERT_TRUE(IsOk(Stage(to_cara)));
  ASSERT_TRUE(IsOk(Stage(Reversing(3, EntryNo(1)))));
  Publish(book_);
  EXPECT_EQ(EntriesOf(1), (std::vector<EntryId>{IdOf(1), IdOf(2), IdOf(3)}));
  EXPECT_EQ(EntriesOf(AccountKey{1, Unit::kMinutes, kBen}), (std::vector<EntryId>{IdOf(1), IdOf(2), IdOf(3)}));
  EXPECT_EQ(EntriesOf(AccountKey{1, Unit::kMinutes, kCara}), std::vector<EntryId>{IdOf(2)});
  EXPECT_TRUE(EntriesOf(AccountKey{1, Unit::kTurns, kBen}).empty());
  EXPECT_TRUE(EntriesOf(2).empty());
  const std::vector<AccountKey>& accounts = book_.AccountsOf(1);
  ASSERT_EQ(accounts.size(), 6u);
  EXPECT_EQ(accounts[0], (AccountKey{1, Unit::kMinutes, kAna}));
  EXPECT_EQ(accounts[5], (AccountKey{1, Unit::kTurns, kCara}));
}

}  // namespace
}  // namespace turnabout
