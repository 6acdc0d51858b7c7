// A Shelf by itself: rows in, rows out, all or none of them, and a new start when its files are not what was written.
#include "store/shelf/shelf.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/seed.h"
#include "tests/support/seed.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

constexpr ShelfTable kColours = {"C", RowOrder::kChanging};
constexpr ShelfTable kDays = {"D", RowOrder::kAscending};
constexpr ShelfTable kNames = {"N", RowOrder::kScattered};
constexpr const ShelfTable* kTables[] = {&kColours, &kDays, &kNames};

using Plain = std::map<std::string, std::string>;

Head HeadNo(uint64_t number) {
  Head head;
  head.number = number;
  head.last_sequence = 10 * number;
  head.hash[0] = static_cast<uint8_t>(number);
  return head;
}

Plain Scanned(const ShelfView& shelf, const ShelfTable& table, absl::string_view begin = "",
              absl::string_view end = "") {
  Plain plain;
  shelf.Scan(table, begin, end, [&](absl::string_view key, absl::string_view value) {
    plain[std::string(key)] = std::string(value);
    return true;
  });
  return plain;
}

class ShelfTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    shelf_.reset();
    auto opened = Shelf::Open(folder_.path());
    ASSERT_TRUE(IsOk(opened));
    shelf_ = *std::move(opened);
  }
  // Puts rows of every table and goes on to `head`.
  void PutEverywhere(const Plain& rows, const Head& head) {
    RowBatch batch;
    for (const ShelfTable* table : kTables) {
      for (const auto& [key, value] : rows) batch.Put(*table, key, value);
    }
    batch.Sort();
    ASSERT_TRUE(IsOk(shelf_->Put(batch, head)));
  }

  TemporaryFolder folder_{FastPlace()};
  std::unique_ptr<Shelf> shelf_;
};

TEST_F(ShelfTest, BeginsEmptyAndKeepsWhatWasSynced) {
  EXPECT_EQ(shelf_->reached(), Head{});
  PutEverywhere({{"a", "1"}, {"b", ""}}, HeadNo(3));
  ASSERT_TRUE(IsOk(shelf_->Sync()));
  Reopen();
  EXPECT_EQ(shelf_->reached(), HeadNo(3));
  for (const ShelfTable* table : kTables) {
    EXPECT_EQ(Scanned(*shelf_, *table), (Plain{{"a", "1"}, {"b", ""}}));
    EXPECT_EQ(shelf_->Get(*table, "a"), "1");
    EXPECT_EQ(shelf_->Get(*table, "c"), std::nullopt);
  }
}

TEST_F(ShelfTest, WhatWasNotSyncedIsThereWholeOrNotAtAll) {
  PutEverywhere({{"a", "1"}}, HeadNo(1));
  ASSERT_TRUE(IsOk(shelf_->Sync()));
  // A copy of the files as a killed process would leave them.
  PutEverywhere({{"a", "2"}, {"z", "2"}}, HeadNo(2));
  const TemporaryFolder copy(FastPlace());
  std::filesystem::copy(folder_.path(), copy.path(), std::filesystem::copy_options::recursive);
  const auto killed = Shelf::Open(copy.path());
  ASSERT_TRUE(IsOk(killed));
  const bool second = (*killed)->reached() == HeadNo(2);
  EXPECT_TRUE(second || (*killed)->reached() == HeadNo(1));
  for (const ShelfTable* table : kTables) {
    EXPECT_EQ(Scanned(**killed, *table), second ? (Plain{{"a", "2"}, {"z", "2"}}) : (Plain{{"a", "1"}}));
  }
}

TEST_F(ShelfTest, ScansPartsOfATableBothWaysAndNoOtherTable) {
  PutEverywhere({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"\xff\xff", "4"}}, HeadNo(1));
  for (const ShelfTable* table : kTables) {
    EXPECT_EQ(Scanned(*shelf_, *table, "b", "c"), (Plain{{"b", "2"}}));
    EXPECT_EQ(Scanned(*shelf_, *table, "b"), (Plain{{"b", "2"}, {"c", "3"}, {"\xff\xff", "4"}}));
    std::vector<std::string> back;
    shelf_->ScanBack(*table, "b", "", [&](absl::string_view key, absl::string_view) {
      back.emplace_back(key);
      return back.size() < 2;
    });
    EXPECT_EQ(back, (std::vector<std::string>{"\xff\xff", "c"}));
  }
}

// Small batches and large ones, which are written in different ways, against a map.
TEST_F(ShelfTest, AgreesWithAMapHoweverRowsCome) {
  const Seed seed = TestSeed(501);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  Plain expected;
  for (uint64_t step = 1; step <= 12; ++step) {
    RowBatch batch;
    const uint64_t rows = random.OneIn(1, 3) ? 30'000 : 1 + random.Below(50);
    for (uint64_t i = 0; i < rows; ++i) {
      const std::string key = absl::StrCat(random.Below(40'000));
      if (random.OneIn(1, 5)) {
        batch.Erase(kColours, key);
        expected.erase(key);
      } else {
        expected[key] = absl::StrCat(step, ".", i);
        batch.Put(kColours, key, expected[key]);
      }
    }
    batch.Sort();
    ASSERT_TRUE(IsOk(shelf_->Put(batch, HeadNo(step))));
    ASSERT_EQ(Scanned(*shelf_, kColours), expected) << "step " << step;
    if (random.OneIn(1, 4)) {
      ASSERT_TRUE(IsOk(shelf_->Sync()));
      Reopen();
    }
    ASSERT_EQ(shelf_->reached(), HeadNo(step));
  }
}

TEST_F(ShelfTest, TakesNothingBelowTheLowWaterMark) {
  shelf_.reset();
  shelf_ = *Shelf::Open(folder_.path(), uint64_t{1} << 60);
  RowBatch rows;
  rows.Put(kColours, "a", "1");
  EXPECT_TRUE(IsRefused(shelf_->Put(rows, HeadNo(1)), Reason::kJournalUnavailable));
  EXPECT_EQ(shelf_->reached(), Head{});
  EXPECT_EQ(shelf_->Get(kColours, "a"), std::nullopt);
  Reopen();
  PutEverywhere({{"a", "1"}}, HeadNo(1));
}

TEST_F(ShelfTest, OpenedToBeReadChangesNothing) {
  EXPECT_TRUE(IsRefused(Shelf::OpenToRead(folder_.path() + "/nowhere"), Reason::kShelfDamaged));
  PutEverywhere({{"a", "1"}}, HeadNo(1));
  ASSERT_TRUE(IsOk(shelf_->Sync()));
  shelf_.reset();
  const auto to_read = Shelf::OpenToRead(folder_.path());
  ASSERT_TRUE(IsOk(to_read));
  EXPECT_EQ((*to_read)->reached(), HeadNo(1));
  EXPECT_EQ(Scanned(**to_read, kNames), (Plain{{"a", "1"}}));
  (*to_read)->ReportUnreadable("it was read by somebody who knew better");
  EXPECT_TRUE(IsRefused((*to_read)->damage(), Reason::kShelfDamaged));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/DAMAGED"));
  Reopen();
  EXPECT_EQ(shelf_->reached(), HeadNo(1));
}

TEST_F(ShelfTest, IsEmptiedWhenItsFilesCannotBeRead) {
  PutEverywhere({{"a", "1"}}, HeadNo(1));
  shelf_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_.path() + "/rows")) {
    if (file.path().filename().string().starts_with("MANIFEST")) std::ofstream(file.path()) << "not a manifest";
  }
  Reopen();
  EXPECT_EQ(shelf_->reached(), Head{});
  EXPECT_TRUE(Scanned(*shelf_, kColours).empty());
  PutEverywhere({{"b", "2"}}, HeadNo(2));
  EXPECT_EQ(shelf_->Get(kColours, "b"), "2");
}

TEST_F(ShelfTest, SaysSoWhenARowCannotBeReadAndStartsAnew) {
  Plain rows;
  for (int i = 0; i < 30'000; ++i) rows[absl::StrCat("key", i)] = std::string(20, static_cast<char>('a' + i % 26));
  PutEverywhere(rows, HeadNo(1));
  ASSERT_TRUE(IsOk(shelf_->Sync()));
  shelf_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_.path() + "/rows")) {
    if (file.path().extension() != ".sst") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(file.file_size() / 4));
    bytes.write("flipped", 7);
  }
  Reopen();
  EXPECT_TRUE(IsOk(shelf_->damage()));
  EXPECT_LT(Scanned(*shelf_, kColours).size(), rows.size());
  EXPECT_TRUE(IsRefused(shelf_->damage(), Reason::kShelfDamaged));
  Reopen();
  EXPECT_EQ(shelf_->reached(), Head{});
  EXPECT_TRUE(IsOk(shelf_->damage()));
}

TEST(RowBatch, OfSeveralRowsWithOneKeyTheLastStays) {
  RowBatch batch;
  batch.Put(kColours, "grass", "green");
  batch.Erase(kNames, "ana");
  batch.Put(kColours, "grass", "brown");
  batch.Put(kNames, "ana", "here");
  batch.Put(kColours, "apple", "red");
  RowBatch all;
  all.Put(kColours, "apple", "green");
  all.Append(batch);
  all.Sort();
  ASSERT_EQ(all.size(), 3u);
  const auto& colours = all.of(RowOrder::kChanging);
  ASSERT_EQ(colours.size(), 2u);
  EXPECT_EQ(all.key(colours[0]), "Capple");
  EXPECT_EQ(all.value(colours[0]), "red");
  EXPECT_EQ(all.value(colours[1]), "brown");
  const auto& names = all.of(RowOrder::kScattered);
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(all.key(names[0]), "Nana");
  EXPECT_EQ(all.value(names[0]), "here");
}

}  // namespace
}  // namespace turnabout
