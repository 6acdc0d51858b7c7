// What an operator types over folders that are not as they should be: every verb of turnaboutd says what is wrong in
// one clear line and with its exit status, and changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/signing.h"
#include "store/audit/backup.h"
#include "store/journal/folder_journal.h"
#include "tests/crash/client.h"
#include "tests/crash/folder_files.h"
#include "tests/crash/program.h"
#include "tests/crash/server_child.h"
#include "tests/crash/writers.h"
#include "tests/support/journal_surgery.h"
#include "tests/support/small_disk.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kBroken = 4;

// How a verb is to end, and what its one line has in it; no line where that is empty.
struct Expected {
  int code = kDone;
  std::string words;
};

struct BadFolder {
  const char* name;
  std::function<void(const std::string& data)> spoil;
  Expected served;  // by `serve`. Where it is kDone the server serves and is not started
  Expected read;    // by every verb that only reads
};

void Remove(const std::string& path) { fs::remove_all(path); }

// The first file of the journal whose name begins or ends so.
std::string JournalFile(const std::string& data, const std::string& part) {
  for (const auto& file : fs::directory_iterator(data + "/journal")) {
    const std::string name = file.path().filename();
    if (absl::StartsWith(name, part) || absl::EndsWith(name, part)) return file.path();
  }
  ADD_FAILURE() << "no " << part;
  return "";
}

std::vector<BadFolder> BadFolders() {
  const Expected no_folder = {kFailed, "is no data folder: it has no file FORMAT"};
  const auto damaged = [](const std::string& words) { return Expected{kBroken, "The journal is damaged at " + words}; };
  const auto both = [](const char* name, std::function<void(const std::string&)> spoil, const Expected& expected) {
    return BadFolder{name, std::move(spoil), expected, expected};
  };
  const auto keep_only = [](std::vector<std::string> names) {
    return [names](const std::string& data) {
      for (const auto& each : fs::directory_iterator(data)) {
        if (std::find(names.begin(), names.end(), each.path().filename()) == names.end()) Remove(each.path());
      }
    };
  };
  return {
      {"nothing", Remove, {}, {kFailed, "/data: No such file or directory."}},
      both("file",
           [](const std::string& data) {
             Remove(data);
             WriteWholeFile(data, "a letter");
           },
           {kFailed, "/data: Not a directory."}),
      // Half-written: a new folder gets HEAD, then FORMAT, then its journal.
      {"empty", keep_only({}), {}, no_folder},
      {"with_lock", keep_only({"LOCK"}), {}, no_folder},
      {"with_head", keep_only({"LOCK", "HEAD"}), {}, no_folder},
      both("without_journal", keep_only({"LOCK", "HEAD", "FORMAT"}),
           damaged("the folder journal: there is no database in it, but block ")),
      both("without_head", keep_only({"LOCK", "FORMAT", "journal"}), damaged("the file HEAD: it is missing.")),
      both("without_format", keep_only({"LOCK", "HEAD", "journal"}), damaged("the file FORMAT: it is missing.")),
      both(
          "torn_head", [](const std::string& data) { fs::resize_file(data + "/HEAD", 700); },
          damaged("the file HEAD: it has another length than it should.")),
      // Another version's.
      both("newer", [](const std::string& data) { WriteWholeFile(data + "/FORMAT", "3\n"); },
           {kFailed, "has format 3; this program knows up to 2."}),
      both("no_format", [](const std::string& data) { WriteWholeFile(data + "/FORMAT", "two\n"); },
           {kFailed, "has format two; this program knows up to 2."}),
      // A journal in pieces.
      both(
          "without_current", [](const std::string& data) { Remove(data + "/journal/CURRENT"); },
          damaged("the folder journal: there is no database in it, but block ")),
      both(
          "without_manifest", [](const std::string& data) { Remove(JournalFile(data, "MANIFEST")); },
          damaged("its database: ")),
      both(
          "short_manifest", [](const std::string& data) { fs::resize_file(JournalFile(data, "MANIFEST"), 20); },
          damaged("its database: ")),
      both(
          "without_table", [](const std::string& data) { Remove(JournalFile(data, ".sst")); },
          damaged("its database: ")),
      {"without_log", [](const std::string& data) { Remove(JournalFile(data, ".log")); }, damaged(""), damaged("")},
      {"order",
       [](const std::string& data) {
         const std::vector<Block> blocks = BlocksOf(data);
         PutBlockBytes(data, 3, EncodeBlock(blocks[3]));
         PutBlockBytes(data, 4, EncodeBlock(blocks[2]));
         Remove(data + "/shelf");
       },
       damaged("block 3: block 4 is in its place."), damaged("block 3: block 4 is in its place.")},
      // A shelf is no part of the truth.
      {"without_shelf", [](const std::string& data) { Remove(data + "/shelf"); }, {}, {}},
      {"shelf_in_pieces", [](const std::string& data) { Remove(data + "/shelf/rows/CURRENT"); }, {}, {}},
  };
}

// A folder as a server leaves it that was stopped, started, written to and stopped: blocks in a table and in the log.
class BadFolderTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = new TemporaryFolder(FastPlace());
    std::unique_ptr<Writer> writer;
    for (int run = 0; run < 2; ++run) {
      ServerChild server({.data_dir = made_->path() + "/data", .scratch = made_->path(), .flags = Flags()});
      ASSERT_TRUE(server.WaitUntilReady());
      const Client client(server.grpc_address());
      if (run == 0) {
        ASSERT_TRUE(MakeScheme(client, "riverside").ok());
        const auto names = MakeMembers(client, "riverside", 2);
        ASSERT_TRUE(names.ok());
        writer = NewGiftWriter("schemes/riverside", *names, Seed{1});
      }
      for (int i = 0; i < 10; ++i) writer->WriteOne(client);
      EXPECT_EQ(server.Stop().code, 0) << server.Errors();
    }
  }
  static void TearDownTestSuite() { delete made_; }

  BadFolderTest() { fs::copy(made_->path() + "/data", data_, fs::copy_options::recursive); }

  static std::vector<std::string> Flags() { return {"--ballast-mib", "0"}; }

  Ran Run(const std::string& line) const {
    std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words[0] == "serve") {
      for (const char* word : {"--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--ballast-mib", "0"}) {
        words.push_back(word);
      }
    }
    return RunTurnaboutd(words, scratch_.path());
  }

  // Expects the verb to end so, having said why in one line besides what it logs, and nothing on standard output.
  void Expect(const std::string& line, const Expected& expected) const {
    SCOPED_TRACE(line);
    const Ran ran = Run(line);
    EXPECT_EQ(ran.code, expected.code) << ran.err;
    if (expected.code == kDone) return;
    std::vector<std::string> lines = absl::StrSplit(ran.err, '\n', absl::SkipEmpty());
    lines.erase(std::remove_if(lines.begin(), lines.end(), [](const std::string& each) { return each[0] == '{'; }),
                lines.end());
    ASSERT_EQ(lines.size(), 1u) << ran.err;
    EXPECT_TRUE(absl::StartsWith(lines[0], "turnaboutd: ")) << lines[0];
    EXPECT_TRUE(absl::StrContains(lines[0], expected.words)) << lines[0];
    EXPECT_TRUE(ran.out.empty() || absl::StartsWith(line, "journal dump")) << ran.out;
  }

  std::vector<std::string> ReadingVerbs() const {
    return {"verify --data-dir " + data_, "inspect --data-dir " + data_, "journal dump --data-dir " + data_,
            absl::StrCat("export --data-dir ", data_, " --csv ", Path("tables")),
            absl::StrCat("export --data-dir ", data_, " --sql ", Path("books.sql"))};
  }
  std::string Path(const std::string& name) const { return absl::StrCat(scratch_.path(), "/", name); }

  // The bytes of every file in the folder, or of the file that lies in its place.
  std::map<std::string, std::string> Bytes() const {
    if (fs::is_directory(data_)) return BytesIn(data_);
    return fs::exists(data_) ? std::map<std::string, std::string>{{"", ReadWholeFile(data_)}}
                             : std::map<std::string, std::string>();
  }

  static TemporaryFolder* made_;
  const TemporaryFolder scratch_{FastPlace()};
  const std::string data_ = scratch_.path() + "/data";
};

TemporaryFolder* BadFolderTest::made_ = nullptr;

class EveryBadFolder : public BadFolderTest, public testing::WithParamInterface<BadFolder> {};

TEST_P(EveryBadFolder, IsToldInOneLineAndLeftAsItIs) {
  GetParam().spoil(data_);
  const auto before = Bytes();
  for (const std::string& verb : ReadingVerbs()) Expect(verb, GetParam().read);
  EXPECT_TRUE(Bytes() == before);
  if (GetParam().served.code == kDone) return;
  Expect("serve --data-dir " + data_, GetParam().served);
  Expect(ReadingVerbs()[0], GetParam().read);  // nor does it heal, nor get worse
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryBadFolder, testing::ValuesIn(BadFolders()),
                         [](const auto& info) { return std::string(info.param.name); });

// Where nothing of a new folder was acknowledged yet there is nothing to lose, and the server makes what is missing.
TEST_F(BadFolderTest, OneThatWasBeingMadeIsMade) {
  for (const size_t kept : {0, 1, 2, 3}) {
    fs::remove_all(data_);
    {
      ServerChild server({.data_dir = data_, .scratch = scratch_.path(), .flags = Flags()});
      ASSERT_TRUE(server.WaitUntilReady());
      EXPECT_EQ(server.Stop().code, 0) << server.Errors();
    }
    const std::vector<std::string> names = {"LOCK", "HEAD", "FORMAT"};
    for (const auto& each : fs::directory_iterator(data_)) {
      const auto at = std::find(names.begin(), names.end(), each.path().filename());
      if (at >= names.begin() + kept) fs::remove_all(each.path());
    }
    WriteWholeFile(data_ + "/FORMAT.new", "");  // and what it was about to write
    if (kept == 3) {
      const auto before = BytesIn(data_);
      for (const std::string& verb : ReadingVerbs()) Expect(verb, {});
      EXPECT_TRUE(BytesIn(data_) == before);
    }
    ServerChild server({.data_dir = data_, .scratch = scratch_.path(), .flags = Flags()});
    ASSERT_TRUE(server.WaitUntilReady()) << kept;
    EXPECT_TRUE(MakeScheme(Client(server.grpc_address()), "riverside").ok());
    EXPECT_EQ(server.Stop().code, 0) << server.Errors();
  }
}

TEST_F(BadFolderTest, OneInUseIsRefusedWithTheHoldersProcess) {
  ServerChild holder({.data_dir = data_, .scratch = scratch_.path(), .flags = Flags()});
  ASSERT_TRUE(holder.WaitUntilReady());
  const Expected refused = {kFailed,
                            absl::StrCat("The data folder ", data_, " is in use by process ", holder.pid(), ".")};
  for (const std::string& verb : ReadingVerbs()) Expect(verb, refused);
  Expect("serve --data-dir " + data_, refused);
  EXPECT_EQ(holder.Stop().code, 0);
  Expect(ReadingVerbs()[0], {});
}

TEST_F(BadFolderTest, OneOnAReadOnlyDiskIsReadAndNotServed) {
  const std::string verified = Run(ReadingVerbs()[0]).out;
  const auto before = Bytes();
  for (const bool has_lock : {true, false}) {
    if (!has_lock) fs::remove(data_ + "/LOCK");
    const ReadOnlyDisk disk(data_);
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    for (const std::string& verb : ReadingVerbs()) Expect(verb, {});
    EXPECT_EQ(Run(ReadingVerbs()[0]).out, verified);
    Expect("serve --data-dir " + data_, {kFailed, "Read-only file system."});
  }
  EXPECT_TRUE(Bytes() == before);
}

// A backup of the folder, in scratch/backup.
class BadBackupTest : public BadFolderTest {
 protected:
  BadBackupTest() {
    const auto journal = OpenFolderToRead(data_);
    EXPECT_TRUE(IsOk(WriteBackup(**journal, *(*journal)->ReadHead(), SigningKey(SecretKey{7}), backup_)));
  }
  std::string Restore(const std::string& to) const {
    return absl::StrCat("restore --from ", backup_, " --data-dir ", to);
  }

  const std::string backup_ = Path("backup");
  const std::string blocks_ = backup_ + "/blocks-00000000000000000001";
};

TEST_F(BadBackupTest, IsToldInOneLineAndNothingIsMadeOfIt) {
  const std::string bytes = ReadWholeFile(blocks_);
  const std::string list = ReadWholeFile(backup_ + "/BACKUP");
  const std::vector<Block> blocks = BlocksOf(data_);
  std::string swapped;
  for (size_t i = 0; i < blocks.size(); ++i) swapped += EncodeBlock(blocks[i == 2 ? 3 : i == 3 ? 2 : i]);
  std::string flipped = bytes;
  flipped[bytes.size() / 2] ^= 1;
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {bytes, "", "the file BACKUP: it is not as it was written."},
      {bytes, list + "more", "the file BACKUP: "},
      {bytes.substr(0, bytes.size() / 2), list, "block 1: blocks-00000000000000000001 has another length"},
      {swapped, list, "block 3: "},
      {flipped, list, "block "},
  };
  for (const auto& [blocks_now, list_now, words] : cases) {
    WriteWholeFile(blocks_, blocks_now);
    WriteWholeFile(backup_ + "/BACKUP", list_now);
    const auto before = BytesIn(backup_);
    Expect("backup verify " + backup_, {kBroken, "The journal is damaged at " + words});
    Expect(Restore(Path("new")), {kBroken, "The journal is damaged at " + words});
    EXPECT_FALSE(fs::exists(Path("new")) || fs::exists(Path("new.restoring")));
    EXPECT_TRUE(BytesIn(backup_) == before);
  }
  WriteWholeFile(backup_ + "/BACKUP", list);
  fs::remove(blocks_);
  Expect("backup verify " + backup_, {kBroken, "block 1: blocks-00000000000000000001 is missing."});
  for (const std::string& other : {data_, Path("nowhere"), data_ + "/HEAD"}) {
    Expect("backup verify " + other, {kFailed, "is no backup: it has no file BACKUP"});
    Expect(absl::StrCat("restore --from ", other, " --data-dir ", Path("new")), {kFailed, "is no backup"});
  }
}

TEST_F(BadBackupTest, IsRestoredOnlyWhereNothingIs) {
  const auto before = Bytes();
  Expect(Restore(data_), {kFailed, "is not empty: restore into a new folder."});
  EXPECT_TRUE(Bytes() == before);
  WriteWholeFile(Path("letter"), "a letter");
  Expect(Restore(Path("letter")), {kFailed, "is not empty: restore into a new folder."});
  EXPECT_EQ(ReadWholeFile(Path("letter")), "a letter");
  Expect(Restore(Path("no/parent")), {kFailed, "No such file or directory."});
  fs::create_directory(Path("cut.restoring"));
  Expect(Restore(Path("cut")), {kFailed, "is there from a restore that was cut short: remove it first."});
  fs::create_directory(Path("forbidden"));
  {
    const ReadOnlyDisk disk(Path("forbidden"));
    if (!disk.mounted()) GTEST_SKIP() << kNoMount;
    Expect(Restore(Path("forbidden/new")), {kFailed, "Read-only file system."});
    Expect(absl::StrCat("export --data-dir ", data_, " --csv ", Path("forbidden/tables")),
           {kFailed, "cannot be written."});
    Expect(absl::StrCat("export --data-dir ", data_, " --sql ", Path("forbidden/books.sql")),
           {kFailed, "cannot be written."});
  }
  EXPECT_TRUE(fs::is_empty(Path("forbidden")));
  Expect(Restore(Path("new")), {});
  Expect("verify --data-dir " + Path("new"), {});
}

TEST_F(BadFolderTest, WhatIsTypedWrongIsToldWithTheUsage) {
  for (const std::string& line : {std::string("verify"), std::string("serve"), "serve --data-dri " + data_,
                                  std::string("veryfy"), absl::StrCat("export --data-dir ", data_)}) {
    const Ran ran = Run(line);
    EXPECT_EQ(ran.code, kUsage) << line << ran.err;
    EXPECT_TRUE(absl::StrContains(ran.err, "Usage: turnaboutd") ||
                absl::StrContains(ran.err, "Try: turnaboutd --help"));
  }
}

}  // namespace
}  // namespace turnabout
