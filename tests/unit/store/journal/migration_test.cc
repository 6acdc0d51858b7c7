#include "store/journal/migration.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "base/reason.h"
#include "store/journal/data_folder.h"
#include "tests/support/seed.h"
#include "tests/support/small_disk.h"
#include "tests/support/status.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMigrationMostMicros = 3'000;  // how long a migration has had that is killed

// A folder of format 1 with three steps to format 4, of which each adds its letter to a file, once however often it is
// run.
class MigrationTest : public testing::Test {
 protected:
  MigrationTest() {
    SetFormat("1\n");
    for (const char letter : {'b', 'c', 'd'}) {
      steps_.push_back([letter, this](const std::string& folder) {
        EXPECT_EQ(folder, path());
        std::string letters = ReadWholeFile(path() + "/letters");
        if (letters.find(letter) == std::string::npos) WriteWholeFile(path() + "/letters", letters += letter);
        runs_ += letter;
        return absl::OkStatus();
      });
    }
  }

  const std::string& path() const { return folder_.path(); }
  void SetFormat(const std::string& text) { WriteWholeFile(path() + "/FORMAT", text); }
  std::string Format() { return ReadWholeFile(path() + "/FORMAT"); }
  std::string Letters() { return ReadWholeFile(path() + "/letters"); }

  // Migrates in a process of its own, which `steps` are to end by SIGKILL.
  void MigrateUntilKilled(const std::vector<MigrationStep>& steps) {
    const pid_t child = ::fork();
    if (child == 0) {
      static_cast<void>(Migrate(path(), steps));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
  }

  const TemporaryFolder folder_{FastPlace()};
  std::vector<MigrationStep> steps_;
  std::string runs_;
};

TEST_F(MigrationTest, RunsEveryStepOnceAndInOrder) {
  ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
  EXPECT_EQ(Letters(), "bcd");
  EXPECT_EQ(Format(), "4\n");
  ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
  EXPECT_EQ(runs_, "bcd");
}

TEST_F(MigrationTest, BeginsAtTheFormatOfTheFolder) {
  SetFormat("2\n");
  ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
  EXPECT_EQ(runs_, "cd");
}

TEST_F(MigrationTest, AFormatWithoutAStepIsRefusedAndLeftAlone) {
  for (const char* format : {"5\n", "0\n", "", "two\n"}) {
    SetFormat(format);
    EXPECT_TRUE(IsRefused(Migrate(path(), steps_), Reason::kFormatUnknown)) << format;
    EXPECT_EQ(Format(), format);
  }
  EXPECT_EQ(runs_, "");
}

TEST_F(MigrationTest, AStepThatFailsIsTheFirstOfTheNextTime) {
  std::vector<MigrationStep> failing = steps_;
  failing[1] = [](const std::string&) { return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}}); };
  EXPECT_TRUE(IsRefused(Migrate(path(), failing), Reason::kJournalUnavailable));
  EXPECT_EQ(Format(), "2\n");
  EXPECT_EQ(Letters(), "b");
  ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
  EXPECT_EQ(runs_, "bcd");
}

// Killed before a step does anything, and after it did everything and FORMAT does not say so yet: the next time begins
// with that step and comes to what an undisturbed one does.
TEST_F(MigrationTest, ResumesAtTheStepInWhichItWasKilled) {
  for (size_t at = 0; at < steps_.size(); ++at) {
    for (const bool is_done : {false, true}) {
      SetFormat("1\n");
      fs::remove(path() + "/letters");
      std::vector<MigrationStep> killed = steps_;
      killed[at] = [&](const std::string& folder) -> absl::Status {
        if (is_done) static_cast<void>(steps_[at](folder));
        ::raise(SIGKILL);
        return absl::OkStatus();
      };
      ASSERT_NO_FATAL_FAILURE(MigrateUntilKilled(killed));
      EXPECT_EQ(Format(), absl::StrCat(at + 1, "\n"));
      EXPECT_EQ(Letters(), std::string("bcd").substr(0, at + is_done));
      runs_.clear();
      ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
      EXPECT_EQ(runs_, std::string("bcd").substr(at));
      EXPECT_EQ(Letters(), "bcd");
      EXPECT_EQ(Format(), "4\n");
    }
  }
}

// The same with today's own steps and a kill at any moment.
TEST_F(MigrationTest, AKilledOneLeavesTheFolderOfOneFormatOrTheNext) {
  const Seed seed = HasTestSeed() ? TestSeed(1) : SeedFromSystem();
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  std::string before;
  fs::remove(path() + "/FORMAT");
  {
    const auto journal = OpenRocksdbJournal(SmallOptions(path()));
    ASSERT_TRUE(IsOk(journal));
    AppendBlocks(**journal, 3);
    before = *AllBytes(**journal);
  }
  std::map<std::string, int> formats;
  for (int kill = 0; kill < (IsFullRun() ? 2000 : 60); ++kill) {
    SetFormat("1\n");
    const pid_t child = ::fork();
    if (child == 0) {
      const auto folder = DataFolder::Open(path());
      ::pause();
    }
    ::usleep(static_cast<useconds_t>(random.Below(kMigrationMostMicros)));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ++formats[Format()];
    const auto journal = OpenRocksdbJournal(SmallOptions(path()));
    ASSERT_TRUE(IsOk(journal));
    EXPECT_TRUE(*AllBytes(**journal) == before);
    EXPECT_EQ(Format(), absl::StrCat(kDataFolderFormat, "\n"));
  }
  EXPECT_EQ(formats["1\n"] + formats["2\n"], IsFullRun() ? 2000 : 60);
  std::printf("killed before FORMAT said so: %d, after: %d\n", formats["1\n"], formats["2\n"]);
}

// What is left of a FORMAT that was being written when the machine stopped has another name.
TEST_F(MigrationTest, AHalfWrittenFormatIsNoFormat) {
  WriteWholeFile(path() + "/FORMAT.new", "");
  ASSERT_TRUE(IsOk(Migrate(path(), steps_)));
  EXPECT_EQ(Format(), "4\n");
  EXPECT_FALSE(fs::exists(path() + "/FORMAT.new"));
}

TEST_F(MigrationTest, EveryFormatHasAStepToTheNext) { EXPECT_EQ(MigrationSteps().size() + 1, kDataFolderFormat); }

TEST_F(MigrationTest, FromOneToTwoNoShelfIsCarriedOver) {
  for (int time = 0; time < 2; ++time) {
    SetFormat("1\n");
    fs::create_directories(path() + "/shelf/part");
    WriteWholeFile(path() + "/shelf/part/file", "from elsewhere");
    WriteWholeFile(path() + "/HEAD", "kept");
    ASSERT_TRUE(IsOk(Migrate(path(), {MigrationSteps()[0]})));
    EXPECT_EQ(Format(), "2\n");
    EXPECT_FALSE(fs::exists(path() + "/shelf"));
    EXPECT_EQ(ReadWholeFile(path() + "/HEAD"), "kept");
  }
}

TEST_F(MigrationTest, OnADiskThatCannotBeWrittenNothingIsChanged) {
  WriteWholeFile(path() + "/HEAD", "kept");
  {
    const ReadOnlyDisk disk(path());
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    EXPECT_TRUE(IsRefused(Migrate(path()), Reason::kJournalUnavailable));
    EXPECT_TRUE(IsRefused(DataFolder::Open(path()), Reason::kJournalUnavailable));
    EXPECT_TRUE(IsOk(DataFolder::OpenToRead(path())));
  }
  EXPECT_EQ(Format(), "1\n");
  EXPECT_EQ(ReadWholeFile(path() + "/HEAD"), "kept");
}

TEST_F(MigrationTest, OpeningToReadLeavesTheFormatAndOpeningToWriteBringsItUp) {
  SetFormat("1\n");
  WriteWholeFile(path() + "/HEAD", "kept");
  ASSERT_TRUE(IsOk(DataFolder::OpenToRead(path())));
  EXPECT_EQ(Format(), "1\n");
  ASSERT_TRUE(IsOk(DataFolder::Open(path())));
  EXPECT_EQ(Format(), absl::StrCat(kDataFolderFormat, "\n"));
}

}  // namespace
}  // namespace turnabout
