#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/reason.h"
#include "base/seed.h"
#include "tests/support/small_disk.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

// Runs append_until_killed on `folder`, kills it `microseconds` after its first acknowledgement or, if `opening`, after
// its start, and returns the last number it acknowledged, or 0. All that is in the pipe was acknowledged before it
// died.
uint64_t AppendAndKill(const std::string& folder, uint64_t microseconds, bool opening) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::string program = APPEND_UNTIL_KILLED;
  std::string argument = folder;
  char* const argv[] = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, argv, environ), 0) << program;
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  uint64_t last = 0;
  uint64_t number = 0;
  if (!opening && ::read(ends[0], &number, sizeof(number)) == sizeof(number)) last = number;
  ::usleep(static_cast<useconds_t>(microseconds));
  ::kill(child, SIGKILL);
  while (::read(ends[0], &number, sizeof(number)) == sizeof(number)) last = number;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
  return last;
}

TEST(RocksdbJournalCrash, EveryAcknowledgedBlockIsThereAfterEveryKill) {
  const uint64_t seed = SeedFromSystem().value;
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Random random(Seed{seed});
  TemporaryFolder folder;
  uint64_t acknowledged = 0;
  std::string before;
  for (int kill = 0; kill < 20; ++kill) {
    const uint64_t last = AppendAndKill(folder.path(), random.Below(60'000), kill % 5 == 4);
    if (last > 0) {
      EXPECT_GT(last, acknowledged);
      acknowledged = last;
    }
    const auto journal = OpenRocksdbJournal(SmallOptions(folder.path()));
    ASSERT_TRUE(journal.ok()) << journal.status();
    const Head head = *(*journal)->ReadHead();
    EXPECT_GE(head.number, acknowledged) << kill;
    EXPECT_LE(head.number, acknowledged + 1 + (last == 0)) << kill;  // one at most was not acknowledged yet
    const absl::StatusOr<std::string> all = AllBytes(**journal);
    ASSERT_TRUE(all.ok()) << all.status();
    EXPECT_EQ(all->compare(0, before.size(), before), 0) << "what was there has changed";
    before = *all;
    acknowledged = head.number;
  }
  EXPECT_GE(acknowledged, 16u);  // four kills of five waited for one, however slow the disk
}

// Bytes that no codec makes shorter, so that they take as much room in a table as they did in the log.
std::string Incompressible(size_t size) {
  Random random(Seed{20'262});
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.Next());
  return bytes;
}

TEST(RocksdbJournalFullDisk, RefusesWhileReadsGoOnAndOpensFromTheBallastAlone) {
  TemporaryFolder mount_point;
  const SmallDisk disk(mount_point.path(), uint64_t{160} << 20);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  const std::string folder = mount_point.path() + "/data";
  const RocksdbJournalOptions options = {
      .folder = folder, .low_water_bytes = uint64_t{8} << 20, .ballast_bytes = uint64_t{64} << 20};
  {
    auto journal = OpenRocksdbJournal(options);
    ASSERT_TRUE(journal.ok()) << journal.status();
    AppendBlocks(**journal, 38);
    // What is in the log only has to be written again to open: it must fit where the ballast was.
    const std::string piece = Incompressible(size_t{2} << 20);
    for (int i = 0; i < 12; ++i) {
      ASSERT_TRUE((*journal)->Append(BlockAfter(*(*journal)->ReadHead(), piece)).ok());
    }
    disk.FillUpTo(0, "filler");
    const absl::Status refused = (*journal)->Append(BlockAfter(*(*journal)->ReadHead(), "no room"));
    EXPECT_TRUE(IsRefusedFor(refused, Reason::kDiskFull)) << refused;
    EXPECT_TRUE(AllBytes(**journal).ok());
  }
  disk.FillUpTo(0, "more filler");
  ASSERT_EQ(disk.FreeBytes(), 0u);
  {
    auto journal = OpenRocksdbJournal(options);
    ASSERT_TRUE(journal.ok()) << journal.status();
    EXPECT_FALSE(std::filesystem::exists(folder + "/BALLAST"));
    EXPECT_EQ((*journal)->ReadHead()->number, 50u);
    EXPECT_TRUE(AllBytes(**journal).ok());
    disk.FillUpTo(0, "yet more filler");
    EXPECT_TRUE(IsRefusedFor((*journal)->Append(BlockAfter(*(*journal)->ReadHead(), "no room")), Reason::kDiskFull));
    for (const char* name : {"filler", "more filler", "yet more filler"}) {
      std::filesystem::remove(mount_point.path() + "/" + name);
    }
    AppendBlocks(**journal, 5);
  }
  auto journal = OpenRocksdbJournal(options);
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_EQ((*journal)->ReadHead()->number, 55u);
  EXPECT_TRUE(AllBytes(**journal).ok());
}

TEST(RocksdbJournalFullDisk, AFlushThatFindsNoRoomLosesNothing) {
  TemporaryFolder mount_point;
  const SmallDisk disk(mount_point.path(), uint64_t{128} << 20);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  RocksdbJournalOptions options = SmallOptions(mount_point.path() + "/data");
  options.low_water_bytes = 0;
  const std::string filler = mount_point.path() + "/filler";
  Head acknowledged;
  {
    auto journal = OpenRocksdbJournal(options);
    ASSERT_TRUE(journal.ok()) << journal.status();
    AppendBlocks(**journal, 3);
    disk.FillUpTo(0, "filler");
    std::filesystem::resize_file(filler, std::filesystem::file_size(filler) - (size_t{4} << 20));
    const std::string piece = Incompressible(size_t{256} << 10);
    absl::Status written;
    while (written.ok()) {
      acknowledged = *(*journal)->ReadHead();
      written = (*journal)->Append(BlockAfter(acknowledged, piece));
    }
    EXPECT_TRUE(RefusalOf(written).has_value()) << written;
    EXPECT_EQ(*(*journal)->ReadHead(), acknowledged);
    EXPECT_TRUE(AllBytes(**journal).ok());
  }
  std::filesystem::remove(filler);
  auto journal = OpenRocksdbJournal(options);
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_GE((*journal)->ReadHead()->number, acknowledged.number);
  EXPECT_TRUE(AllBytes(**journal).ok());
  AppendBlocks(**journal, 1);
}

// While it lives, no file of this process grows past `bytes`; a write that would is cut short, then fails.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    before_signal_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lower = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, before_signal_);
  }

 private:
  rlimit before_;
  sighandler_t before_signal_;
};

TEST(RocksdbJournalFailedWrite, StopsTheWriterUntilItIsOpenedAnewAndLosesNothing) {
  TemporaryFolder folder;
  std::string before;
  {
    auto journal = OpenRocksdbJournal(SmallOptions(folder.path()));
    ASSERT_TRUE(journal.ok()) << journal.status();
    AppendBlocks(**journal, 5);
    before = *AllBytes(**journal);
    const Head head = *(*journal)->ReadHead();
    absl::Status written;
    {
      const FileSizeLimit limit(rlim_t{1} << 20);
      written = (*journal)->Append(BlockAfter(head, std::string(size_t{3} << 20, 'b')));
    }
    EXPECT_TRUE(IsRefusedFor(written, Reason::kJournalUnavailable)) << written;
    written = (*journal)->Append(BlockAfter(head, "it would fit"));
    EXPECT_TRUE(IsRefusedFor(written, Reason::kJournalUnavailable)) << written;
    EXPECT_EQ(*(*journal)->ReadHead(), head);
    EXPECT_EQ(*AllBytes(**journal), before);
  }
  auto journal = OpenRocksdbJournal(SmallOptions(folder.path()));
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_EQ(*AllBytes(**journal), before);
  AppendBlocks(**journal, 1);
}

}  // namespace
}  // namespace turnabout
