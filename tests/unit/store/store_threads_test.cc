// Several writers and readers at once; the thread sanitizer's main meal.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "store/journal/memory_journal.h"
#include "store/store.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

constexpr int kWriters = 4;
constexpr int kWritesEach = 500;
constexpr int kReaders = 3;

int64_t NumberAt(const Snapshot& snapshot, absl::string_view key) {
  int64_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(snapshot.Get(key).value_or("0"), &number));
  return number;
}

// Adds one to both counters, in two records.
absl::Status CountUp(Txn& txn) {
  txn.Put("left", absl::StrCat(NumberAt(txn, "left") + 1));
  txn.Put("right", absl::StrCat(NumberAt(txn, "right") + 1));
  return absl::OkStatus();
}

// Reads until `done`: both counters are always equal and never go back.
void ReadUntil(const Store& store, const std::atomic<bool>& done) {
  int64_t last = 0;
  while (!done) {
    EXPECT_TRUE(IsOk(store.Read(0, [&](const Snapshot& snapshot) {
      const int64_t left = NumberAt(snapshot, "left");
      EXPECT_EQ(left, NumberAt(snapshot, "right"));
      EXPECT_EQ(2 * left, static_cast<int64_t>(snapshot.revision()));
      EXPECT_GE(left, last);
      last = left;
      return absl::OkStatus();
    })));
  }
}

// Writes, and reads each write back at the revision it was answered with.
void WriteAndReadBack(Store& store) {
  for (int i = 0; i < kWritesEach; ++i) {
    const absl::StatusOr<uint64_t> revision = store.WriteAndWait({}, CountUp);
    ASSERT_TRUE(IsOk(revision));
    EXPECT_TRUE(IsOk(store.Read(*revision, [](const Snapshot&) { return absl::OkStatus(); })));
  }
}

TEST(StoreThreads, WritersAndReadersAtOnceLoseNothingAndSeeWholeCommands) {
  SystemClock clock;
  auto store = Store::Open(NewMemoryJournal(), clock, {});
  ASSERT_TRUE(IsOk(store));
  std::atomic<bool> done{false};
  std::vector<std::thread> readers, writers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back([&] { ReadUntil(**store, done); });
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([&] { WriteAndReadBack(**store); });
  readers.emplace_back([&] {
    while (!done) EXPECT_TRUE(IsOk((*store)->Verify()));
  });
  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE(IsOk((*store)->Read(0, [](const Snapshot& snapshot) {
    EXPECT_EQ(NumberAt(snapshot, "left"), kWriters * kWritesEach);
    return absl::OkStatus();
  })));
  EXPECT_TRUE(IsOk((*store)->Verify()));
}

// Readers that never pause must not keep the writer from publishing.
TEST(StoreThreads, ReadersWithoutPauseDoNotStarveTheWriter) {
  SystemClock clock;
  auto store = Store::Open(NewMemoryJournal(), clock, {});
  ASSERT_TRUE(IsOk(store));
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 6; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        EXPECT_TRUE(IsOk((*store)->Read(0, [&](const Snapshot&) {
          const absl::Time until = absl::Now() + absl::Microseconds(200);
          while (absl::Now() < until) {
          }
          return absl::OkStatus();
        })));
      }
    });
  }
  const absl::Time start = clock.Now();
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(IsOk((*store)->WriteAndWait({}, CountUp)));
  const absl::Duration took = clock.Now() - start;
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_LT(took, absl::Seconds(5));
}

}  // namespace
}  // namespace turnabout
