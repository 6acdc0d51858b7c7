#include "store/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/reason.h"
#include "tests/support/scripted_journal.h"
#include "tests/support/status.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

constexpr absl::string_view kEnd = "\xff";

// A projection outside the store's own: it counts rows, and a test can falsify its count.
class Tally : public Projection {
 public:
  absl::string_view name() const override { return "tally"; }
  absl::Status Stage(const RecordView& record) override {
    if (record.kind != RecordKind::kPut) return absl::OkStatus();
    ++staged;
    return record.payload.find("unreadable") == absl::string_view::npos ? absl::OkStatus()
                                                                        : Refuse(Reason::kJournalDamaged);
  }
  void Keep() override { kept = staged; }
  void Drop() override { staged = kept; }
  void Seal() override { sealed = kept; }
  void Publish() override { durable = sealed; }
  void Discard() override { staged = kept = sealed = durable; }
  Cut TakeCut() override {
    return [this](RowBatch& rows) { AddRowsInMemory(rows); };
  }
  void Shelved() override {}
  absl::Span<const ShelfTable> tables() const override { return kTables; }
  void AddRowsInMemory(RowBatch& rows) const override { rows.Put(kTables[0], "", absl::StrCat(durable)); }
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Tally>(); }

  int staged = 0, kept = 0, sealed = 0, durable = 0;

 private:
  absl::Status Load(const ShelfView& shelf) override {
    const std::optional<std::string> row = shelf.Get(kTables[0], "");
    staged = kept = sealed = durable = row.has_value() ? std::stoi(*row) : 0;
    return absl::OkStatus();
  }
  void Unload() override {}

  static constexpr ShelfTable kTables[] = {{"T", RowOrder::kChanging, "tallies"}};
};

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    store_.reset();
    tally_ = std::make_unique<Tally>();
    auto opened = Store::Open(std::make_unique<ScriptedJournal>(script_), clock_, {tally_.get()});
    ASSERT_TRUE(IsOk(opened));
    store_ = *std::move(opened);
  }

  absl::StatusOr<uint64_t> Put(std::string key, std::string value, WriteOptions options = {}) {
    return store_->WriteAndWait(std::move(options), [&](Txn& txn) {
      txn.Put(key, value);
      return absl::OkStatus();
    });
  }

  // Every durable row, "key=value" joined by spaces.
  std::string Rows() {
    std::string rows;
    const absl::Status read = store_->Read(0, [&](const Snapshot& snapshot) {
      snapshot.Scan("", kEnd, [&](absl::string_view key, absl::string_view value) {
        absl::StrAppend(&rows, rows.empty() ? "" : " ", key, "=", value);
        return true;
      });
      return absl::OkStatus();
    });
    EXPECT_TRUE(IsOk(read));
    return rows;
  }

  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::shared_ptr<JournalScript> script_ = std::make_shared<JournalScript>();
  std::unique_ptr<Tally> tally_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, ARefusedCommandLeavesNothing) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  const Head head = store_->head();
  const absl::StatusOr<uint64_t> refused = store_->WriteAndWait({}, [](Txn& txn) {
    txn.Put("a", "2");
    txn.Delete("a");
    txn.Put("b", "3");
    txn.Remember({1}, {"content", "answer"});
    return Refuse(Reason::kTurnNeeded);
  });
  EXPECT_TRUE(IsRefused(refused, Reason::kTurnNeeded));
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_EQ(store_->head(), head);
  EXPECT_EQ(tally_->staged, 1);
  EXPECT_TRUE(IsOk(store_->Read(0, [](const Snapshot& snapshot) {
    EXPECT_FALSE(snapshot.FindRequest({1}).has_value());
    return absl::OkStatus();
  })));
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreTest, ARefusedCommandLeavesWhatItsGroupWroteBefore) {
  WriterGate gate(*store_);
  const auto write = [&](std::string value, absl::Status status) {
    store_->Write(
        {},
        [value, status](Txn& txn) {
          txn.Put("a", value);
          return status;
        },
        [status](const absl::Status& answer, uint64_t) { EXPECT_EQ(answer, status); });
  };
  write("1", absl::OkStatus());
  write("2", Refuse(Reason::kTurnNeeded));
  gate.Open();
  ASSERT_TRUE(IsOk(Put("b", "3")));
  EXPECT_EQ(Rows(), "a=1 b=3");
}

TEST_F(StoreTest, ADryRunAnswersAsIfItHadWritten) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  std::optional<std::string> seen;
  const absl::StatusOr<uint64_t> dry = store_->WriteAndWait({.dry_run = true}, [&](Txn& txn) {
    txn.Put("a", "2");
    seen = txn.Get("a");
    return absl::OkStatus();
  });
  ASSERT_TRUE(IsOk(dry));
  EXPECT_EQ(*dry, 1u);
  EXPECT_EQ(seen, "2");
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_TRUE(IsRefused(store_->WriteAndWait({.dry_run = true}, [](Txn&) { return Refuse(Reason::kTurnNeeded); }),
                        Reason::kTurnNeeded));
}

TEST_F(StoreTest, AnswersComeInTheOrderTheCommandsRan) {
  std::vector<int> ran, answered;
  WriterGate gate(*store_);
  for (int i = 0; i < 500; ++i) {
    store_->Write(
        {.dry_run = i % 7 == 0},
        [&ran, i](Txn& txn) {
          ran.push_back(i);
          txn.Put(absl::StrCat(i), "");
          return i % 5 == 0 ? Refuse(Reason::kTurnNeeded) : absl::OkStatus();
        },
        [&answered, i](const absl::Status& status, uint64_t) {
          EXPECT_EQ(status.ok(), i % 5 != 0);
          answered.push_back(i);
        });
  }
  gate.Open();
  ASSERT_TRUE(IsOk(Put("last", "")));
  ASSERT_EQ(ran.size(), 500u);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
  EXPECT_EQ(ran, answered);
  EXPECT_LE(store_->head().number, 2u);  // one group, and "last" with it or after it
}

TEST_F(StoreTest, NothingRunsAfterItsDeadline) {
  bool ran = false;
  const auto run = [&](absl::Time deadline) {
    return store_->WriteAndWait({.deadline = deadline}, [&](Txn& txn) {
      ran = true;
      txn.Put("a", "1");
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(IsRefused(run(clock_.Now() - absl::Microseconds(1)), Reason::kDeadlinePassed));
  EXPECT_FALSE(ran);
  EXPECT_TRUE(IsOk(run(clock_.Now())));
  EXPECT_TRUE(ran);
}

TEST_F(StoreTest, TheDeadlineCountsWhileACommandWaits) {
  WriterGate gate(*store_);
  absl::Status answer;
  store_->Write(
      {.deadline = clock_.Now() + absl::Seconds(1)}, [](Txn&) { return absl::OkStatus(); },
      [&](const absl::Status& status, uint64_t) { answer = status; });
  clock_.Advance(absl::Seconds(2));
  gate.Open();
  ASSERT_TRUE(IsOk(Put("a", "1")));
  EXPECT_TRUE(IsRefused(answer, Reason::kDeadlinePassed));
}

TEST_F(StoreTest, NothingRunsOnceItsCallerHasGone) {
  bool ran = false;
  const absl::StatusOr<uint64_t> gone = store_->WriteAndWait({.cancelled = [] { return true; }}, [&](Txn&) {
    ran = true;
    return absl::OkStatus();
  });
  EXPECT_TRUE(IsRefused(gone, Reason::kCancelled));
  EXPECT_FALSE(ran);
  EXPECT_TRUE(IsOk(Put("a", "1", {.cancelled = [] { return false; }})));
}

TEST_F(StoreTest, AFullQueueRefusesAndLosesNothing) {
  WriterGate gate(*store_);
  size_t answered = 0;
  for (size_t i = 0; i < kWriteQueueMax; ++i) {
    store_->Write(
        {}, [](Txn&) { return absl::OkStatus(); },
        [&](const absl::Status& status, uint64_t) {
          EXPECT_TRUE(IsOk(status));
          ++answered;
        });
  }
  EXPECT_EQ(answered, 0u);
  const absl::StatusOr<uint64_t> refused = Put("a", "1");
  EXPECT_TRUE(IsRefused(refused, Reason::kQueueFull));
  EXPECT_EQ(FactOf(refused.status(), "limit"), absl::StrCat(kWriteQueueMax));
  gate.Open();
  // The queue is full until the writer takes what waits in it.
  absl::StatusOr<uint64_t> taken = Put("a", "1");
  while (IsRefusedFor(taken.status(), Reason::kQueueFull)) taken = Put("a", "1");
  EXPECT_TRUE(IsOk(taken));
  EXPECT_EQ(answered, kWriteQueueMax);
}

TEST_F(StoreTest, ACommandOfTooManyBytesIsRefusedWhole) {
  const std::string quarter(kCommandBytesMax / 4, 'x');
  const auto put = [&](int times) {
    return store_->WriteAndWait({}, [&, times](Txn& txn) {
      for (int i = 0; i < times; ++i) txn.Put(absl::StrCat(i), quarter);
      txn.Put("small", "1");
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(IsRefused(put(4), Reason::kCommandTooLarge));
  EXPECT_EQ(Rows(), "");
  EXPECT_TRUE(IsOk(put(3)));
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreTest, ACommandOfTooManyRecordsIsRefusedWhole) {
  const auto put = [&](size_t times) {
    return store_->WriteAndWait({}, [times](Txn& txn) {
      for (size_t i = 0; i < times; ++i) txn.Put("a", "1");
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(IsRefused(put(kCommandRecordsMax + 1), Reason::kCommandTooLarge));
  EXPECT_EQ(Rows(), "");
  EXPECT_TRUE(IsOk(put(kCommandRecordsMax)));
}

TEST_F(StoreTest, ARecordThatAProjectionCannotReadIsNeverWritten) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  EXPECT_TRUE(IsRefused(Put("b", "unreadable"), Reason::kJournalDamaged));
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_TRUE(IsOk(store_->Verify()));
}

TEST_F(StoreTest, AGroupIsCutIntoBlocksOfLimitedSize) {
  WriterGate gate(*store_);
  for (int i = 0; i < 6; ++i) {
    store_->Write(
        {},
        [](Txn& txn) {
          for (size_t row = 0; row < kGroupRecordsMax / 2; ++row) txn.Put("a", "1");
          return absl::OkStatus();
        },
        [](const absl::Status& status, uint64_t) { EXPECT_TRUE(IsOk(status)); });
  }
  gate.Open();
  ASSERT_TRUE(IsOk(Put("last", "")));
  EXPECT_EQ(store_->head().number, 4u);
}

TEST_F(StoreTest, AReadMayAskForARevision) {
  const absl::StatusOr<uint64_t> revision = Put("a", "1");
  ASSERT_TRUE(IsOk(revision));
  EXPECT_EQ(*revision, store_->revision());
  const auto read = [](const Snapshot& snapshot) {
    EXPECT_EQ(snapshot.Get("a"), "1");
    return absl::OkStatus();
  };
  EXPECT_TRUE(IsOk(store_->Read(*revision, read)));
  const absl::Status early = store_->Read(*revision + 1, read);
  EXPECT_TRUE(IsRefused(early, Reason::kRevisionNotReached));
  EXPECT_EQ(FactOf(early, "latest"), absl::StrCat(*revision));
  EXPECT_TRUE(IsRefused(store_->Read(0, [](const Snapshot&) { return Refuse(Reason::kEntryNotFound); }),
                        Reason::kEntryNotFound));
}

TEST_F(StoreTest, ReadersNeverSeeWhatIsNotDurable) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  int looks = 0;
  script_->before_append = [&](const Block&) {
    ++looks;
    EXPECT_EQ(Rows(), "a=1");
    EXPECT_EQ(store_->revision(), 1u);
    return absl::OkStatus();
  };
  ASSERT_TRUE(IsOk(Put("a", "2")));
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(Rows(), "a=2");
}

TEST_F(StoreTest, CommandsOfOneGroupSeeEachOther) {
  WriterGate gate(*store_);
  for (int i = 0; i < 10; ++i) {
    store_->Write(
        {},
        [i](Txn& txn) {
          EXPECT_EQ(txn.Get("n").value_or("0"), absl::StrCat(i));
          txn.Put("n", absl::StrCat(i + 1));
          return absl::OkStatus();
        },
        [](const absl::Status&, uint64_t) {});
  }
  gate.Open();
  ASSERT_TRUE(IsOk(Put("last", "")));
  EXPECT_EQ(Rows(), "last= n=10");
}

TEST_F(StoreTest, AFullDiskRefusesTheGroupAndLaterOnesMayFit) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  int failures = 0;
  store_->OnFailure([&](const absl::Status&) { ++failures; });
  script_->before_append = [](const Block&) { return Refuse(Reason::kDiskFull); };
  EXPECT_TRUE(IsRefused(Put("a", "2"), Reason::kDiskFull));
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_EQ(tally_->staged, 1);
  script_->before_append = nullptr;
  ASSERT_TRUE(IsOk(Put("b", "3")));
  EXPECT_EQ(Rows(), "a=1 b=3");
  EXPECT_EQ(failures, 0);
  EXPECT_TRUE(IsOk(store_->Verify()));
}

// A refusal may rest on what an earlier command of the group wrote; when that never was, neither is the refusal.
TEST_F(StoreTest, NobodyIsAnsweredFromAGroupThatCouldNotBeWritten) {
  script_->before_append = [](const Block&) { return Refuse(Reason::kDiskFull); };
  std::vector<absl::Status> answers;
  {
    WriterGate gate(*store_);
    for (int i = 0; i < 3; ++i) {
      store_->Write(
          {.dry_run = i == 2},
          [](Txn& txn) {
            if (txn.Get("a").has_value()) return Refuse(Reason::kReferenceTaken);
            txn.Put("a", "1");
            return absl::OkStatus();
          },
          [&](const absl::Status& status, uint64_t) { answers.push_back(status); });
    }
  }
  EXPECT_TRUE(IsRefused(Put("z", ""), Reason::kDiskFull));
  ASSERT_EQ(answers.size(), 3u);
  for (const absl::Status& answer : answers) EXPECT_TRUE(IsRefused(answer, Reason::kDiskFull));
}

TEST_F(StoreTest, AnyOtherFailureStopsWritingWhileReadsGoOn) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  std::vector<absl::Status> told;
  store_->OnFailure([&](const absl::Status& status) { told.push_back(status); });
  script_->before_append = [](const Block&) { return Refuse(Reason::kJournalUnavailable); };
  std::vector<absl::Status> answers;
  {
    WriterGate gate(*store_);
    for (int i = 0; i < 4; ++i) {
      store_->Write(
          {},
          [](Txn& txn) {
            for (size_t row = 0; row < kGroupRecordsMax; ++row) txn.Put("a", "2");
            return absl::OkStatus();
          },
          [&](const absl::Status& status, uint64_t) { answers.push_back(status); });
    }
  }
  EXPECT_TRUE(IsRefused(Put("a", "3"), Reason::kJournalUnavailable));
  script_->before_append = nullptr;
  EXPECT_TRUE(IsRefused(Put("a", "4"), Reason::kJournalUnavailable));
  ASSERT_EQ(answers.size(), 4u);
  for (const absl::Status& answer : answers) EXPECT_TRUE(IsRefused(answer, Reason::kJournalUnavailable));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(IsRefused(told.front(), Reason::kJournalUnavailable));
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_EQ(store_->revision(), 1u);
  Reopen();
  EXPECT_EQ(Rows(), "a=1");
  EXPECT_TRUE(IsOk(Put("a", "5")));
}

TEST_F(StoreTest, ReopeningGivesTheSameState) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(IsOk(Put(absl::StrCat(i % 10), absl::StrCat(i))));
  ASSERT_TRUE(IsOk(store_->WriteAndWait({}, [](Txn& txn) {
    txn.Delete("3");
    txn.Remember({7}, {"content", "answer"});
    return absl::OkStatus();
  })));
  const std::string rows = Rows();
  const Head head = store_->head();
  const absl::StatusOr<Verified> before = store_->Verify();
  ASSERT_TRUE(IsOk(before));
  Reopen();
  const absl::StatusOr<Verified> after = store_->Verify();
  ASSERT_TRUE(IsOk(after));
  EXPECT_EQ(Rows(), rows);
  EXPECT_EQ(store_->head(), head);
  EXPECT_EQ(store_->revision(), head.last_sequence);
  EXPECT_EQ(after->digest, before->digest);
  EXPECT_EQ(after->blocks, 101u);
  EXPECT_EQ(after->records, 102u);
  EXPECT_EQ(after->entries, 0u);
}

TEST_F(StoreTest, VerifyNamesTheTableThatWasTamperedWith) {
  ASSERT_TRUE(IsOk(Put("a", "1")));
  ASSERT_TRUE(IsOk(store_->Verify()));
  ++tally_->durable;
  const absl::StatusOr<Verified> verified = store_->Verify();
  EXPECT_TRUE(IsRefused(verified, Reason::kBooksDisagree));
  EXPECT_NE(FactOf(verified.status(), "problem").find("tallies differ"), std::string::npos);
}

TEST_F(StoreTest, VerifyOfNothingIsOk) {
  const absl::StatusOr<Verified> verified = store_->Verify();
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->blocks, 0u);
}

TEST_F(StoreTest, TimeNeverGoesBackEvenWhenTheClockDoes) {
  std::vector<absl::Time> times;
  const auto note = [&] {
    ASSERT_TRUE(IsOk(store_->WriteAndWait({}, [&](Txn& txn) {
      times.push_back(txn.now());
      txn.Put("a", "1");
      return absl::OkStatus();
    })));
  };
  note();
  clock_.Advance(absl::Hours(-5));
  note();
  Reopen();
  note();
  clock_.Advance(absl::Hours(6));
  note();
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_EQ(times[0], times[2]);
  EXPECT_LT(times[2], times[3]);
}

TEST_F(StoreTest, ClosingAnswersEveryCommandThatWaits) {
  int answered = 0;
  for (int i = 0; i < 1000; ++i) {
    store_->Write(
        {},
        [](Txn& txn) {
          txn.Put("a", "1");
          return absl::OkStatus();
        },
        [&](const absl::Status& status, uint64_t) {
          EXPECT_TRUE(IsOk(status));
          ++answered;
        });
  }
  store_.reset();
  EXPECT_EQ(answered, 1000);
}

TEST_F(StoreTest, AJournalThatEndsBeforeItsHeadIsNotOpened) {
  class Forgetful : public ScriptedJournal {
   public:
    using ScriptedJournal::ScriptedJournal;
    absl::Status Read(uint64_t, absl::FunctionRef<absl::Status(const Block&)>) const override {
      return absl::OkStatus();
    }
  };
  ASSERT_TRUE(IsOk(Put("a", "1")));
  store_.reset();
  Tally tally;
  EXPECT_TRUE(IsRefused(Store::Open(std::make_unique<Forgetful>(script_), clock_, {&tally}), Reason::kJournalDamaged));
}

}  // namespace
}  // namespace turnabout
