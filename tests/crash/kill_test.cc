// Kills a real server under load, again and again, and stops it gently: nothing acknowledged is lost, nothing
// unanswered is written twice when it is sent again.
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/crash/client.h"
#include "tests/crash/crew.h"
#include "tests/crash/server_child.h"
#include "tests/support/seed.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

constexpr uint64_t kLoadMostMs = 250;     // how long writers write before the server is killed
constexpr uint64_t kOpeningMostMs = 120;  // how long a server that is killed while it opens has had

// What a default run does; TURNABOUT_FULL does ten times as much.
int Times(int count) { return IsFullRun() ? 10 * count : count; }

class CrashTest : public testing::Test {
 protected:
  CrashTest() : seed_(HasTestSeed() ? TestSeed(1) : SeedFromSystem()), random_(seed_) {}

  ServerChildOptions Options(std::vector<std::string> flags = {}) const {
    flags.insert(flags.end(), {"--ballast-mib", "0"});
    return {.data_dir = scratch_.path() + "/data", .scratch = scratch_.path(), .flags = std::move(flags)};
  }

  const Seed seed_;
  Random random_;
  const TemporaryFolder scratch_;
  Crew crew_{Seed{random_.Next()}};
};

TEST_F(CrashTest, EveryAcknowledgedWriteSurvivesEveryKillAndEveryRetryWritesOnce) {
  SCOPED_TRACE(RerunWith(seed_));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed_.value));
  const int kills = Times(24);
  int opening_kills = 0;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    ServerChild server(Options());
    if (kill % 6 == 5) {
      absl::SleepFor(absl::Milliseconds(random_.Below(kOpeningMostMs)));
      EXPECT_TRUE(server.Kill()) << server.Errors();
      ++opening_kills;
      continue;
    }
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    ASSERT_NO_FATAL_FAILURE(crew_.Audit(client));
    crew_.WriteWhile(client, [&] {
      absl::SleepFor(absl::Milliseconds(random_.Below(kLoadMostMs)));
      EXPECT_TRUE(server.Kill()) << "it ended by itself: " << server.Errors();
    });
  }
  ServerChild server(Options());
  ASSERT_TRUE(server.WaitUntilReady());
  ASSERT_NO_FATAL_FAILURE(crew_.Audit(Client(server.grpc_address())));
  EXPECT_EQ(server.Stop().code, 0) << server.Errors();
  EXPECT_GT(crew_.acknowledged(), static_cast<size_t>(kills));
  std::printf("%d kills (%d while opening), %zu writes acknowledged, %d written and unanswered\n", kills, opening_kills,
              crew_.acknowledged(), crew_.written_unanswered());
}

TEST_F(CrashTest, SigtermUnderLoadLosesNothingAndExitsWithZeroInTime) {
  SCOPED_TRACE(RerunWith(seed_));
  constexpr absl::Duration kDrain = absl::Seconds(10);
  for (int stop = 0; stop < Times(3) && !HasFailure(); ++stop) {
    ServerChild server(Options({"--drain", absl::StrCat(absl::ToInt64Seconds(kDrain))}));
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    ASSERT_NO_FATAL_FAILURE(crew_.Audit(client));
    crew_.WriteWhile(client, [&] {
      absl::SleepFor(absl::Milliseconds(100 + random_.Below(kLoadMostMs)));
      const Ending ending = server.Stop();
      EXPECT_EQ(ending.code, 0) << ending.signal << server.Errors();
      EXPECT_LE(ending.after, kDrain) << server.Errors();
    });
  }
  ServerChild server(Options());
  ASSERT_TRUE(server.WaitUntilReady());
  ASSERT_NO_FATAL_FAILURE(crew_.Audit(Client(server.grpc_address())));
  EXPECT_GT(crew_.acknowledged(), 0u);
}

}  // namespace
}  // namespace turnabout
