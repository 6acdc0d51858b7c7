// Every kind of damage to a data folder, one after the other: who looks says where the first fault is, and leaves
// everything as it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "store/shelf/shelf.h"
#include "tests/crash/folder_files.h"
#include "tests/integration/journal_fixture.h"
#include "tests/support/journal_surgery.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr int kUnreachable = 3;
constexpr int kDamaged = 4;
constexpr uint64_t kSpoilt = 5;  // the block that most kinds are about

using Blocks = std::vector<Block>;

struct Damage {
  const char* name;
  std::function<void(const std::string& data, const Blocks& blocks)> spoil;
  std::string words;  // what is said of it, after "The journal is damaged at "
  // True where a server that has a shelf finds out as it starts; otherwise it serves, and says so when it is asked.
  bool at_start = false;
};

std::string BytesOf(const Block& block) { return EncodeBlock(block); }

// Block kSpoilt with a changed header, its records as they were.
std::function<void(const std::string&, const Blocks&)> WithHeader(std::function<void(BlockHeader&)> change) {
  return [change](const std::string& data, const Blocks& blocks) {
    Block block = blocks[kSpoilt - 1];
    change(block.header);
    PutBlockBytes(data, kSpoilt, BytesOf(block));
  };
}

std::function<void(const std::string&, const Blocks&)> WithByte(size_t at) {
  return [at](const std::string& data, const Blocks& blocks) {
    std::string bytes = BytesOf(blocks[kSpoilt - 1]);
    bytes[std::min(at, bytes.size() - 1)] ^= 1;
    PutBlockBytes(data, kSpoilt, bytes);
  };
}

std::vector<Damage> Damages() {
  return {
      {"body", WithByte(std::string::npos), "block 5: its records are not those its header was made for."},
      {"root", WithByte(72), "block 5: its records are not those its header was made for."},
      {"magic", WithByte(0), "block 5: it does not begin as a block does."},
      {"version", WithByte(4), "block 5: block version 0 is unknown."},
      {"number", WithHeader([](BlockHeader& header) { header.number = 77; }), "block 5: block 77 is in its place."},
      {"sequence", WithHeader([](BlockHeader& header) { ++header.first_sequence; }), "block 5: record "},
      {"link", WithHeader([](BlockHeader& header) { header.previous_hash[3] ^= 1; }),
       "block 5: it is not linked to the block before it."},
      {"time", WithHeader([](BlockHeader& header) { ++header.time_micros; }),
       "block 6: it is not linked to the block before it."},
      {"early", WithHeader([](BlockHeader& header) { header.time_micros = 1; }),
       "block 5: its time is before the block before it."},
      {"short",
       [](const std::string& data, const Blocks& blocks) {
         PutBlockBytes(data, kSpoilt, BytesOf(blocks[kSpoilt - 1]).substr(0, 200));
       },
       "block 5: the body is not as long as the header says."},
      {"empty", [](const std::string& data, const Blocks&) { PutBlockBytes(data, kSpoilt, ""); },
       "block 5: a block is shorter than its header."},
      {"missing", [](const std::string& data, const Blocks&) { RemoveBlock(data, kSpoilt); },
       "block 5: it is missing."},
      {"order",
       [](const std::string& data, const Blocks& blocks) {
         PutBlockBytes(data, kSpoilt, BytesOf(blocks[kSpoilt]));
         PutBlockBytes(data, kSpoilt + 1, BytesOf(blocks[kSpoilt - 1]));
       },
       "block 5: block 6 is in its place."},
      {"twice",
       [](const std::string& data, const Blocks& blocks) {
         PutBlockBytes(data, kSpoilt, BytesOf(blocks[kSpoilt - 2]));
       },
       "block 5: block 4 is in its place."},
      {"first", [](const std::string& data, const Blocks&) { RemoveBlock(data, 1); }, "block 1: it is missing."},
      {"last",
       [](const std::string& data, const Blocks& blocks) {
         Block block = blocks.back();
         ++block.header.time_micros;
         PutBlockBytes(data, block.header.number, BytesOf(block));
       },
       "it is not the block that was acknowledged.", true},
      {"end", [](const std::string& data, const Blocks& blocks) { RemoveBlock(data, blocks.size()); }, "it is missing.",
       true},
      {"head", [](const std::string& data, const Blocks&) { WriteWholeFile(data + "/HEAD", std::string(1024, 'x')); },
       "the file HEAD: neither of its two copies can be read.", true},
      {"head_length", [](const std::string& data, const Blocks&) { WriteWholeFile(data + "/HEAD", "short"); },
       "the file HEAD: it has another length than it should.", true},
      {"head_missing", [](const std::string& data, const Blocks&) { fs::remove(data + "/HEAD"); },
       "the file HEAD: it is missing.", true},
      {"format_missing", [](const std::string& data, const Blocks&) { fs::remove(data + "/FORMAT"); },
       "the file FORMAT: it is missing.", true},
      {"database", [](const std::string& data, const Blocks&) { fs::remove(data + "/journal/CURRENT"); },
       "the folder journal: there is no database in it, but block ", true},
  };
}

class JournalDamage : public JournalFixture, public testing::WithParamInterface<Damage> {
 protected:
  // Expects `ran` to have said where the damage is, in one line, and returns the line.
  static std::string ExpectNamed(const Ran& ran, const std::string& words) {
    const std::string line = ran.err.substr(0, ran.err.find('\n'));
    EXPECT_EQ(ran.code, kDamaged) << ran.err;
    EXPECT_TRUE(absl::StrContains(line, "The journal is damaged at ")) << ran.err;
    EXPECT_TRUE(absl::StrContains(line, words)) << ran.err;
    return line;
  }
};

TEST_P(JournalDamage, IsNamedByWhoeverLooksAndLeftAsItIs) {
  Fill(8);
  Stop();
  const Blocks blocks = BlocksOf(data_);
  ASSERT_GT(blocks.size(), kSpoilt + 2);
  GetParam().spoil(data_, blocks);
  const auto before = BytesIn(data_);
  const std::string in_folder = " --data-dir " + data_;
  const std::string exports = "export --csv " + Path("tables");
  for (const std::string& verb :
       {std::string("verify"), std::string("inspect"), std::string("journal dump"), exports}) {
    const Ran ran = Offline(verb + in_folder);
    ExpectNamed(ran, GetParam().words);
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
  EXPECT_FALSE(fs::exists(Path("tables/entries.csv"))) << "an export of what is not right";
  EXPECT_TRUE(BytesIn(data_) == before);

  const absl::Status started = Start();
  if (GetParam().at_start) {
    EXPECT_TRUE(absl::IsDataLoss(started)) << started;
    ExpectNamed(Offline("verify" + in_folder), GetParam().words);  // it does not heal by being started
    return;
  }
  ASSERT_TRUE(IsOk(started));
  ExpectNamed(Cli("verify"), GetParam().words);
  ExpectNamed(Cli("backup create --to " + Path("copy")), GetParam().words);
  Stop();
  // Without its shelf it has to read everything, and does not serve what it cannot read.
  fs::remove_all(data_ + "/shelf");
  const absl::Status refused = Start();
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), GetParam().words)) << refused;
}

INSTANTIATE_TEST_SUITE_P(Kinds, JournalDamage, testing::ValuesIn(Damages()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_F(JournalFixture, DumpReadsUpToTheDamage) {
  Fill(8);
  Stop();
  const Ran whole = Offline("journal dump --data-dir " + data_);
  RemoveBlock(data_, kSpoilt);
  const Ran before = Offline(absl::StrCat("journal dump --to ", kSpoilt - 1, " --data-dir ", data_));
  EXPECT_EQ(before.code, 0) << before.err;
  const Ran all = Offline("journal dump --data-dir " + data_);
  EXPECT_EQ(all.code, kDamaged);
  EXPECT_EQ(all.out, before.out);
  EXPECT_EQ(whole.out.compare(0, before.out.size(), before.out), 0);
}

// A log that RocksDB refuses for one damaged record is read up to there.
TEST_F(JournalFixture, DumpReadsUpToTheDamageOfALog) {
  Fill(8);
  Stop();
  const std::string in_folder = " --data-dir " + data_;
  const Ran whole = Offline("journal dump" + in_folder);
  std::string log;
  for (const auto& file : fs::directory_iterator(data_ + "/journal")) {
    if (file.path().extension() == ".log" && file.file_size() > 3000) log = file.path();
  }
  std::string bytes = ReadWholeFile(log);
  bytes[bytes.size() - bytes.size() / 4] ^= 1;
  WriteWholeFile(log, bytes);
  const Ran verified = Offline("verify" + in_folder);
  EXPECT_EQ(verified.code, kDamaged);
  EXPECT_TRUE(absl::StrContains(verified.err, ": it is missing; Corruption: ")) << verified.err;
  const uint64_t missing = std::stoull(After(verified.err, "at block"));
  EXPECT_GT(missing, 2u);
  const Ran before = Offline(absl::StrCat("journal dump --to ", missing - 1, in_folder));
  EXPECT_EQ(before.code, 0) << before.err;
  EXPECT_EQ(whole.out.compare(0, before.out.size(), before.out), 0);
  EXPECT_TRUE(absl::StrContains(before.out, absl::StrCat("  block ", missing - 1, "  "))) << before.out;
  EXPECT_EQ(ReadWholeFile(log), bytes);
}

class ShelfDamage : public JournalFixture {
 protected:
  ShelfDamage() {
    Fill(8);
    whole_ = After(Cli("verify").out, "digest");
    Stop();
  }
  // Verifies the folder without a server: it must be whole. What was said beside it.
  std::string ExpectWholeOffline() {
    const Ran ran = Offline("verify --data-dir " + data_);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(After(ran.out, "digest"), whole_);
    return ran.err;
  }
  void ExpectWholeOnline() {
    ASSERT_TRUE(IsOk(Start()));
    const Ran ran = Cli("verify");
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(After(ran.out, "digest"), whole_);
    Stop();
  }
  // Puts one row on the shelf and leaves how far it goes as it is.
  void PutRow(const ShelfTable& table, absl::string_view key, absl::string_view value) const {
    const auto shelf = Shelf::Open(data_ + "/shelf");
    ASSERT_TRUE(IsOk(shelf));
    RowBatch rows;
    rows.Put(table, key, value);
    ASSERT_TRUE(IsOk((*shelf)->Put(rows, (*shelf)->reached())));
    ASSERT_TRUE(IsOk((*shelf)->Sync()));
  }
  void ExpectDisagrees(const Ran& ran, const std::string& problem) {
    EXPECT_EQ(ran.code, kDamaged) << ran.err;
    EXPECT_TRUE(absl::StrContains(ran.err, "The books disagree with the journal: " + problem)) << ran.err;
  }

  std::string whole_;
};

TEST_F(ShelfDamage, OneThatIsGoneIsMadeAnew) {
  fs::remove_all(data_ + "/shelf");
  EXPECT_EQ(ExpectWholeOffline(), "");
  EXPECT_FALSE(fs::exists(data_ + "/shelf"));
  ExpectWholeOnline();
}

TEST_F(ShelfDamage, OneThatIsNoFolderIsMadeAnew) {
  fs::remove_all(data_ + "/shelf");
  WriteWholeFile(data_ + "/shelf", "a letter");
  EXPECT_TRUE(absl::StrContains(ExpectWholeOffline(), "Rows beside the journal are damaged"));
  EXPECT_EQ(ReadWholeFile(data_ + "/shelf"), "a letter");
  ExpectWholeOnline();
}

TEST_F(ShelfDamage, OneThatCannotBeReadIsNoFaultOfTheBooksAndIsMadeAnew) {
  for (const auto& file : fs::directory_iterator(data_ + "/shelf/rows")) {
    if (file.path().extension() != ".sst") continue;
    std::string bytes = ReadWholeFile(file.path());
    bytes[bytes.size() / 5] ^= 1;
    WriteWholeFile(file.path(), bytes);
  }
  const auto before = BytesIn(data_);
  EXPECT_TRUE(absl::StrContains(ExpectWholeOffline(), "the server makes them anew when it starts again"));
  EXPECT_TRUE(BytesIn(data_) == before);
  // Whether it is found as it starts or by the first who asks, the next start has everything.
  if (Start().ok()) {
    const Ran ran = Cli("verify");
    EXPECT_TRUE(ran.code == 0 || ran.code == kUnreachable) << ran.err;
    Stop();
  }
  ExpectWholeOnline();
}

TEST_F(ShelfDamage, OneOfAnotherJournalIsMadeAnew) {
  const TemporaryFolder other(FastPlace());
  {
    const auto shelf = Shelf::Open(other.path());
    ASSERT_TRUE(IsOk(shelf));
    Head head;
    head.number = 3;
    ASSERT_TRUE(IsOk((*shelf)->Put(RowBatch(), head)));
    ASSERT_TRUE(IsOk((*shelf)->Sync()));
  }
  fs::remove_all(data_ + "/shelf");
  fs::copy(other.path(), data_ + "/shelf", fs::copy_options::recursive);
  EXPECT_TRUE(absl::StrContains(ExpectWholeOffline(), "they are of another journal"));
  ExpectWholeOnline();
}

TEST_F(ShelfDamage, ARowThatIsReadableAndWrongIsFoundAndTheTableNamed) {
  PutRow({"R", RowOrder::kChanging}, "mwrong", "a row that no record put there");
  ExpectDisagrees(Offline("verify --data-dir " + data_), "records on the shelf differ from what the journal implies.");
  ASSERT_TRUE(IsOk(Start()));
  ExpectDisagrees(Cli("verify"), "records on the shelf differ from what the journal implies.");
  Stop();
  fs::remove_all(data_ + "/shelf");
  ExpectWholeOnline();
}

TEST_F(ShelfDamage, ARowThatNobodyWroteIsFoundAsItIsLoadedAndMadeAnew) {
  PutRow({"Ba", RowOrder::kChanging}, "no account", "no balances");
  EXPECT_TRUE(absl::StrContains(ExpectWholeOffline(), "an account cannot be read"));
  ExpectWholeOnline();
}

}  // namespace
}  // namespace turnabout
