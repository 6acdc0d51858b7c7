// A bank: many threads move minutes about, and every reader sees them sum to zero.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/seed.h"
#include "tests/support/books.h"

namespace turnabout {
namespace {

constexpr int kPeople = 8;
constexpr int kWriters = 4;
constexpr int kMovesEach = 300;

// One random hold or posting, and the end of some holds.
void MoveAbout(Books& books, const std::vector<OwnerId>& people, Random random) {
  std::vector<EntryId> holds;
  for (int i = 0; i < kMovesEach; ++i) {
    const size_t giver = random.Below(kPeople), step = 1 + random.Below(kPeople - 1);
    const int64_t minutes = random.Between(1, 100);
    const bool is_hold = random.OneIn(1, 2);
    const auto written = books.Do([&](Txn& txn) {
      const Draft draft = books.Help(people[giver], people[(giver + step) % kPeople], minutes);
      return is_hold ? books.ledger->Hold({draft}, absl::InfiniteDuration(), txn) : books.ledger->Post({draft}, txn);
    });
    EXPECT_FALSE(IsRefusedFor(written.status(), Reason::kInternal));
    if (written.ok() && is_hold) holds.push_back(written->front().id);
    if (!holds.empty() && random.OneIn(1, 2)) {
      const EntryState how = random.OneIn(1, 2) ? EntryState::kPosted : EntryState::kVoided;
      EXPECT_TRUE(IsOk(books.Resolve(holds.back(), how)));
      holds.pop_back();
    }
  }
}

void ReadSums(const Books& books, const std::vector<OwnerId>& people, const std::atomic<bool>& done) {
  while (!done) {
    EXPECT_TRUE(IsOk(books.store->Read(0, [&](const Snapshot& snapshot) {
      int64_t posted = 0, held = 0;
      for (const OwnerId& owner : people) {
        const Account* account = books.book->FindAccount({Books::kScheme, Unit::kMinutes, owner}, snapshot.layer());
        posted += account->posted;
        held += account->held_in - account->held_out;
        EXPECT_GE(account->posted - account->held_out, account->limits.floor);
        EXPECT_LE(account->posted + account->held_in, account->limits.ceiling);
      }
      EXPECT_EQ(posted, 0);
      EXPECT_EQ(held, 0);
      return books.book->Check();
    })));
  }
}

TEST(LedgerThreads, EveryReaderSeesZeroSumsWithinTheLimits) {
  Books books;
  std::vector<OwnerId> people;
  for (int i = 0; i < kPeople; ++i) people.push_back(books.Member(-500, 500));
  std::atomic<bool> done{false};
  std::vector<std::thread> writers, readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back([&] { ReadSums(books, people, done); });
  for (uint64_t i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] { MoveAbout(books, people, Random(Seed{i})); });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  books.ExpectSound();
}

// Many threads race to resolve the same holds: each hold is resolved exactly once.
TEST(LedgerThreads, RacingResolutionsOfOneHoldHaveOneWinner) {
  Books books;
  const OwnerId ana = books.Member(), ben = books.Member();
  std::vector<EntryId> holds;
  for (int i = 0; i < 100; ++i) holds.push_back(books.Held({books.Help(ben, ana, 1)}));
  std::atomic<int> won{0};
  std::vector<std::thread> racers;
  for (const EntryState how : {EntryState::kPosted, EntryState::kVoided, EntryState::kExpired}) {
    racers.emplace_back([&, how] {
      for (const EntryId& hold : holds) won += books.Resolve(hold, how).ok() ? 1 : 0;
    });
  }
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(won, 100);
  EXPECT_EQ(books.At(ana).held_out, 0);
  books.ExpectSound();
}

}  // namespace
}  // namespace turnabout
