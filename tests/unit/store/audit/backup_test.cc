#include "store/audit/backup.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/reason.h"
#include "store/audit/audit.h"
#include "store/journal/folder_journal.h"
#include "tests/support/books.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

class BackupTest : public testing::Test {
 protected:
  void Grow(int exchanges) {
    for (int i = 0; i < exchanges; ++i) EXPECT_TRUE(IsOk(books_.Post({books_.Help(ana_, ben_, 30)})));
  }
  absl::StatusOr<BackupDone> Backup(const std::string& path) {
    return WriteBackup(books_.store->journal(), books_.store->head(), key_, path);
  }
  static absl::StatusOr<Verified> AuditBackup(const std::string& path) {
    const auto backup = OpenBackup(path);
    if (!backup.ok()) return backup.status();
    Book book;
    return Audit(**backup, {&book}, nullptr);
  }
  std::string Path(const std::string& name) const { return folder_.path() + "/" + name; }

  const TemporaryFolder folder_{FastPlace()};
  Books books_;
  const SigningKey key_ = SigningKey::Draw();
  const OwnerId ana_ = books_.Member();
  const OwnerId ben_ = books_.Member();
};

TEST_F(BackupTest, HoldsWhatTheStoreHolds) {
  Grow(5);
  const absl::StatusOr<BackupDone> done = Backup(Path("b"));
  ASSERT_TRUE(IsOk(done));
  EXPECT_EQ(done->added_blocks, books_.store->head().number);
  const absl::StatusOr<Verified> copy = AuditBackup(Path("b"));
  ASSERT_TRUE(IsOk(copy));
  EXPECT_EQ(ToHex(copy->digest), ToHex(books_.store->Verify()->digest));
  const absl::StatusOr<SignedHead> head = ReadBackupHead(Path("b"));
  ASSERT_TRUE(IsOk(head));
  EXPECT_EQ(head->public_key, key_.public_key());
}

TEST_F(BackupTest, GrowsByWhatIsNew) {
  Grow(5);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  Grow(3);
  const absl::StatusOr<BackupDone> more = Backup(Path("b"));
  ASSERT_TRUE(IsOk(more));
  EXPECT_EQ(more->added_blocks, 3u);
  EXPECT_GT(more->added_bytes, 3 * 128u);
  EXPECT_LT(more->added_bytes, 3 * 1000u);
  const absl::StatusOr<BackupDone> nothing = Backup(Path("b"));
  ASSERT_TRUE(IsOk(nothing));
  EXPECT_EQ(nothing->added_blocks, 0u);
  EXPECT_EQ(ToHex(AuditBackup(Path("b"))->digest), ToHex(books_.store->Verify()->digest));
}

TEST_F(BackupTest, OfNothingCanGrowToo) {
  const auto empty = NewMemoryJournal();
  ASSERT_TRUE(IsOk(WriteBackup(*empty, Head(), key_, Path("b"))));
  EXPECT_TRUE(IsOk(AuditBackup(Path("b"))));
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  EXPECT_EQ(ToHex(AuditBackup(Path("b"))->digest), ToHex(books_.store->Verify()->digest));
}

TEST_F(BackupTest, EndsAtTheBlockItWasAskedFor) {
  const Head then = books_.store->head();
  Grow(4);
  ASSERT_TRUE(IsOk(WriteBackup(books_.store->journal(), then, key_, Path("b"))));
  EXPECT_EQ(AuditBackup(Path("b"))->head, then);
}

TEST_F(BackupTest, IsRefusedWhereSomethingElseIs) {
  Grow(2);
  EXPECT_TRUE(IsRefusedFor(Backup("b").status(), Reason::kBadFields));
  EXPECT_TRUE(IsRefusedFor(Backup("").status(), Reason::kBadFields));
  WriteWholeFile(Path("file"), "x");
  EXPECT_TRUE(IsRefusedFor(Backup(Path("file")).status(), Reason::kBadFields));
  EXPECT_TRUE(IsRefusedFor(Backup(folder_.path()).status(), Reason::kBadFields));
  EXPECT_EQ(ReadWholeFile(Path("file")), "x");
  Books others;
  others.Member(-5);
  ASSERT_TRUE(IsOk(WriteBackup(others.store->journal(), others.store->head(), key_, Path("other"))));
  EXPECT_TRUE(IsRefusedFor(Backup(Path("other")).status(), Reason::kBadFields));
}

TEST_F(BackupTest, CutShortLeavesTheEarlierOne) {
  Grow(2);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  const Head then = books_.store->head();
  Grow(2);
  // What a copy leaves that wrote its blocks and never its list.
  WriteWholeFile(Path("b/blocks-00000000000000000005"), "half a block");
  EXPECT_EQ(AuditBackup(Path("b"))->head, then);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  EXPECT_EQ(AuditBackup(Path("b"))->head, books_.store->head());
}

TEST_F(BackupTest, IsRefusedWithAnyByteChanged) {
  Grow(2);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  Grow(1);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  for (const auto& file : std::filesystem::directory_iterator(Path("b"))) {
    const std::string whole = ReadWholeFile(file.path());
    for (size_t i = 0; i < whole.size(); ++i) {
      std::string changed = whole;
      changed[i] ^= 1;
      WriteWholeFile(file.path(), changed);
      EXPECT_TRUE(IsRefusedFor(AuditBackup(Path("b")).status(), Reason::kJournalDamaged)) << file.path() << " " << i;
    }
    std::filesystem::remove(file.path());
    EXPECT_FALSE(AuditBackup(Path("b")).ok()) << file.path();
    WriteWholeFile(file.path(), whole);
  }
  EXPECT_TRUE(IsOk(AuditBackup(Path("b"))));
}

TEST_F(BackupTest, RestoresTheSameDigest) {
  Grow(6);
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  ASSERT_TRUE(IsOk(RestoreBackup(**OpenBackup(Path("b")), Path("data"))));
  EXPECT_FALSE(std::filesystem::exists(Path("data.restoring")));
  const auto restored = OpenFolderToRead(Path("data"));
  ASSERT_TRUE(IsOk(restored));
  Book book;
  const absl::StatusOr<Verified> verified = Audit(**restored, {&book}, nullptr);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(ToHex(verified->digest), ToHex(books_.store->Verify()->digest));
}

TEST_F(BackupTest, IsRestoredIntoNothingThatIsThere) {
  ASSERT_TRUE(IsOk(Backup(Path("b"))));
  std::filesystem::create_directory(Path("data"));
  WriteWholeFile(Path("data/notes"), "mine");
  EXPECT_TRUE(absl::IsFailedPrecondition(RestoreBackup(**OpenBackup(Path("b")), Path("data"))));
  EXPECT_EQ(ReadWholeFile(Path("data/notes")), "mine");
  std::filesystem::remove(Path("data/notes"));
  std::filesystem::create_directory(Path("data.restoring"));
  EXPECT_TRUE(absl::IsFailedPrecondition(RestoreBackup(**OpenBackup(Path("b")), Path("data"))));
  std::filesystem::remove(Path("data.restoring"));
  EXPECT_TRUE(IsOk(RestoreBackup(**OpenBackup(Path("b")), Path("data"))));
}

}  // namespace
}  // namespace turnabout
