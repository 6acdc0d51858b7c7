#include "store/journal/rocksdb_journal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/reason.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

// A folder with a closed journal of `blocks` blocks.
class RocksdbJournalTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> MustOpen() { return MustOpen(SmallOptions(path())); }
  std::unique_ptr<Journal> MustOpen(const RocksdbJournalOptions& options) {
    auto journal = OpenRocksdbJournal(options);
    EXPECT_TRUE(journal.ok()) << journal.status();
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  absl::Status OpenStatus() { return OpenRocksdbJournal(SmallOptions(path())).status(); }
  void Write(int blocks) { AppendBlocks(*MustOpen(), blocks); }
  // Copies what is at `name` in the folder to a place beside it, and back.
  void Keep(const std::string& name) {
    fs::copy(path() + "/" + name, kept_.path() + "/" + name, fs::copy_options::recursive);
  }
  void Restore(const std::string& name) {
    fs::remove_all(path() + "/" + name);
    fs::copy(kept_.path() + "/" + name, path() + "/" + name, fs::copy_options::recursive);
  }
  const std::string& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  TemporaryFolder kept_;
};

TEST_F(RocksdbJournalTest, MakesTheFolderButNotItsParent) {
  EXPECT_NE(MustOpen(SmallOptions(path() + "/data")), nullptr);
  EXPECT_EQ(ReadWholeFile(path() + "/data/FORMAT"), "2\n");
  const absl::Status refused = OpenRocksdbJournal(SmallOptions(path() + "/no/data")).status();
  EXPECT_TRUE(IsRefusedFor(refused, Reason::kJournalUnavailable)) << refused;
  EXPECT_FALSE(fs::exists(path() + "/no"));
  WriteWholeFile(path() + "/file", "");
  EXPECT_TRUE(IsRefusedFor(OpenRocksdbJournal(SmallOptions(path() + "/file")).status(), Reason::kJournalUnavailable));
}

TEST_F(RocksdbJournalTest, AFolderInUseNamesTheProcessThatHasIt) {
  {
    const auto journal = MustOpen();
    const absl::Status refused = OpenStatus();
    ASSERT_TRUE(IsRefusedFor(refused, Reason::kFolderInUse)) << refused;
    EXPECT_EQ(RefusalOf(refused)->fact("pid"), absl::StrCat(::getpid()));
    EXPECT_EQ(RefusalOf(refused)->fact("folder"), path());
    AppendBlocks(*journal, 1);
  }
  EXPECT_EQ(MustOpen()->ReadHead()->number, 1u);
}

TEST_F(RocksdbJournalTest, ANewerOrUnreadableFormatIsRefusedAndLeftAlone) {
  Write(2);
  for (const char* format : {"3\n", "99", "0", "", "one", "1 2"}) {
    WriteWholeFile(path() + "/FORMAT", format);
    const absl::Status refused = OpenStatus();
    EXPECT_TRUE(IsRefusedFor(refused, Reason::kFormatUnknown)) << format << refused;
    EXPECT_EQ(RefusalOf(refused)->fact("known"), "2");
    EXPECT_EQ(ReadWholeFile(path() + "/FORMAT"), format);
  }
  WriteWholeFile(path() + "/FORMAT", "2\n");
  EXPECT_EQ(MustOpen()->ReadHead()->number, 2u);
}

TEST_F(RocksdbJournalTest, AFolderThatCannotBeWrittenIsUnavailable) {
  const std::string folder = path() + "/data";
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  const uid_t user = ::geteuid();
  if (user == 0) {
    // The superuser may write anywhere, so this is tried as nobody.
    fs::permissions(path(), fs::perms::all);
    fs::permissions(folder, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const absl::Status refused = OpenRocksdbJournal(SmallOptions(folder)).status();
  ASSERT_EQ(::seteuid(user), 0);
  EXPECT_TRUE(IsRefusedFor(refused, Reason::kJournalUnavailable)) << refused;
  EXPECT_NE(refused.message().find("Permission denied"), absl::string_view::npos) << refused;
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(RocksdbJournalTest, AJournalThatEndsBeforeItsAcknowledgedHeadIsDamaged) {
  Write(3);
  Keep("journal");
  Write(3);
  Restore("journal");
  const absl::Status refused = OpenStatus();
  ASSERT_TRUE(IsRefusedFor(refused, Reason::kJournalDamaged)) << refused;
  EXPECT_EQ(RefusalOf(refused)->fact("block"), "4");
  EXPECT_NE(refused.message().find("block 6 was acknowledged"), absl::string_view::npos) << refused;
}

TEST_F(RocksdbJournalTest, AHeadThatLagsCatchesUp) {
  Write(3);
  Keep("HEAD");
  Write(4);
  Restore("HEAD");
  EXPECT_EQ(MustOpen()->ReadHead()->number, 7u);
  fs::remove_all(path() + "/journal");
  EXPECT_TRUE(IsRefusedFor(OpenStatus(), Reason::kJournalDamaged));
}

TEST_F(RocksdbJournalTest, AHeadFromAnotherChainOfTheSameLengthIsDamaged) {
  Write(3);
  TemporaryFolder other;
  {
    auto journal = MustOpen(SmallOptions(other.path()));
    ASSERT_TRUE(journal->Append(BlockAfter(Head(), "a different beginning")).ok());
    AppendBlocks(*journal, 2);
  }
  fs::copy(other.path() + "/HEAD", path() + "/HEAD", fs::copy_options::overwrite_existing);
  const absl::Status refused = OpenStatus();
  ASSERT_TRUE(IsRefusedFor(refused, Reason::kJournalDamaged)) << refused;
  EXPECT_EQ(RefusalOf(refused)->fact("block"), "3");
}

TEST_F(RocksdbJournalTest, OneDamagedCopyOfTheHeadIsBorneAndTwoAreNot) {
  Write(6);
  const std::string whole = ReadWholeFile(path() + "/HEAD");
  ASSERT_EQ(whole.size(), 1024u);
  for (size_t copy : {0, 1}) {
    std::string spoilt = whole;
    spoilt[copy * 512 + 20] ^= 1;
    WriteWholeFile(path() + "/HEAD", spoilt);
    EXPECT_EQ(MustOpen()->ReadHead()->number, 6u) << copy;
  }
  std::string spoilt = whole;
  spoilt[20] ^= 1;
  spoilt[512 + 90] ^= 1;
  for (const std::string& bytes : {spoilt, whole.substr(0, 1000), whole + "x", std::string()}) {
    WriteWholeFile(path() + "/HEAD", bytes);
    EXPECT_TRUE(IsRefusedFor(OpenStatus(), Reason::kJournalDamaged));
  }
}

TEST_F(RocksdbJournalTest, MissingPiecesAreFoundOut) {
  Write(2);
  for (const char* name : {"HEAD", "FORMAT", "journal"}) {
    Keep(name);
    fs::remove_all(path() + "/" + name);
    EXPECT_TRUE(IsRefusedFor(OpenStatus(), Reason::kJournalDamaged)) << name;
    Restore(name);
    EXPECT_EQ(MustOpen()->ReadHead()->number, 2u) << name;
  }
}

TEST_F(RocksdbJournalTest, ALogCutShortByOneRecordIsFoundOutByTheHead) {
  Write(5);
  fs::path newest;
  for (const auto& file : fs::directory_iterator(path() + "/journal")) {
    if (file.path().extension() == ".log") newest = std::max(newest, file.path());
  }
  ASSERT_GT(fs::file_size(newest), 10u);
  fs::resize_file(newest, fs::file_size(newest) - 3);
  const absl::Status refused = OpenStatus();
  ASSERT_TRUE(IsRefusedFor(refused, Reason::kJournalDamaged)) << refused;
  EXPECT_EQ(RefusalOf(refused)->fact("block"), "5");
}

TEST_F(RocksdbJournalTest, BelowTheLowWaterMarkWritesAreRefusedAndReadsGoOn) {
  Write(2);
  RocksdbJournalOptions options = SmallOptions(path());
  options.low_water_bytes = uint64_t{1} << 60;
  {
    const auto journal = MustOpen(options);
    const Block next = BlockAfter(*journal->ReadHead(), "three");
    for (int attempt = 0; attempt < 2; ++attempt) {
      const absl::Status refused = journal->Append(next);
      ASSERT_TRUE(IsRefusedFor(refused, Reason::kDiskFull)) << refused;
      EXPECT_EQ(RefusalOf(refused)->fact("needed_bytes"),
                absl::StrCat(options.low_water_bytes + EncodeBlock(next).size()));
      EXPECT_FALSE(RefusalOf(refused)->fact("free_bytes").empty());
    }
    EXPECT_EQ(journal->ReadHead()->number, 2u);
    EXPECT_TRUE(AllBytes(*journal).ok());
  }
  Write(1);
  EXPECT_EQ(MustOpen()->ReadHead()->number, 3u);
}

TEST_F(RocksdbJournalTest, TheBallastIsAsLargeAsItIsToBe) {
  RocksdbJournalOptions options = SmallOptions(path());
  for (uint64_t bytes : {uint64_t{3} << 20, uint64_t{5} << 20, uint64_t{1} << 20}) {
    options.ballast_bytes = bytes;
    MustOpen(options);
    EXPECT_EQ(fs::file_size(path() + "/BALLAST"), bytes);
  }
  options.low_water_bytes = uint64_t{1} << 60;
  MustOpen(options);
  EXPECT_FALSE(fs::exists(path() + "/BALLAST"));
  options.low_water_bytes = 1 << 20;
  MustOpen(options);
  EXPECT_TRUE(fs::exists(path() + "/BALLAST"));
  options.ballast_bytes = 0;
  MustOpen(options);
  EXPECT_FALSE(fs::exists(path() + "/BALLAST"));
}

}  // namespace
}  // namespace turnabout
