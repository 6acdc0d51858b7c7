// What a store tells its observer: every command once, every record once, and how long the disk took.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/reason.h"
#include "store/observer.h"
#include "store/store.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

constexpr std::chrono::milliseconds kSlow(20);

// Keeps what it is told. Read after the store is gone, or while nothing is written.
class Listener final : public StoreObserver {
 public:
  void GroupEnded(const GroupReport& group) override {
    groups.push_back(group);
    commands += group.commands;
    if (group.written.ok()) records += group.records;
  }
  void CutEnded(const CutReport& cut) override { cuts.push_back(cut); }

  std::vector<GroupReport> groups;
  std::vector<CutReport> cuts;
  std::atomic<uint64_t> commands{0};
  std::atomic<uint64_t> records{0};
};

absl::Status PutTwo(Txn& txn) {
  txn.Put("colour", "green");
  txn.Put("size", "large");
  return absl::OkStatus();
}

class StoreObserverTest : public testing::Test {
 protected:
  void SetUp() override { Open({}); }

  void Open(ShelfOptions shelf) {
    store_.reset();
    auto opened = Store::Open(std::make_unique<ScriptedJournal>(script_), clock_, {}, std::move(shelf), &listener_);
    ASSERT_TRUE(IsOk(opened));
    store_ = *std::move(opened);
  }

  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::shared_ptr<JournalScript> script_ = std::make_shared<JournalScript>();
  Listener listener_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreObserverTest, AGroupIsToldWithItsCommandsRecordsAndBytes) {
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, PutTwo)));
  ASSERT_EQ(listener_.groups.size(), 1u);
  const GroupReport& group = listener_.groups[0];
  EXPECT_EQ(group.commands, 1u);
  EXPECT_EQ(group.records, 2u);
  EXPECT_GE(group.bytes, std::string("colourgreensizelarge").size());
  EXPECT_GT(group.apply.count(), 0);
  EXPECT_TRUE(IsOk(group.written));
}

TEST_F(StoreObserverTest, CommandsThatWaitedTogetherAreOneGroup) {
  {
    WriterGate gate(*store_);
    for (int i = 0; i < 5; ++i) store_->Write({}, PutTwo, [](const absl::Status&, uint64_t) {});
    store_->Write(
        {}, [](Txn&) { return Refuse(Reason::kTurnNeeded); }, [](const absl::Status&, uint64_t) {});
  }
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, PutTwo)));
  store_.reset();
  EXPECT_EQ(listener_.commands, 8u) << "the gate's, five, one refused, and the last";
  EXPECT_EQ(listener_.records, 12u);
  EXPECT_TRUE(std::any_of(listener_.groups.begin(), listener_.groups.end(),
                          [](const GroupReport& group) { return group.records >= 10 && group.commands >= 6; }));
}

TEST_F(StoreObserverTest, CommandsThatWroteNothingAreToldWithoutAWrite) {
  EXPECT_FALSE(store_->WriteAndWait({}, [](Txn&) { return Refuse(Reason::kTurnNeeded); }).ok());
  ASSERT_TRUE(IsOk(store_->WriteAndWait({.dry_run = true}, PutTwo)));
  ASSERT_EQ(listener_.groups.size(), 2u);
  for (const GroupReport& group : listener_.groups) {
    EXPECT_EQ(group.commands, 1u);
    EXPECT_EQ(group.records, 0u);
    EXPECT_EQ(group.sync.count(), 0);
  }
}

TEST_F(StoreObserverTest, TheTimeOfTheDiskAndOfTheCommandsAreToldApart) {
  script_->before_append = [](const Block&) {
    std::this_thread::sleep_for(kSlow);
    return absl::OkStatus();
  };
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, PutTwo)));
  script_->before_append = nullptr;
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, [](Txn& txn) {
    std::this_thread::sleep_for(kSlow);
    return PutTwo(txn);
  })));
  ASSERT_EQ(listener_.groups.size(), 2u);
  EXPECT_GE(listener_.groups[0].sync, kSlow);
  EXPECT_LT(listener_.groups[0].apply, listener_.groups[0].sync);
  EXPECT_GE(listener_.groups[1].apply, kSlow);
  EXPECT_LT(listener_.groups[1].sync, listener_.groups[1].apply);
}

TEST_F(StoreObserverTest, AGroupThatCouldNotBeWrittenSaysWhyBeforeAnyoneIsAnswered) {
  script_->before_append = [](const Block&) { return Refuse(Reason::kDiskFull); };
  EXPECT_TRUE(IsRefused(store_->WriteAndWait({}, PutTwo), Reason::kDiskFull));
  ASSERT_EQ(listener_.groups.size(), 1u);
  EXPECT_TRUE(IsRefused(listener_.groups[0].written, Reason::kDiskFull));
  EXPECT_EQ(listener_.groups[0].records, 2u);
  script_->before_append = [](const Block&) { return Refuse(Reason::kJournalUnavailable); };
  EXPECT_TRUE(IsRefused(store_->WriteAndWait({}, PutTwo), Reason::kJournalUnavailable));
  EXPECT_TRUE(IsRefused(listener_.groups[1].written, Reason::kJournalUnavailable));
}

// What is staged while a group is on its way to the disk falls with it, and is told too.
TEST_F(StoreObserverTest, CommandsAboveAGroupThatFailedAreToldOnce) {
  std::promise<void> staged;
  std::promise<void> answered;
  script_->before_append = [&](const Block&) {
    staged.get_future().wait();
    return Refuse(Reason::kDiskFull);
  };
  const auto second = [&](Txn& txn) {
    txn.Put("colour", "red");
    staged.set_value();
    return absl::OkStatus();
  };
  // Somebody else waits already when the first is done, so that the disk's own thread writes it.
  const auto first = [&](Txn& txn) {
    store_->Write({}, second, [&](const absl::Status&, uint64_t) { answered.set_value(); });
    return PutTwo(txn);
  };
  EXPECT_TRUE(IsRefused(store_->WriteAndWait({}, first), Reason::kDiskFull));
  answered.get_future().wait();
  ASSERT_EQ(listener_.groups.size(), 2u);
  EXPECT_EQ(listener_.groups[0].records, 2u);
  EXPECT_EQ(listener_.groups[1].records, 0u);
  EXPECT_EQ(listener_.commands, 2u);
}

TEST_F(StoreObserverTest, TheQueueIsAsDeepAsCommandsWait) {
  EXPECT_EQ(store_->queue_depth(), 0u);
  {
    WriterGate gate(*store_);
    EXPECT_EQ(store_->queue_depth(), 1u) << "the one that runs";
    for (int i = 0; i < 100; ++i) store_->Write({}, PutTwo, [](const absl::Status&, uint64_t) {});
    EXPECT_EQ(store_->queue_depth(), 101u);
  }
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, PutTwo)));
  EXPECT_EQ(store_->queue_depth(), 0u);
}

TEST_F(StoreObserverTest, WhatReachesTheShelfIsToldOnce) {
  const TemporaryFolder folder(FastPlace());
  auto shelf = Shelf::Open(folder.path() + "/shelf");
  ASSERT_TRUE(IsOk(shelf));
  ShelfOptions options;
  options.shelf = *std::move(shelf);
  options.cut_records = 10;
  Open(std::move(options));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(IsOk(store_->WriteAndWait({}, PutTwo)));
  store_.reset();
  uint64_t shelved = 0;
  for (const CutReport& cut : listener_.cuts) {
    shelved += cut.records;
    EXPECT_GT(cut.records, 0u);
    EXPECT_GT(cut.time.count(), 0);
  }
  EXPECT_EQ(shelved, 100u);
  EXPECT_GE(listener_.cuts.size(), 2u);
}

}  // namespace
}  // namespace turnabout
