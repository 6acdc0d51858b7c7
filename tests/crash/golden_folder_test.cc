// Data folders of earlier releases, kept for ever in tests/golden/folder_vN: today's server takes over every one of
// them, and what was in it stays.
//
//   TURNABOUT_GOLDEN_TO=tests/golden/folder_v2 crash_test --gtest_filter='GoldenFolder.IsMadeLikeThis'
//
// makes such a folder with today's server, and what `turnaboutd verify --json` says of it beside it. Do so at each
// release that writes another format, and never over an earlier one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/daemon/offline.h"
#include "store/journal/migration.h"
#include "tests/crash/audit.h"
#include "tests/crash/client.h"
#include "tests/crash/folder_files.h"
#include "tests/crash/server_child.h"
#include "tests/crash/writers.h"
#include "tests/unit/store/journal/journal_folder.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

constexpr char kSlug[] = "riverside";
constexpr char kScheme[] = "schemes/riverside";

// A request that every golden folder has answered.
v1::CreateMemberRequest RememberedRequest() {
  v1::CreateMemberRequest request;
  request.set_parent(kScheme);
  request.mutable_member()->set_display_name("Remembered");
  request.set_request_id("remembered");
  return request;
}

class GoldenFolder : public testing::Test {
 protected:
  // Starts a server over `data`, runs `visit` with a client of it, and ends it gently, or not.
  template <typename Visit>
  void Serve(Visit visit, bool kill = false) {
    ServerChild server({.data_dir = data_, .scratch = scratch_.path(), .flags = {"--ballast-mib", "0"}});
    ASSERT_TRUE(server.WaitUntilReady());
    ASSERT_NO_FATAL_FAILURE(visit(Client(server.grpc_address())));
    if (kill) {
      EXPECT_TRUE(server.Kill());
    } else {
      EXPECT_EQ(server.Stop().code, 0) << server.Errors();
    }
    errors_ = server.Errors();
  }

  // What `turnaboutd WORDS --data-dir FOLDER` prints. Expects success.
  std::string Offline(std::vector<std::string> words) const {
    std::ostringstream out, err;
    OfflineConsole console{out, err};
    words.insert(words.end(), {"--data-dir", data_});
    EXPECT_EQ(RunOffline(words, console), 0) << err.str();
    return out.str();
  }

  const TemporaryFolder scratch_{FastPlace()};
  const std::string data_ = scratch_.path() + "/data";
  std::string errors_;  // of the server that ended last
};

TEST_F(GoldenFolder, IsMadeLikeThis) {
  std::vector<std::unique_ptr<Writer>> writers;
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) {
    ASSERT_TRUE(MakeScheme(client, kSlug).ok());
    const absl::StatusOr<std::vector<std::string>> who = MakeMembers(client, kSlug, 4);
    ASSERT_TRUE(who.ok()) << who.status();
    writers.push_back(NewHoursWriter(kScheme, {(*who)[0], (*who)[1]}, Seed{1}));
    writers.push_back(NewGiftWriter(kScheme, {(*who)[2], (*who)[3]}, Seed{2}));
    writers.push_back(NewMatchWriter(kScheme, Seed{3}));
    v1::CreateMemberResponse made;
    ASSERT_TRUE(client.Call(RememberedRequest(), made).ok());
  }));
  // One run whose blocks come to lie in a table, and one whose blocks stay in the log.
  for (const bool kill : {false, true}) {
    ASSERT_NO_FATAL_FAILURE(Serve(
        [&](const Client& client) {
          for (int i = 0; i < 25; ++i) {
            for (const auto& writer : writers) writer->WriteOne(client);
          }
        },
        kill));
  }
  const std::string verified = Offline({"verify", "--json"});
  EXPECT_NE(verified, "");
  if (const char* keep = std::getenv("TURNABOUT_GOLDEN_TO")) {
    fs::copy(data_, keep, fs::copy_options::recursive);
    WriteWholeFile(absl::StrCat(keep, ".json"), verified);
  }
}

// The golden folders, oldest first.
std::vector<std::string> GoldenFolders() {
  std::vector<std::string> folders;
  for (const auto& each : fs::directory_iterator("tests/golden")) {
    if (each.is_directory()) folders.push_back(each.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

class EveryGoldenFolder : public GoldenFolder, public testing::WithParamInterface<std::string> {
 protected:
  EveryGoldenFolder() : golden_(GetParam()), verified_(ReadWholeFile(absl::StrCat(golden_, ".json"))) { Begin(); }

  // Makes the data folder a copy of the golden one, and nothing else.
  void Begin() const {
    fs::remove_all(data_);
    fs::copy(golden_, data_, fs::copy_options::recursive);
  }

  const std::string golden_;
  const std::string verified_;  // what `turnaboutd verify --json` said of it, and always must
};

TEST_P(EveryGoldenFolder, IsReadByEveryOfflineVerbAndLeftAsItIs) {
  const auto before = BytesIn(data_);
  EXPECT_EQ(Offline({"verify", "--json"}), verified_);
  EXPECT_EQ(Offline({"inspect"}).find(absl::StrCat("  format    ", before.at("FORMAT"))), 0u);
  EXPECT_NE(Offline({"journal", "dump", "--values"}), "");
  Offline({"export", "--csv", scratch_.path() + "/tables"});
  EXPECT_TRUE(BytesIn(data_) == before);
}

TEST_P(EveryGoldenFolder, IsTakenOverByTheServerAndTakesWrites) {
  const std::string dumped = Offline({"journal", "dump", "--values"});
  std::string remembered;
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) {
    v1::CreateMemberResponse again;
    ASSERT_TRUE(client.Call(RememberedRequest(), again).ok());
    const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
    ASSERT_TRUE(contents.ok()) << contents.status();
    ExpectSound(*contents);
    EXPECT_EQ(contents->all.count(again.member().name()), 1u) << "the request was carried out twice";
    ExpectVerified(client);
  }));
  EXPECT_EQ(Offline({"verify", "--json"}), verified_);
  EXPECT_EQ(ReadWholeFile(data_ + "/FORMAT"), absl::StrCat(kDataFolderFormat, "\n"));
  const bool is_older = ReadWholeFile(golden_ + "/FORMAT") != ReadWholeFile(data_ + "/FORMAT");
  EXPECT_EQ(absl::StrContains(errors_, "brought up to this release's format"), is_older) << errors_;

  std::unique_ptr<Writer> writer;
  ASSERT_NO_FATAL_FAILURE(Serve(
      [&](const Client& client) {
        const absl::StatusOr<std::vector<std::string>> who = MakeMembers(client, kSlug, 4);
        ASSERT_TRUE(who.ok()) << who.status();
        writer = NewGiftWriter(kScheme, {(*who)[1], (*who)[0]}, Seed{4});
        for (int i = 0; i < 20; ++i) writer->WriteOne(client);
      },
      true));
  EXPECT_FALSE(absl::StrContains(errors_, "brought up to this release's format")) << errors_;
  ASSERT_NO_FATAL_FAILURE(Serve([&](const Client& client) {
    const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
    ASSERT_TRUE(contents.ok()) << contents.status();
    ExpectSound(*contents);
    ExpectAllThere(writer->expected(), *contents);
    ExpectVerified(client);
  }));
  EXPECT_EQ(Offline({"journal", "dump", "--values"}).compare(0, dumped.size(), dumped), 0) << "what was there changed";
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryGoldenFolder, testing::ValuesIn(GoldenFolders()),
                         [](const auto& info) { return fs::path(info.param).filename().string(); });

}  // namespace
}  // namespace turnabout
