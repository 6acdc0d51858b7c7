// The verbs of turnaboutd that need no server, over a folder that a store wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/daemon/offline.h"
#include "store/audit/backup.h"
#include "store/keyspace.h"
#include "tests/support/books.h"
#include "tests/support/ran.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

Ran Typed(const std::string& line, bool terminal = false) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  EXPECT_TRUE(IsOfflineVerb(words)) << line;
  std::ostringstream out, err;
  OfflineConsole console{out, err, terminal};
  const int code = RunOffline(words, console);
  return {code, out.str(), err.str()};
}

// A folder in which Ben helped Ana three times, and a row that names her.
class OfflineTest : public testing::Test {
 protected:
  OfflineTest() {
    Books books(*OpenRocksdbJournal(SmallOptions(data_)));
    const OwnerId ana = books.Member();
    const OwnerId ben = books.Member();
    for (int i = 0; i < 3; ++i) {
      const auto posted = books.Post({books.Help(ben, ana, 30 + i)});
      EXPECT_TRUE(IsOk(posted));
      if (i == 0) first_ = posted->front();
    }
    EXPECT_TRUE(IsOk(books.Do([](Txn& txn) {
      txn.Put(ReferenceKey(1, "ana-jones"), "Ana Jones");
      txn.Remember(RequestKey{1}, {"content", "Ana"});
      return absl::OkStatus();
    })));
    const auto backup = WriteBackup(books.store->journal(), books.store->head(), SigningKey::Draw(), backup_);
    EXPECT_TRUE(IsOk(backup));
    online_ = *books.store->Verify();
  }
  std::string Path(const std::string& name) const { return absl::StrCat(folder_.path(), "/", name); }

  const TemporaryFolder folder_{FastPlace()};
  const std::string data_ = folder_.path() + "/data";
  const std::string backup_ = folder_.path() + "/backup";
  Entry first_;
  Verified online_;
};

TEST_F(OfflineTest, VerifyGivesTheDigestThatTheStoreGives) {
  const Ran ran = Typed("verify --data-dir " + data_);
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(After(ran.out, "digest"), ToHex(online_.digest));
  EXPECT_EQ(After(ran.out, "head hash"), ToHex(online_.head.hash));
  EXPECT_EQ(After(ran.out, "  entries"), "3");
  EXPECT_EQ(After(Typed("verify --json --data-dir=" + data_).out, "\"digest"), ToHex(online_.digest));
}

TEST_F(OfflineTest, AFolderInUseIsRefusedInOneLine) {
  const auto held = OpenRocksdbJournal(SmallOptions(data_));
  const Ran ran = Typed("verify --data-dir " + data_);
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(absl::StrContains(ran.err, "is in use by process ")) << ran.err;
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
}

TEST_F(OfflineTest, VerifyOfADamagedFolderNamesThePlace) {
  for (const auto& file : std::filesystem::directory_iterator(data_ + "/journal")) {
    if (file.path().extension() != ".log" || file.file_size() < 1000) continue;
    std::string bytes = ReadWholeFile(file.path());
    bytes[600] ^= 1;
    WriteWholeFile(file.path(), bytes);
  }
  const Ran ran = Typed("verify --data-dir " + data_);
  EXPECT_EQ(ran.code, 4);
  EXPECT_TRUE(absl::StrContains(ran.err, "The journal is damaged at block")) << ran.err;
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
}

TEST_F(OfflineTest, DumpShowsNobodyUnlessAsked) {
  const Ran dump = Typed("journal dump --data-dir " + data_);
  ASSERT_EQ(dump.code, 0) << dump.err;
  EXPECT_TRUE(absl::StrContains(dump.out, "put  row reference 1 (reference)  bytes 9\n")) << dump.out;
  EXPECT_TRUE(absl::StrContains(dump.out, "why exchange  state posted  amount 30  from "));
  EXPECT_FALSE(absl::StrContains(dump.out, "Ana"));
  EXPECT_FALSE(absl::StrContains(dump.out, "ana-jones"));
  EXPECT_EQ(static_cast<uint64_t>(std::count(dump.out.begin(), dump.out.end(), '\n')), online_.records);
  const Ran values = Typed("journal dump --values --data-dir " + data_);
  EXPECT_TRUE(absl::StrContains(values.out, "row reference 1 ana-jones  bytes 9  value Ana Jones\n"));
  const Ran one = Typed("journal dump --json --from 2 --to 2 --data-dir " + data_);
  EXPECT_EQ(After(one.out, "\"block\""), "2");
  EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 1);
}

TEST_F(OfflineTest, InspectCounts) {
  const Ran inspect = Typed("inspect --data-dir " + data_);
  ASSERT_EQ(inspect.code, 0) << inspect.err;
  EXPECT_TRUE(absl::StrContains(inspect.out, "3 entry, 1 put, 1 request, 2 account")) << inspect.out;
  EXPECT_TRUE(absl::StrContains(inspect.out, "scheme 1: 3"));
  EXPECT_EQ(After(Typed("inspect --json --data-dir " + data_).out, "\"head_hash"), ToHex(online_.head.hash));
}

TEST_F(OfflineTest, ABackupIsVerifiedAndRestored) {
  const Ran checked = Typed("backup verify " + backup_);
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(After(checked.out, "digest"), ToHex(online_.digest));
  const std::string restore = absl::StrCat("restore --from ", backup_, " --data-dir ", Path("new"));
  const Ran restored = Typed(restore);
  EXPECT_EQ(restored.code, 0) << restored.err;
  EXPECT_EQ(After(restored.out, "digest"), ToHex(online_.digest));
  EXPECT_EQ(After(Typed("verify --data-dir " + Path("new")).out, "digest"), ToHex(online_.digest));
  const Ran again = Typed(restore);
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(absl::StrContains(again.err, "is not empty")) << again.err;
  EXPECT_EQ(Typed("backup verify " + data_).code, 1);
}

TEST_F(OfflineTest, ExportHoldsEveryEntryAndAccount) {
  const Ran csv = Typed(absl::StrCat("export --data-dir ", data_, " --csv ", Path("csv")));
  ASSERT_EQ(csv.code, 0) << csv.err;
  const std::string entries = ReadWholeFile(Path("csv/entries.csv"));
  const std::string id = first_.id.ToString();
  EXPECT_EQ(std::count(entries.begin(), entries.end(), '\n'), 4);
  EXPECT_TRUE(absl::StrContains(entries, absl::StrCat("\n", id, ",1,1,1,posted,minutes,30,"))) << entries;
  EXPECT_TRUE(absl::StrContains(ReadWholeFile(Path("csv/accounts.csv")), ".minutes,-93,0,0,"));
  ASSERT_EQ(Typed(absl::StrCat("export --data-dir ", data_, " --sql ", Path("books.sql"))).code, 0);
  EXPECT_TRUE(absl::StrContains(ReadWholeFile(Path("books.sql")),
                                absl::StrCat("INSERT INTO entries VALUES ('", id, "', '1', '1', '1', 'posted'")));
}

TEST_F(OfflineTest, WhatCannotBeUnderstoodIsSaidWithTheUsage) {
  for (const std::string& line :
       {std::string("verify"), std::string("verify --data-dir"), std::string("verify --data-dri x"),
        absl::StrCat("journal dump --from x --data-dir ", data_), std::string("backup verify"),
        std::string("verify --json=yes"), std::string("export --data-dir x")}) {
    const Ran ran = Typed(line);
    EXPECT_EQ(ran.code, 2) << line;
    EXPECT_TRUE(absl::StrContains(ran.err, "Usage: turnaboutd ")) << line;
  }
  EXPECT_EQ(Typed("verify --help").code, 0);
  EXPECT_EQ(Typed("verify --data-dir /nowhere").code, 1);
}

}  // namespace
}  // namespace turnabout
