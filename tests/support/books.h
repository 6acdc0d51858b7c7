// Books is a store over a memory journal with a book and a ledger, and short ways to use them in tests.
//
//   Books books;
//   const OwnerId ana = books.Member(-600), ben = books.Member(-600);
//   EXPECT_TRUE(IsOk(books.Post({books.Help(ben, ana, 90)})));   // Ben helped Ana
//   EXPECT_EQ(books.At(ana).posted, -90);
#ifndef TURNABOUT_TESTS_SUPPORT_BOOKS_H_
#define TURNABOUT_TESTS_SUPPORT_BOOKS_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "ledger/ledger.h"
#include "store/store.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"

namespace turnabout {

class Books {
 public:
  static constexpr uint32_t kScheme = 1;

  // With a folder for a shelf, everything goes there as soon as it can.
  explicit Books(std::unique_ptr<Journal> journal = NewMemoryJournal(), std::string shelf_folder = "")
      : shelf_folder_(std::move(shelf_folder)) {
    script->inner = std::move(journal);
    Reopen();
  }

  // Closes the store and opens the same journal again.
  void Reopen() {
    store.reset();
    book = std::make_unique<Book>();
    ledger.emplace(*book);
    ShelfOptions shelf;
    shelf.cut_records = 1;
    if (!shelf_folder_.empty()) {
      auto opened_shelf = Shelf::Open(shelf_folder_);
      EXPECT_TRUE(IsOk(opened_shelf));
      shelf.shelf = *std::move(opened_shelf);
    }
    auto opened = Store::Open(std::make_unique<ScriptedJournal>(script), clock, {book.get()}, std::move(shelf));
    EXPECT_TRUE(IsOk(opened));
    store = *std::move(opened);
    EXPECT_TRUE(IsOk(store->Read(0, [this](const Snapshot& snapshot) {
      ids.GoOnAfter(book->LatestEntry(snapshot.layer()).bytes());
      return absl::OkStatus();
    })));
  }

  // Runs `fn(txn)`, which returns a Status or a StatusOr, as one command.
  template <typename Fn>
  auto Do(Fn fn, bool dry_run = false) {
    using Result = decltype(fn(std::declval<Txn&>()));
    std::optional<Result> result;
    WriteOptions options;
    options.dry_run = dry_run;
    const absl::StatusOr<uint64_t> revision = store->WriteAndWait(std::move(options), [&](Txn& txn) -> absl::Status {
      result.emplace(fn(txn));
      if constexpr (std::is_same_v<Result, absl::Status>) {
        return *result;
      } else {
        return result->status();
      }
    });
    return revision.ok() ? *std::move(result) : Result(revision.status());
  }

  void Limit(const OwnerId& owner, Unit unit, int64_t floor, int64_t ceiling = kNoCeiling, uint32_t scheme = kScheme) {
    EXPECT_TRUE(IsOk(Do([&](Txn& txn) {
      ledger->SetLimits({scheme, unit, owner}, {floor, ceiling}, txn);
      return absl::OkStatus();
    })));
  }
  // A new member with an account in minutes, or in turns.
  OwnerId Member(int64_t floor = kNoFloor, int64_t ceiling = kNoCeiling, Unit unit = Unit::kMinutes) {
    const OwnerId owner = ids.Next<MemberId>().bytes();
    Limit(owner, unit, floor, ceiling);
    return owner;
  }
  OwnerId Buddy(int64_t allowance) { return Member(-allowance, kNoCeiling, Unit::kTurns); }

  // `giver` helped `receiver`: the minutes go from the receiver's account to the giver's.
  Draft Help(const OwnerId& giver, const OwnerId& receiver, int64_t minutes) {
    Draft draft;
    draft.id = ids.Next<EntryId>();
    draft.scheme = kScheme;
    draft.from = receiver;
    draft.to = giver;
    draft.amount = minutes;
    return draft;
  }
  Draft Turn(const OwnerId& giver, const OwnerId& receiver) {
    Draft draft = Help(giver, receiver, 1);
    draft.kind = EntryKind::kTurn;
    draft.unit = Unit::kTurns;
    return draft;
  }

  absl::StatusOr<std::vector<Entry>> Post(const std::vector<Draft>& drafts) {
    return Do([&](Txn& txn) { return ledger->Post(drafts, txn); });
  }
  absl::StatusOr<std::vector<Entry>> Hold(const std::vector<Draft>& drafts,
                                          absl::Duration hold_for = absl::InfiniteDuration()) {
    return Do([&](Txn& txn) { return ledger->Hold(drafts, hold_for, txn); });
  }
  // The same of drafts that are made as the command runs: ids ascend, however many threads ask at once.
  template <typename Make>
  absl::Status PostMade(Make make) {
    return Do([&](Txn& txn) { return ledger->Post(make(), txn).status(); });
  }
  template <typename Make>
  absl::Status HoldMade(Make make) {
    return Do([&](Txn& txn) { return ledger->Hold(make(), absl::InfiniteDuration(), txn).status(); });
  }
  // The id of a hold, or of an entry, that must succeed.
  EntryId Held(const std::vector<Draft>& drafts, absl::Duration hold_for = absl::InfiniteDuration()) {
    const auto held = Hold(drafts, hold_for);
    EXPECT_TRUE(IsOk(held));
    return held.ok() ? held->front().id : EntryId();
  }
  EntryId Posted(const Draft& draft) {
    const auto posted = Post({draft});
    EXPECT_TRUE(IsOk(posted));
    return posted.ok() ? posted->front().id : EntryId();
  }
  absl::StatusOr<Entry> PostHold(const EntryId& hold, int64_t amount = 0) {
    return Do([&](Txn& txn) { return ledger->PostHold(hold, amount, ids.Next<EntryId>(), txn); });
  }
  absl::StatusOr<std::vector<Entry>> Resolve(const EntryId& hold, EntryState how) {
    return Do([&](Txn& txn) {
      return ledger->ResolveSet(
          hold, how, [&] { return ids.Next<EntryId>(); }, txn);
    });
  }
  absl::StatusOr<Entry> Reverse(const EntryId& entry, bool overridden = false) {
    return Do([&](Txn& txn) { return ledger->Reverse(entry, ids.Next<EntryId>(), overridden, txn); });
  }

  // What `fn` makes of the durable layer, which nothing changes meanwhile.
  template <typename Fn>
  auto Durable(Fn fn) const {
    std::optional<decltype(fn())> result;
    EXPECT_TRUE(IsOk(store->Read(0, [&](const Snapshot&) {
      result.emplace(fn());
      return absl::OkStatus();
    })));
    return *std::move(result);
  }

  Account At(const OwnerId& owner, Unit unit = Unit::kMinutes, uint32_t scheme = kScheme) const {
    return Durable([&] {
      const Account* account = book->FindAccount({scheme, unit, owner}, Layer::kDurable);
      EXPECT_NE(account, nullptr);
      return account == nullptr ? Account{} : *account;
    });
  }
  EntryRow Row(const EntryId& id) const {
    return Durable([&] {
      const std::optional<EntryRow> row = book->FindEntry(id, Layer::kDurable);
      EXPECT_TRUE(row.has_value());
      return row.value_or(EntryRow{});
    });
  }
  int64_t EntryCount(uint32_t scheme = kScheme) const {
    return Durable([&] { return book->FindScheme(scheme, Layer::kDurable).entries; });
  }

  // The book agrees with itself and with the journal.
  void ExpectSound() const {
    EXPECT_TRUE(IsOk(Durable([&] { return book->Check(); })));
    EXPECT_TRUE(IsOk(store->Verify()));
  }

  ManualClock clock{absl::FromUnixSeconds(1'700'000'000)};
  IdSource ids{clock, Seed{1}};
  std::shared_ptr<JournalScript> script = std::make_shared<JournalScript>();
  std::unique_ptr<Book> book;
  std::optional<Ledger> ledger;
  std::unique_ptr<Store> store;

 private:
  const std::string shelf_folder_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_BOOKS_H_
