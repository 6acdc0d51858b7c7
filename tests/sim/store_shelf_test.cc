// A real store over a simulated shelf that fails as it opens.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/reason.h"
#include "store/engine.h"
#include "store/store.h"
#include "tests/sim/disk.h"
#include "tests/sim/facts.h"
#include "tests/sim/shelf.h"
#include "tests/support/status.h"

namespace turnabout::sim {
namespace {

// A journal with an entry in its first block and its reversal in the second, and a shelf that has the first.
struct History {
  Disk disk;
  SimShelf shelf;
  ManualClock clock{absl::FromUnixSeconds(1'700'000'000)};
  bool rots_when_open = false;  // the journal is good as it opens, and then no longer

  History() {
    const auto journal = OpenJournal(disk);
    Book book;
    const Ledger ledger(book);
    Engine engine({&book});
    EXPECT_TRUE(IsOk(engine.UseShelf(shelf)));
    const auto write = [&](absl::FunctionRef<absl::Status(Txn&)> command) {
      EXPECT_TRUE(IsOk(engine.Run(command, clock.Now(), true)));
      const Block block = engine.Seal().Seal(engine.head(), clock.Now());
      EXPECT_TRUE(IsOk((*journal)->Append(block)));
      engine.Publish(block.AsHead());
    };
    write([&](Txn& txn) {
      for (const uint32_t owner : {4, 5}) ledger.SetLimits(KeyOf({1, Unit::kMinutes, owner}), {}, txn);
      const Line line{.id = 1, .scheme = 1, .from = 4, .to = 5, .amount = 60};
      return ledger.Post({DraftOf(line)}, txn).status();
    });
    RowBatch rows;
    for (Cut& cut : engine.TakeCuts()) cut(rows);
    rows.Sort();
    EXPECT_TRUE(IsOk(shelf.Put(rows, engine.head())));
    engine.Shelved();
    write([&](Txn& txn) { return ledger.Reverse(IdOf(1), IdOf(2), false, txn).status(); });
    engine.LeaveShelf();
  }

  absl::StatusOr<std::unique_ptr<Store>> Open(Book& book, std::unique_ptr<Shelf> on) {
    auto journal = OpenJournal(disk);
    EXPECT_TRUE(IsOk(journal));
    if (rots_when_open) disk.Write(1, "not a block");
    ShelfOptions options;
    options.shelf = std::move(on);
    return Store::Open(*std::move(journal), clock, {&book}, std::move(options));
  }
};

// Replaying the reversal looks for what it reverses, and that row cannot be read.
TEST(StoreOnSimulatedShelf, AShelfFoundDamagedDuringReplayIsMadeAnewAndTheJournalIsNotBlamed) {
  History history;
  history.shelf.Spoil(Entries::kByNumber);
  Book book;
  const auto store = history.Open(book, std::make_unique<SimShelf>(history.shelf));
  ASSERT_TRUE(IsOk(store));
  EXPECT_TRUE(IsOk((*store)->Verify()));
  EXPECT_EQ(book.FindEntry(IdOf(1), Layer::kDurable)->reversal, IdOf(2));
}

// Knows whether somebody reads it while it goes or is emptied. Reading the ids takes its time.
class WatchedShelf : public SimShelf {
 public:
  WatchedShelf(const SimShelf& shelf, std::shared_ptr<std::atomic<bool>> taken_away)
      : SimShelf(shelf), taken_away_(std::move(taken_away)) {}
  ~WatchedShelf() override { TakeAway(); }

  absl::Status Empty() override {
    TakeAway();
    return SimShelf::Empty();
  }
  void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    const std::shared_ptr<std::atomic<int>> readers = readers_;
    const std::shared_ptr<std::atomic<bool>> taken_away = taken_away_;
    ++*readers;
    if (table.prefix == Entries::kNumbers.prefix) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (!*taken_away) SimShelf::Scan(table, begin, end, visit);
    --*readers;
  }

 private:
  void TakeAway() {
    if (*readers_ > 0) *taken_away_ = true;
  }

  const std::shared_ptr<std::atomic<bool>> taken_away_;  // from somebody who reads it
  const std::shared_ptr<std::atomic<int>> readers_ = std::make_shared<std::atomic<int>>(0);
};

// The book reads the ids on its shelf on a thread of its own, which must be at its end before the shelf is.
TEST(StoreOnSimulatedShelf, AStoreThatDoesNotOpenTakesItsShelfFromTheBookFirst) {
  History history;
  history.rots_when_open = true;
  const auto taken_away = std::make_shared<std::atomic<bool>>(false);
  Book book;
  EXPECT_TRUE(
      IsRefused(history.Open(book, std::make_unique<WatchedShelf>(SimShelf(), taken_away)), Reason::kJournalDamaged));
  EXPECT_FALSE(*taken_away);
}

TEST(StoreOnSimulatedShelf, AShelfIsTakenFromTheBookBeforeItIsMadeAnew) {
  History history;
  history.shelf.Spoil(Entries::kByNumber);
  const auto taken_away = std::make_shared<std::atomic<bool>>(false);
  Book book;
  const auto store = history.Open(book, std::make_unique<WatchedShelf>(history.shelf, taken_away));
  ASSERT_TRUE(IsOk(store));
  EXPECT_FALSE(*taken_away);
}

}  // namespace
}  // namespace turnabout::sim
