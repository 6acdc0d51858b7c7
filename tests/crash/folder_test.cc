// What turnaboutd does with a data folder that it cannot have, cannot read, cannot write, or cannot trust: one clear
// line and an exit status, or reads without writes, and nothing lost.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/crash/audit.h"
#include "tests/crash/client.h"
#include "tests/crash/folder_files.h"
#include "tests/crash/server_child.h"
#include "tests/crash/writers.h"
#include "tests/support/small_disk.h"
#include "tests/unit/store/journal/journal_folder.h"
#include "turnabout/v1/ledger_service.pb.h"
#include "turnabout/v1/matching_service.pb.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr char kSlug[] = "riverside";
constexpr char kScheme[] = "schemes/riverside";
constexpr int kFailed = 1;
constexpr int kBroken = 4;

// The largest file of the journal whose name ends so.
std::string LargestFile(const std::string& data, const std::string& ending) {
  std::string largest;
  for (const auto& file : fs::directory_iterator(data + "/journal")) {
    if (!absl::EndsWith(file.path().string(), ending)) continue;
    if (largest.empty() || file.file_size() > fs::file_size(largest)) largest = file.path();
  }
  return largest;
}

void FlipByte(const std::string& path, size_t at) {
  std::string bytes = ReadWholeFile(path);
  ASSERT_LT(at, bytes.size());
  bytes[at] = static_cast<char>(~bytes[at]);
  WriteWholeFile(path, bytes);
}

class FolderTest : public testing::Test {
 protected:
  FolderTest() : data_(scratch_.path() + "/data") {}

  ServerChildOptions Options(std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"--ballast-mib", "0"});
    return {.data_dir = data_, .scratch = scratch_.path(), .flags = std::move(flags)};
  }

  // Expects a server on the folder to end with `code`, having said why in one line with `words` in it, besides what it
  // logs, and returns that line.
  std::string ExpectRefused(int code, const std::vector<std::string>& words) {
    ServerChild server(Options());
    const Ending ending = server.WaitForEnd();
    EXPECT_TRUE(ending.ended) << "it serves";
    std::vector<std::string> lines = absl::StrSplit(server.Errors(), '\n', absl::SkipEmpty());
    lines.erase(std::remove_if(lines.begin(), lines.end(), [](const std::string& each) { return each[0] == '{'; }),
                lines.end());
    EXPECT_EQ(lines.size(), 1u) << server.Errors();
    const std::string line = lines.empty() ? "" : lines[0];
    EXPECT_EQ(ending.code, code) << line;
    EXPECT_TRUE(absl::StartsWith(line, "turnaboutd: ")) << line;
    for (const std::string& word : words) EXPECT_TRUE(absl::StrContains(line, word)) << word << " in: " << line;
    EXPECT_EQ(server.Output(), "");
    return line;
  }

  // A scheme and two members who have given one another `gifts` gifts.
  void WriteSome(const Client& client, int gifts) {
    if (giver_ == nullptr) {
      ASSERT_TRUE(MakeScheme(client, kSlug).ok());
      const absl::StatusOr<std::vector<std::string>> names = MakeMembers(client, kSlug, 2);
      ASSERT_TRUE(names.ok()) << names.status();
      giver_ = NewGiftWriter(kScheme, *names, Seed{1});
    }
    for (int i = 0; i < gifts; ++i) giver_->WriteOne(client);
  }

  void ExpectEverythingThere(const Client& client) {
    const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
    ASSERT_TRUE(contents.ok()) << contents.status();
    ExpectSound(*contents);
    ExpectAllThere(giver_->expected(), *contents);
    ExpectVerified(client);
  }

  // Starts a server, runs `visit` with a client of it, and stops it gently.
  template <typename Visit>
  void Serve(Visit visit, std::vector<std::string> flags = {}) {
    ServerChild server(Options(std::move(flags)));
    ASSERT_TRUE(server.WaitUntilReady());
    ASSERT_NO_FATAL_FAILURE(visit(Client(server.grpc_address())));
    EXPECT_EQ(server.Stop().code, 0) << server.Errors();
  }

  const TemporaryFolder scratch_{FastPlace()};
  std::string data_;
  std::unique_ptr<Writer> giver_;
};

TEST_F(FolderTest, AFolderInUseIsRefusedWithTheHoldersProcess) {
  ServerChild holder(Options());
  ASSERT_TRUE(holder.WaitUntilReady());
  const Client client(holder.grpc_address());
  ASSERT_NO_FATAL_FAILURE(WriteSome(client, 3));
  ExpectRefused(kFailed, {data_, absl::StrCat(holder.pid())});
  WriteSome(client, 3);
  ExpectEverythingThere(client);
  EXPECT_EQ(holder.Stop().code, 0);
}

TEST_F(FolderTest, AFileInsteadOfAFolderIsRefusedAndKept) {
  WriteWholeFile(data_, "a letter");
  ExpectRefused(kFailed, {data_});
  EXPECT_EQ(ReadWholeFile(data_), "a letter");
}

TEST_F(FolderTest, AFolderWithoutAParentIsRefused) {
  data_ = scratch_.path() + "/nowhere/data";
  ExpectRefused(kFailed, {data_});
  EXPECT_FALSE(fs::exists(scratch_.path() + "/nowhere"));
}

TEST_F(FolderTest, ANewerFormatIsRefusedAndLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) { WriteSome(client, 3); }));
  WriteWholeFile(data_ + "/FORMAT", "3\n");
  const auto before = BytesIn(data_);
  ExpectRefused(kFailed, {data_, "format 3", "up to 2"});
  EXPECT_TRUE(BytesIn(data_) == before);
  WriteWholeFile(data_ + "/FORMAT", "2\n");
  Serve([&](const Client& client) { ExpectEverythingThere(client); });
}

TEST_F(FolderTest, AFolderThatCannotBeWrittenIsRefusedAndLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) { WriteSome(client, 3); }));
  const auto before = BytesIn(data_);
  {
    // Permissions do not stop a superuser; a file system that is mounted to be read does.
    const ReadOnlyDisk disk(data_);
    if (!disk.mounted() && ::geteuid() == 0) GTEST_SKIP() << kNoMount;
    if (!disk.mounted()) fs::permissions(data_, fs::perms::owner_read | fs::perms::owner_exec);
    ExpectRefused(kFailed, {data_});
  }
  fs::permissions(data_, fs::perms::owner_all);
  EXPECT_TRUE(BytesIn(data_) == before);
  Serve([&](const Client& client) { ExpectEverythingThere(client); });
}

TEST_F(FolderTest, AFlippedByteInATableIsNamedByItsBlockAndNothingIsLost) {
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) { WriteSome(client, 60); }));
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) { WriteSome(client, 1); }));  // opening put them in a table
  fs::remove_all(data_ + "/shelf");  // so that the server has to read every block
  const std::string table = LargestFile(data_, ".sst");
  ASSERT_FALSE(table.empty());
  const size_t middle = fs::file_size(table) / 2;
  FlipByte(table, middle);
  const std::string line = ExpectRefused(kBroken, {"The journal is damaged at block "});
  const std::vector<std::string> words = absl::StrSplit(line, "at block ");
  EXPECT_GT(std::atoi(words.back().c_str()), 0) << line;
  ExpectRefused(kBroken, {"The journal is damaged at block "});  // it does not heal by being looked at
  FlipByte(table, middle);
  Serve([&](const Client& client) { ExpectEverythingThere(client); });
}

TEST_F(FolderTest, AFlippedByteInTheLogIsFoundAndNothingIsLost) {
  {
    ServerChild server(Options());
    ASSERT_TRUE(server.WaitUntilReady());
    ASSERT_NO_FATAL_FAILURE(WriteSome(Client(server.grpc_address()), 60));
    EXPECT_TRUE(server.Kill());
  }
  fs::remove_all(data_ + "/shelf");  // so that the server has to read every block
  const std::string log = LargestFile(data_, ".log");
  ASSERT_FALSE(log.empty());
  const size_t middle = fs::file_size(log) / 2;
  FlipByte(log, middle);
  ExpectRefused(kBroken, {"The journal is damaged at its database: ", "Corruption"});
  ExpectRefused(kBroken, {"The journal is damaged at its database: ", "Corruption"});
  FlipByte(log, middle);
  Serve([&](const Client& client) { ExpectEverythingThere(client); });
}

TEST_F(FolderTest, AFullDiskRefusesWritesAndServesReadsAlsoAfterAKill) {
  const TemporaryFolder mount_point(FastPlace());
  const SmallDisk disk(mount_point.path(), uint64_t{128} << 20);
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  data_ = mount_point.path() + "/data";
  const std::vector<std::string> limits = {"--low-water-mib", "16", "--ballast-mib", "32"};
  {
    ServerChild server(Options(limits));
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    ASSERT_NO_FATAL_FAILURE(WriteSome(client, 20));
    EXPECT_EQ(fs::file_size(data_ + "/BALLAST"), uint64_t{32} << 20);
    disk.FillUpTo(uint64_t{8} << 20, "filler");
    EXPECT_TRUE(IsFor(giver_->TryOne(client), "DISK_FULL"));
    ExpectEverythingThere(client);
    fs::remove(mount_point.path() + "/filler");
    WriteSome(client, 20);  // the one that was refused first, under the same request id
    disk.FillUpTo(0, "filler");
    EXPECT_TRUE(IsFor(giver_->TryOne(client), "DISK_FULL"));
    EXPECT_TRUE(server.Kill());
  }
  ServerChild server(Options(limits));
  ASSERT_TRUE(server.WaitUntilReady());
  EXPECT_TRUE(absl::StrContains(server.Errors(), "ballast given back")) << server.Errors();
  const Client client(server.grpc_address());
  ExpectEverythingThere(client);
  disk.FillUpTo(0, "more filler");
  EXPECT_TRUE(IsFor(giver_->TryOne(client), "DISK_FULL"));
  for (const char* name : {"filler", "more filler"}) fs::remove(mount_point.path() + "/" + name);
  WriteSome(client, 20);
  ExpectEverythingThere(client);
  EXPECT_EQ(server.Stop().code, 0) << server.Errors();
}

// Twice `pairs` members: each of the first half would be a buddy, and each of the others, having pledged, wants one.
void ImportPairs(const Client& client, int pairs) {
  for (int half = 0; half < 2; ++half) {
    v1::ImportMembersRequest request;
    request.set_parent(kScheme);
    for (int i = 0; i < pairs; ++i) {
      v1::ImportedMember& row = *request.add_members();
      v1::Member& member = *row.mutable_member();
      member.set_reference(absl::StrCat(half == 0 ? "giver-" : "receiver-", i));
      member.set_display_name(member.reference());
      if (half == 0) {
        v1::Member::Offer& offer = *member.add_offers();
        offer.set_category("company");
        offer.add_settings(v1::Member::SETTING_PHONE);
      } else {
        v1::Member::Need& need = *member.add_needs();
        need.set_category("company");
        need.add_settings(v1::Member::SETTING_PHONE);
        row.set_pledged_date(absl::FormatTime("%Y-%m-%d", absl::Now() - absl::Hours(48), absl::UTCTimeZone()));
      }
    }
    v1::ImportMembersResponse response;
    const absl::Status imported = client.Call(request, response, absl::Minutes(1));
    ASSERT_TRUE(imported.ok()) << imported;
  }
}

// The state of each round, in order.
std::vector<v1::Round::State> RoundStates(const Client& client) {
  v1::ListRoundsRequest request;
  request.set_parent(kScheme);
  v1::ListRoundsResponse response;
  const absl::Status listed = client.Call(request, response);
  EXPECT_TRUE(listed.ok()) << listed;
  std::vector<v1::Round::State> states;
  for (const v1::Round& round : response.rounds()) states.push_back(round.state());
  return states;
}

TEST_F(FolderTest, ARoundThatIsCutShortIsMarkedAndEndedByTheSameRequest) {
  constexpr int kPairs = 1000;
  v1::RunRoundRequest round;
  round.set_parent(kScheme);
  round.set_seed(7);
  round.set_request_id("round-7");
  {
    ServerChild server(Options());
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    ASSERT_NO_FATAL_FAILURE(WriteSome(client, 1));
    ASSERT_NO_FATAL_FAILURE(ImportPairs(client, kPairs));
    std::thread running([&] {
      v1::RunRoundResponse response;
      const absl::Status ran = client.Call(round, response, absl::Minutes(1));
      EXPECT_TRUE(absl::IsUnavailable(ran)) << ran;
    });
    while (RoundStates(client).empty() && !HasFailure()) absl::SleepFor(absl::Microseconds(200));
    EXPECT_TRUE(server.Kill());
    running.join();
  }
  // Where nothing can be written the round cannot be marked either; what is there is served all the same.
  ASSERT_NO_FATAL_FAILURE(Serve(
      [&](const Client& client) {
        EXPECT_EQ(RoundStates(client), std::vector<v1::Round::State>{v1::Round::STATE_RUNNING});
        EXPECT_TRUE(IsFor(giver_->TryOne(client), "DISK_FULL"));
      },
      {"--low-water-mib", "1000000000"}));
  Serve([&](const Client& client) {
    EXPECT_EQ(RoundStates(client), std::vector<v1::Round::State>{v1::Round::STATE_INTERRUPTED});
    v1::RunRoundResponse response, again;
    const absl::Status ran = client.Call(round, response, absl::Minutes(1));
    ASSERT_TRUE(ran.ok()) << ran;
    ASSERT_TRUE(client.Call(round, again, absl::Minutes(1)).ok());
    EXPECT_EQ(again.round().name(), response.round().name());
    const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
    ASSERT_TRUE(contents.ok()) << contents.status();
    EXPECT_EQ(contents->matches.size(), size_t{kPairs});
    ExpectEverythingThere(client);
  });
}

}  // namespace
}  // namespace turnabout
