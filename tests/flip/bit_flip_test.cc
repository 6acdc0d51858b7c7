// One bit of one file of a data folder is changed, many times over: either somebody says so, or nothing is other than
// it was. That something is lost and nobody says so must not happen, whichever file it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "ledger/book/book.h"
#include "server/daemon/offline.h"
#include "store/journal/key_file.h"
#include "store/shelf/shelf.h"
#include "store/store.h"
#include "tests/crash/client.h"
#include "tests/crash/crew.h"
#include "tests/crash/server_child.h"
#include "tests/support/seed.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr int kDamaged = 4;
constexpr int kRefused = 1;
constexpr int kMadeAnew = 5;  // no exit status: rows beside the journal were found damaged, and are whole by now

// What somebody who looks at a folder says.
struct Said {
  bool ok = false;
  int code = 0;      // exit status
  std::string text;  // the digest, or what is wrong
};

// "MANIFEST" for journal/MANIFEST-000015, "journal/sst" for journal/000013.sst, "HEAD" for HEAD.
std::string KindOf(const std::string& file) {
  const fs::path path(file);
  std::string name = path.filename();
  name = path.has_extension() ? std::string(path.extension()).substr(1) : name.substr(0, name.find('-'));
  return path.has_parent_path() ? absl::StrCat(path.parent_path().string(), "/", name) : name;
}

class BitFlip : public testing::Test {
 protected:
  // A folder as a server leaves it that was stopped, started, and killed: blocks in tables and in the log.
  void SetUp() override {
    SetLogSeverity(Severity::kError);
    const std::string made = scratch_.path() + "/made";
    Crew crew(seed_);
    for (const bool last : {false, true}) {
      ServerChild server({.data_dir = made, .scratch = scratch_.path(), .flags = {"--ballast-mib", "0"}});
      ASSERT_TRUE(server.WaitUntilReady());
      const Client client(server.grpc_address());
      ASSERT_NO_FATAL_FAILURE(crew.Audit(client));
      crew.WriteSome(client, 25);
      EXPECT_TRUE(last || server.Stop().code == 0) << server.Errors();
    }
    for (const auto& file : fs::recursive_directory_iterator(made)) {
      if (!file.is_regular_file()) continue;
      const std::string name = fs::relative(file.path(), made);
      if (fs::file_size(file) > 0) names_.push_back(name);
      whole_[name] = ReadWholeFile(file.path());
      bytes_ += whole_[name].size();
    }
    std::sort(names_.begin(), names_.end());
  }

  // Writes the folder anew, as it was made.
  void Restore() const {
    fs::remove_all(data_);
    for (const auto& [name, bytes] : whole_) {
      const std::string path = absl::StrCat(data_, "/", name);
      fs::create_directories(fs::path(path).parent_path());
      WriteWholeFile(path, bytes);
    }
  }

  // A file: in half of the cases any of them alike, so that the small ones have their turn, otherwise by their size.
  std::string AnyFile() {
    if (random_.OneIn(1, 2)) return names_[random_.Below(names_.size())];
    uint64_t at = random_.Below(bytes_);
    for (const std::string& name : names_) {
      if (at < whole_.at(name).size()) return name;
      at -= whole_.at(name).size();
    }
    return names_.back();
  }

  void Flip(const std::string& file, uint64_t bit) const {
    std::string bytes = whole_.at(file);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    WriteWholeFile(absl::StrCat(data_, "/", file), bytes);
  }

  // turnaboutd verify.
  Said LookOffline() const {
    std::ostringstream out, err;
    OfflineConsole console{out, err};
    const int code = RunOffline({"verify", "--json", "--data-dir", data_}, console);
    return {code == 0, code, code == 0 ? out.str() : err.str()};
  }

  // As a server does when it starts, and when somebody asks it to verify; and when it starts again, having stopped
  // because of rows that it can make anew.
  Said LookAsServer() const {
    absl::StatusOr<std::string> digest = OpenAndVerify();
    const bool made_anew = IsRefusedFor(digest.status(), Reason::kShelfDamaged);
    if (made_anew) digest = OpenAndVerify();
    if (digest.ok()) return {true, made_anew ? kMadeAnew : 0, *digest};
    return {false, absl::IsDataLoss(digest.status()) ? kDamaged : kRefused, std::string(digest.status().message())};
  }

  absl::StatusOr<std::string> OpenAndVerify() const {
    ASSIGN_OR_RETURN(std::unique_ptr<Journal> journal, OpenRocksdbJournal(SmallOptions(data_)));
    ShelfOptions shelf;
    ASSIGN_OR_RETURN(shelf.shelf, Shelf::Open(absl::StrCat(data_, "/", kShelfFolder)));
    Book book;
    ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                     Store::Open(std::move(journal), clock_, {&book}, std::move(shelf)));
    RETURN_IF_ERROR(OpenKeyFile(data_).status());
    ASSIGN_OR_RETURN(const Verified verified, store->Verify());
    RETURN_IF_ERROR(store->Read(0, [&](const Snapshot&) { return book.Check(); }));
    return absl::StrCat(ToHex(verified.head.hash), " ", ToHex(verified.digest));
  }

  const Seed seed_ = HasTestSeed() ? TestSeed(1) : SeedFromSystem();
  const testing::ScopedTrace trace_{__FILE__, __LINE__, RerunWith(seed_)};
  Random random_{seed_};
  const SystemClock clock_;
  const TemporaryFolder scratch_{FastPlace()};
  const std::string data_ = scratch_.path() + "/data";
  std::map<std::string, std::string> whole_;  // every file, by its name
  std::vector<std::string> names_;            // of those that are not empty
  uint64_t bytes_ = 0;
};

// What became of a flip. A damaged place is named by its block where the journal's database can be opened at all.
std::string OutcomeOf(const Said& offline, const Said& server) {
  if (offline.ok && server.ok) return server.code == kMadeAnew ? "found, rows made anew" : "harmless";
  if (offline.ok) return "found by a server";
  const std::string sure = server.ok ? "found offline alone" : "found";
  if (offline.code == kRefused) return sure + ", refused";
  return absl::StrCat(sure,
                      absl::StrContains(offline.text, "at block ") ? ", block named" : ", file or database named");
}

TEST_F(BitFlip, InAnyFileIsFoundOrHarmless) {
  Restore();
  const Said offline = LookOffline();
  const Said server = LookAsServer();
  ASSERT_TRUE(offline.ok && server.ok) << offline.text << server.text;
  std::map<std::string, std::map<std::string, int>> outcomes;
  const int flips = IsFullRun() ? 10'000 : 300;
  for (int flip = 0; flip < flips && !HasFailure(); ++flip) {
    const std::string file = AnyFile();
    const uint64_t bit = random_.Below(8 * whole_.at(file).size());
    SCOPED_TRACE(absl::StrCat("bit ", bit, " of ", file));
    Restore();
    Flip(file, bit);
    const Said seen_offline = LookOffline();
    const Said seen_by_server = LookAsServer();
    for (const auto& [seen, whole] : {std::pair{seen_offline, offline}, {seen_by_server, server}}) {
      if (seen.ok) {
        EXPECT_EQ(seen.text, whole.text) << "SILENTLY OTHER";
      } else {
        EXPECT_TRUE(seen.code == kDamaged || (seen.code == kRefused && file == "FORMAT")) << seen.text;
        EXPECT_FALSE(seen.text.empty());
        EXPECT_LE(std::count(seen.text.begin(), seen.text.end(), '\n'), 1) << "more than a line: " << seen.text;
      }
    }
    ++outcomes[KindOf(file)][OutcomeOf(seen_offline, seen_by_server)];
  }
  for (const auto& [kind, counts] : outcomes) {
    for (const auto& [outcome, count] : counts) std::printf("%6d  %-22s %s\n", count, kind.c_str(), outcome.c_str());
  }
}

}  // namespace
}  // namespace turnabout
