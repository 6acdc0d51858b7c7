// A store whose disk fills up: the shelf's part, which costs nobody anything but memory, and the journal's, which
// refuses writes; both go on by themselves once there is room, and open again on the full disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/reason.h"
#include "base/seed.h"
#include "store/store.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/small_disk.h"
#include "tests/support/status.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

constexpr int kRowsPerCommand = 1000;
constexpr uint64_t kMiB = uint64_t{1} << 20;

class StoreFullDisk : public testing::Test {
 protected:
  void Open(std::unique_ptr<Journal> journal, std::unique_ptr<Shelf> shelf) {
    ShelfOptions options;
    options.shelf = std::move(shelf);
    options.cut_records = 20'000;
    auto opened = Store::Open(std::move(journal), clock_, {}, std::move(options));
    ASSERT_TRUE(IsOk(opened));
    store_ = *std::move(opened);
  }

  // Rows that no codec makes shorter, under the next keys.
  absl::StatusOr<uint64_t> WriteRows() {
    const int first = rows_;
    const absl::StatusOr<uint64_t> written = store_->WriteAndWait({}, [&](Txn& txn) {
      for (int i = 0; i < kRowsPerCommand; ++i) txn.Put(KeyOf(first + i), ValueOf(first + i));
      return absl::OkStatus();
    });
    if (written.ok()) rows_ += kRowsPerCommand;
    return written;
  }
  static std::string KeyOf(int row) { return absl::StrCat("row", row); }
  static std::string ValueOf(int row) {
    Random random(Seed{static_cast<uint64_t>(row)});
    std::string value(200, '\0');
    for (char& byte : value) byte = static_cast<char>(random.Next());
    return value;
  }

  void ExpectEveryRow() {
    int wrong = 0;
    EXPECT_TRUE(IsOk(store_->Read(0, [&](const Snapshot& snapshot) {
      for (int row = 0; row < rows_; row += 7) wrong += snapshot.Get(KeyOf(row)) != ValueOf(row);
      return absl::OkStatus();
    })));
    EXPECT_EQ(wrong, 0);
    EXPECT_TRUE(IsOk(store_->Verify()));
  }

  // Waits until everything is on the shelf, at most half a minute.
  bool CatchesUp() const {
    for (int i = 0; i < 3000 && store_->shelf_lag() > 0; ++i) absl::SleepFor(absl::Milliseconds(10));
    return store_->shelf_lag() == 0;
  }

  std::string Path(const std::string& name) const { return absl::StrCat(mount_point_.path(), "/", name); }
  void Remove(const std::string& name) const { std::filesystem::remove(Path(name)); }

  const SystemClock clock_;
  const TemporaryFolder mount_point_;
  int rows_ = 0;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreFullDisk, AFullShelfRefusesNothingAndCatchesUpByItself) {
  const SmallDisk disk(mount_point_.path(), 48 * kMiB);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  const auto script = std::make_shared<JournalScript>();  // the journal has room
  const auto open = [&] { Open(std::make_unique<ScriptedJournal>(script), *Shelf::Open(Path("shelf"))); };
  ASSERT_NO_FATAL_FAILURE(open());
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  ASSERT_TRUE(CatchesUp());
  disk.FillUpTo(kMiB / 2, "filler");
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  EXPECT_GT(store_->shelf_lag(), 0u);
  ExpectEveryRow();
  Remove("filler");
  EXPECT_TRUE(CatchesUp());
  ExpectEveryRow();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  store_.reset();
  const uint64_t before = script->visited;
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_LE(script->visited - before, 2u) << "the shelf was made anew";
  ExpectEveryRow();
}

TEST_F(StoreFullDisk, AStoreThatEndsWithAFullShelfHasEverythingAtTheNextStart) {
  const SmallDisk disk(mount_point_.path(), 48 * kMiB);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  const auto script = std::make_shared<JournalScript>();
  const auto open = [&] { Open(std::make_unique<ScriptedJournal>(script), *Shelf::Open(Path("shelf"))); };
  ASSERT_NO_FATAL_FAILURE(open());
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  ASSERT_TRUE(CatchesUp());
  disk.FillUpTo(kMiB / 2, "filler");
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  store_.reset();
  disk.FillUpTo(0, "more filler");
  // Without any room it cannot be opened, which is said, and nothing of it is thrown away.
  EXPECT_TRUE(IsRefused(Shelf::Open(Path("shelf")), Reason::kJournalUnavailable));
  Remove("filler");
  Remove("more filler");
  const uint64_t before = script->visited;
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_LT(script->visited - before, 90u) << "the shelf was made anew";
  ExpectEveryRow();
  EXPECT_TRUE(CatchesUp());
  ExpectEveryRow();
}

// RocksDB finds out that the disk is full where nobody waits for it: while it flushes in the background.
TEST_F(StoreFullDisk, AFlushThatFailsBehindTheShelfIsRecoveredFrom) {
  constexpr ShelfTable kTable = {"T", RowOrder::kScattered};
  const SmallDisk disk(mount_point_.path(), 96 * kMiB);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  std::unique_ptr<Shelf> shelf = *Shelf::Open(Path("shelf"));
  Head head;
  // A cut of so many rows, all of a new key.
  const auto put = [&](int rows) {
    RowBatch batch;
    for (int i = 0; i < rows; ++i) batch.Put(kTable, KeyOf(rows_ + i), ValueOf(rows_ + i));
    batch.Sort();
    Head next = head;
    ++next.number;
    next.last_sequence += static_cast<uint64_t>(rows);
    const absl::Status done = shelf->Put(batch, next);
    if (!done.ok()) return done;
    head = next;
    rows_ += rows;
    return done;
  };
  ASSERT_TRUE(IsOk(put(10'000)));
  disk.FillUpTo(6 * kMiB, "filler");
  absl::Status refused;
  for (int i = 0; refused.ok() && i < 200; ++i) refused = put(10'000);
  EXPECT_TRUE(IsRefused(refused, Reason::kJournalUnavailable));
  for (const int rows : {10'000, 30'000}) EXPECT_TRUE(IsRefused(put(rows), Reason::kJournalUnavailable));
  Remove("filler");
  absl::Status again = put(10'000);
  for (int i = 0; !again.ok() && i < 3000; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
    again = put(10'000);
  }
  EXPECT_TRUE(IsOk(again));
  EXPECT_TRUE(IsOk(put(30'000)));
  const auto count = [&] {
    uint64_t rows = 0;
    shelf->Scan(kTable, "", "", [&](absl::string_view, absl::string_view) { return ++rows > 0; });
    EXPECT_TRUE(IsOk(shelf->damage()));
    return rows;
  };
  EXPECT_EQ(count(), static_cast<uint64_t>(rows_));
  EXPECT_EQ(shelf->Get(kTable, KeyOf(rows_ - 1)), ValueOf(rows_ - 1));
  EXPECT_TRUE(IsOk(shelf->Sync()));
  shelf.reset();
  shelf = *Shelf::Open(Path("shelf"));
  EXPECT_EQ(count(), shelf->reached().last_sequence) << "rows and how far they go have come apart";
}

TEST_F(StoreFullDisk, JournalAndShelfOnOneDiskRefuseReadReopenAndRecover) {
  const SmallDisk disk(mount_point_.path(), 400 * kMiB);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  // What RocksDB flushes by itself fits below the mark.
  const RocksdbJournalOptions options = {
      .folder = Path("data"), .low_water_bytes = 80 * kMiB, .ballast_bytes = 64 * kMiB};
  const auto open = [&] {
    auto journal = OpenRocksdbJournal(options);
    ASSERT_TRUE(IsOk(journal));
    auto shelf = Shelf::Open(Path("data/shelf"), options.low_water_bytes);
    ASSERT_TRUE(IsOk(shelf));
    Open(*std::move(journal), *std::move(shelf));
  };
  ASSERT_NO_FATAL_FAILURE(open());
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  disk.FillUpTo(100 * kMiB, "filler");
  absl::StatusOr<uint64_t> written = uint64_t{0};
  for (int i = 0; written.ok() && i < 1000; ++i) written = WriteRows();
  EXPECT_TRUE(IsRefused(written, Reason::kDiskFull));
  ExpectEveryRow();
  disk.FillUpTo(40 * kMiB, "more filler");
  EXPECT_TRUE(IsRefused(WriteRows(), Reason::kDiskFull));
  ExpectEveryRow();

  store_.reset();
  disk.FillUpTo(0, "yet more filler");
  ASSERT_EQ(disk.FreeBytes(), 0u);
  ASSERT_NO_FATAL_FAILURE(open());  // from the ballast alone
  ExpectEveryRow();
  disk.FillUpTo(0, "still more filler");
  EXPECT_TRUE(IsRefused(WriteRows(), Reason::kDiskFull));
  ExpectEveryRow();

  for (const char* name : {"filler", "more filler", "yet more filler", "still more filler"}) Remove(name);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(IsOk(WriteRows()));
  EXPECT_TRUE(CatchesUp());
  ExpectEveryRow();
  store_.reset();
  ASSERT_NO_FATAL_FAILURE(open());
  ExpectEveryRow();
}

}  // namespace
}  // namespace turnabout
