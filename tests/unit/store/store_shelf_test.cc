// A Store with a shelf: what is durable leaves memory, is found where it went, and opens again from there.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/reason.h"
#include "store/store.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

class StoreShelfTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    store_.reset();
    auto shelf = Shelf::Open(folder_.path() + "/shelf");
    ASSERT_TRUE(IsOk(shelf));
    ShelfOptions options;
    options.shelf = *std::move(shelf);
    options.cut_records = 10;
    auto opened = Store::Open(std::make_unique<ScriptedJournal>(script_), clock_, {}, std::move(options));
    ASSERT_TRUE(IsOk(opened));
    store_ = *std::move(opened);
  }

  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(IsOk(store_->WriteAndWait({}, [&](Txn& txn) {
      txn.Put(key, value);
      return absl::OkStatus();
    })));
  }
  void PutMany(int from, int to) {
    for (int i = from; i < to; ++i) Put(absl::StrCat("key", i), absl::StrCat("value", i));
  }
  std::string Get(const std::string& key) const {
    std::string value;
    EXPECT_TRUE(IsOk(store_->Read(0, [&](const Snapshot& snapshot) {
      value = snapshot.Get(key).value_or("");
      return absl::OkStatus();
    })));
    return value;
  }
  int CountKeys() const {
    int keys = 0;
    EXPECT_TRUE(IsOk(store_->Read(0, [&](const Snapshot& snapshot) {
      snapshot.Scan("key", "kez", [&](absl::string_view, absl::string_view) { return ++keys > 0; });
      return absl::OkStatus();
    })));
    return keys;
  }
  // Blocks that are read from the journal while the store opens again.
  uint64_t BlocksReadToReopen() {
    store_.reset();
    const uint64_t before = script_->visited;
    Reopen();
    return script_->visited - before;
  }

  TemporaryFolder folder_{FastPlace()};
  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::shared_ptr<JournalScript> script_ = std::make_shared<JournalScript>();
  std::unique_ptr<Store> store_;
};

TEST_F(StoreShelfTest, RowsAreFoundWhereverTheyAre) {
  PutMany(0, 200);
  Put("key7", "again");
  EXPECT_EQ(Get("key7"), "again");
  EXPECT_EQ(Get("key199"), "value199");
  EXPECT_EQ(CountKeys(), 200);
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, [](Txn& txn) {
    txn.Delete("key7");
    return absl::OkStatus();
  })));
  EXPECT_EQ(Get("key7"), "");
  EXPECT_EQ(CountKeys(), 199);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreShelfTest, OpensFromTheShelfAndReadsOnlyWhatIsNewer) {
  PutMany(0, 100);
  EXPECT_LE(BlocksReadToReopen(), 2u);  // the one that the shelf has reached, to see that it is of this journal
  EXPECT_EQ(CountKeys(), 100);
  PutMany(100, 130);
  EXPECT_EQ(store_->revision(), 130u);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreShelfTest, TheLagIsNeverMoreThanThereIs) {
  constexpr int kKeys = 10'000;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> most{0};
  const auto look = [&] {
    while (!done) most = std::max(most.load(), store_->shelf_lag());
  };
  std::thread one(look);
  std::thread another(look);
  PutMany(0, kKeys);
  done = true;
  one.join();
  another.join();
  EXPECT_LE(most, kKeys);
}

TEST_F(StoreShelfTest, ALostShelfIsMadeAnew) {
  PutMany(0, 100);
  store_.reset();
  std::filesystem::remove_all(folder_.path() + "/shelf");
  EXPECT_GE(BlocksReadToReopen(), 100u);
  EXPECT_EQ(CountKeys(), 100);
  EXPECT_LE(BlocksReadToReopen(), 2u);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreShelfTest, AShelfOfAnotherJournalIsMadeAnew) {
  PutMany(0, 50);
  store_.reset();
  script_->inner = NewMemoryJournal();
  Reopen();
  EXPECT_EQ(CountKeys(), 0);
  PutMany(0, 60);
  store_.reset();
  const auto other = std::make_shared<JournalScript>();
  std::swap(*script_, *other);
  Reopen();
  PutMany(200, 300);  // longer than what the shelf has reached, and not the same
  EXPECT_EQ(CountKeys(), 100);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreShelfTest, ADamagedShelfStopsTheStoreAndIsMadeAnew) {
  PutMany(0, 30'000);
  store_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_.path() + "/shelf/rows")) {
    if (file.path().extension() != ".sst") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(file.file_size() / 4));
    bytes.write("flipped", 7);
  }
  Reopen();
  std::promise<absl::Status> told;
  store_->OnFailure([&](const absl::Status& status) { told.set_value(status); });
  absl::Status read = absl::OkStatus();
  for (int i = 0; read.ok() && i < 30'000; i += 100) {
    read = store_->Read(0, [&](const Snapshot& snapshot) {
      snapshot.Get(absl::StrCat("key", i));
      return absl::OkStatus();
    });
  }
  EXPECT_TRUE(IsRefused(read, Reason::kShelfDamaged));
  EXPECT_TRUE(IsRefused(told.get_future().get(), Reason::kShelfDamaged)) << "nobody has to write to find out";
  const auto written = store_->WriteAndWait({}, [](Txn& txn) {
    txn.Put("key", "value");
    return absl::OkStatus();
  });
  EXPECT_TRUE(IsRefused(written, Reason::kShelfDamaged));
  Reopen();
  EXPECT_EQ(CountKeys(), 30'000);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

}  // namespace
}  // namespace turnabout
