// A server over a data folder, the command line against it, and the offline verbs over what it leaves.
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/proof_file.h"
#include "tests/integration/journal_fixture.h"
#include "tests/support/status.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

using JournalServiceTest = JournalFixture;

TEST_F(JournalServiceTest, OfflineVerifyGivesTheDigestThatTheServerGives) {
  Fill();
  const Ran online = Cli("verify");
  ASSERT_EQ(online.code, 0) << online.err;
  const Ran busy = Offline("verify --data-dir " + data_);
  EXPECT_EQ(busy.code, 1);
  EXPECT_TRUE(absl::StrContains(busy.err, "is in use by process ")) << busy.err;
  Stop();
  const Ran offline = Offline("verify --data-dir " + data_);
  ASSERT_EQ(offline.code, 0) << offline.err;
  EXPECT_EQ(After(offline.out, "digest"), After(online.out, "digest"));
  EXPECT_EQ(After(offline.out, "head hash"), After(online.out, "head hash"));
  EXPECT_EQ(After(offline.out, "entries"), "3");
  EXPECT_EQ(After(Offline("verify --json --data-dir " + data_).out, "\"digest"), After(online.out, "digest"));
}

TEST_F(JournalServiceTest, WatchShowsWhatWasWrittenAndGoesOnFromAnyRevision) {
  Fill();
  const Ran all = Cli("journal watch --from 0 --once");
  ASSERT_EQ(all.code, 0) << all.err;
  for (const char* line :
       {"changed       member Ben\n", "changed       limits of Ben in turns\n", "changed       rule set 1\n",
        "entry 3       1 hour from opening credit to Ben (opening, posted): start\n"}) {
    EXPECT_TRUE(absl::StrContains(all.out, line)) << line << "\n" << all.out;
  }
  const Ran entries = Cli("journal watch --from 0 --once --account ben --output json");
  const std::vector<std::string> lines = absl::StrSplit(entries.out, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u) << entries.out << entries.err;
  const std::string second = After(lines[1], "\"sequence\"");
  const Ran rest = Cli(absl::StrCat("journal watch --once --entries --from ", second));
  EXPECT_TRUE(absl::StrContains(rest.out, "entry 3 ")) << rest.out;
  EXPECT_FALSE(absl::StrContains(rest.out, "entry 2 ")) << rest.out;
  EXPECT_EQ(Cli("journal watch --once").out, "");
  EXPECT_EQ(Cli("journal watch --from soon").code, 2);
  EXPECT_EQ(Cli("journal watch --from 100000").code, 1);
}

TEST_F(JournalServiceTest, OfflineVerifyOfADamagedFolderNamesThePlace) {
  Fill();
  Stop();
  for (const auto& file : std::filesystem::directory_iterator(data_ + "/journal")) {
    if (file.path().extension() != ".log" || file.file_size() < 2000) continue;
    std::string bytes = ReadWholeFile(file.path());
    bytes[1000] ^= 1;
    WriteWholeFile(file.path(), bytes);
  }
  const Ran ran = Offline("verify --data-dir " + data_);
  EXPECT_EQ(ran.code, 4);
  EXPECT_TRUE(absl::StrContains(ran.err, "The journal is damaged at block")) << ran.err;
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
}

TEST_F(JournalServiceTest, DumpShowsNobodyUnlessAsked) {
  Fill(1);
  Stop();
  const Ran dump = Offline("journal dump --data-dir " + data_);
  ASSERT_EQ(dump.code, 0) << dump.err;
  EXPECT_TRUE(absl::StrContains(dump.out, "row reference 1 (reference)"));
  EXPECT_TRUE(absl::StrContains(dump.out, "why opening  state posted  amount 60  from opening.minutes"));
  EXPECT_FALSE(absl::StrContains(dump.out, "Ben"));
  EXPECT_FALSE(absl::StrContains(dump.out, " ben"));
  const std::string values = Offline("journal dump --values --data-dir " + data_).out;
  EXPECT_NE(values, dump.out);
  const Ran one = Offline("journal dump --json --from 2 --to 2 --data-dir " + data_);
  EXPECT_EQ(After(one.out, "\"block\""), "2");
  EXPECT_FALSE(absl::StrContains(one.out, "\"block\":3"));
  const Ran inspect = Offline("inspect --data-dir " + data_);
  EXPECT_EQ(inspect.code, 0);
  EXPECT_TRUE(absl::StrContains(inspect.out, "1 entry")) << inspect.out;
  EXPECT_TRUE(absl::StrContains(inspect.out, "scheme 1: 1"));
  EXPECT_EQ(Offline("journal dump --from x --data-dir " + data_).code, 2);
  EXPECT_EQ(Offline("inspect").code, 2);
}

TEST_F(JournalServiceTest, AProofIsCheckedWithoutTheServer) {
  const std::string id = Fill(12);
  const std::string file = Path("proof.json");
  const Ran proven = Cli(absl::StrCat("entry prove ", id, " --out ", file));
  ASSERT_EQ(proven.code, 0) << proven.err;
  const std::string key = After(Cli("server info").out, "signing key");
  const std::string head = After(Cli("journal head").out, "hash");
  EXPECT_EQ(key.size(), 64u);
  Stop();
  EXPECT_EQ(Cli("proof check " + file).code, 0);
  const Ran by_key = Cli(absl::StrCat("proof check ", file, " --key ", key));
  EXPECT_EQ(by_key.code, 0) << by_key.err;
  EXPECT_TRUE(absl::StrContains(by_key.out, "The entry is in the journal."));
  EXPECT_TRUE(absl::StrContains(by_key.out, id));
  EXPECT_EQ(Cli(absl::StrCat("proof check ", file, " --head ", head)).code, 0);
  EXPECT_EQ(Cli(absl::StrCat("proof check ", file, " --head ", key)).code, 4);
  EXPECT_EQ(Cli(absl::StrCat("proof check ", file, " --key ", head)).code, 4);
}

TEST_F(JournalServiceTest, AProofFileIsRefusedWithAnyByteChanged) {
  const std::string id = Fill(4);
  const Ran printed = Cli("entry prove " + id);
  ASSERT_EQ(printed.code, 0) << printed.err;
  EntryProof proof;
  ASSERT_TRUE(IsOk(cli::CheckProofText(printed.out, {}, proof)));
  int changes = 0;
  for (size_t i = 0; i < printed.out.size(); ++i) {
    if (absl::ascii_isspace(static_cast<unsigned char>(printed.out[i]))) continue;
    for (const char to : {static_cast<char>(printed.out[i] ^ 1), 'A', '0', ' '}) {
      std::string changed = printed.out;
      if (changed[i] == to) continue;
      changed[i] = to;
      EXPECT_FALSE(cli::CheckProofText(changed, {}, proof).ok()) << i << " " << changed.substr(i, 20);
      ++changes;
    }
  }
  EXPECT_GT(changes, 3000);
}

TEST_F(JournalServiceTest, TheKeyStaysWithTheFolder) {
  const std::string key = After(Cli("server info").out, "signing key");
  Stop();
  ASSERT_TRUE(IsOk(Start()));
  EXPECT_EQ(After(Cli("server info").out, "signing key"), key);
}

TEST_F(JournalServiceTest, ABackupIsRestoredWithTheSameDigest) {
  Fill(2);
  const std::string backup = Path("backup");
  ASSERT_EQ(Cli("backup create --to " + backup).code, 0);
  EXPECT_EQ(Cli("entry post opening --from opening --to ben --time 1h --for more").code, 0);
  const Ran more = Cli("backup create --output json --to " + backup);
  EXPECT_EQ(After(more.out, "addedBlockCount"), "1") << more.out << more.err;
  const std::string digest = After(Cli("verify").out, "digest");
  const Ran checked = Offline("backup verify " + backup);
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(After(checked.out, "digest"), digest);
  const Ran restored = Offline(absl::StrCat("restore --from ", backup, " --data-dir ", Path("new")));
  EXPECT_EQ(restored.code, 0) << restored.err;
  EXPECT_EQ(After(restored.out, "digest"), digest);
  EXPECT_EQ(After(Offline("verify --data-dir " + Path("new")).out, "digest"), digest);
  EXPECT_EQ(Offline(absl::StrCat("restore --from ", backup, " --data-dir ", Path("new"))).code, 1);
  EXPECT_EQ(Offline("backup verify " + data_).code, 1);
}

TEST_F(JournalServiceTest, ExportHoldsEveryEntryAndAccount) {
  const std::string id = Fill(2);
  Stop();
  const Ran csv = Offline(absl::StrCat("export --data-dir ", data_, " --csv ", Path("csv")));
  ASSERT_EQ(csv.code, 0) << csv.err;
  const std::string entries = ReadWholeFile(Path("csv/entries.csv"));
  EXPECT_EQ(std::count(entries.begin(), entries.end(), '\n'), 3);
  EXPECT_TRUE(absl::StrContains(entries, absl::StrCat("\n", id, ",1,1,6,posted,minutes,60,opening.minutes,")));
  EXPECT_TRUE(absl::StrContains(ReadWholeFile(Path("csv/accounts.csv")), "1,opening.minutes,-120,0,0,"));
  ASSERT_EQ(Offline(absl::StrCat("export --data-dir ", data_, " --sql ", Path("books.sql"))).code, 0);
  const std::string sql = ReadWholeFile(Path("books.sql"));
  EXPECT_TRUE(absl::StrContains(sql, absl::StrCat("INSERT INTO entries VALUES ('", id, "', '1', '1', '6', 'posted'")));
  EXPECT_EQ(Offline("export --data-dir " + data_).code, 2);
}

TEST_F(JournalServiceTest, ABackupIsRefusedByNameWhereItMustNotGo) {
  Fill(1);
  for (const std::string& to : {std::string("relative"), data_, folder_.path()}) {
    const Ran ran = Cli("backup create --to " + to);
    EXPECT_EQ(ran.code, 2) << to;
    EXPECT_TRUE(absl::StrContains(ran.err, "BAD_FIELDS")) << ran.err;
    EXPECT_TRUE(absl::StrContains(ran.err, "path: ")) << ran.err;
  }
}

}  // namespace
}  // namespace turnabout
