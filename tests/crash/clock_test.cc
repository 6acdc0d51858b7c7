// A clock that jumps a year under a real server, forward and back, while it runs and between two runs: a line in its
// log, times that never go back, nothing lost, and nothing ended before its time by a clock that is put right again.
#include "absl/time/clock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "tests/crash/audit.h"
#include "tests/crash/client.h"
#include "tests/crash/server_child.h"
#include "tests/crash/writers.h"
#include "tests/unit/store/journal/journal_folder.h"
#include "turnabout/v1/exchange_service.pb.h"

namespace turnabout {
namespace {

constexpr char kScheme[] = "schemes/riverside";
constexpr absl::Duration kYear = absl::Hours(365 * 24);
constexpr char kJumped[] = "the clock jumped forward";
constexpr char kWentBack[] = "the clock went back";
constexpr char kBehind[] = "the clock is behind the journal";

class ClockTest : public testing::Test {
 protected:
  ClockTest() { SetClock(absl::ZeroDuration()); }

  // The clock of every server, from now on, is so far from the machine's.
  void SetClock(absl::Duration shift) const {
    const int64_t seconds = absl::ToInt64Seconds(shift);
    const int file = ::open(shift_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::pwrite(file, &seconds, sizeof(seconds), 0), static_cast<ssize_t>(sizeof(seconds)));
    ::close(file);
  }

  ServerChildOptions Options() const {
    return {.data_dir = scratch_.path() + "/data",
            .scratch = scratch_.path(),
            .flags = {"--ballast-mib", "0"},
            .environment = {std::string("LD_PRELOAD=") + SHIFTED_CLOCK, "TURNABOUT_CLOCK_SHIFT=" + shift_,
                            "ASAN_OPTIONS=verify_asan_link_order=0"}};
  }

  void MakePeople(const Client& client) {
    ASSERT_TRUE(MakeScheme(client, "riverside").ok());
    const auto two = MakeMembers(client, "riverside", 2);
    ASSERT_TRUE(two.ok()) << two.status();
    two_ = *two;
    gifts_ = NewGiftWriter(kScheme, two_, Seed{1});
  }

  void WriteSome(const Client& client) {
    for (int i = 0; i < 5; ++i) gifts_->WriteOne(client);
  }

  // Hours that wait to be confirmed, which holds them for two weeks.
  void LogHours(const Client& client) {
    v1::LogExchangeRequest request;
    request.set_parent(kScheme);
    request.mutable_exchange()->set_giver(two_[0]);
    request.mutable_exchange()->set_receiver(two_[1]);
    request.mutable_exchange()->set_minutes(60);
    request.mutable_exchange()->set_happened_on_date(
        absl::FormatTime("%Y-%m-%d", absl::Now() - absl::Hours(24), absl::UTCTimeZone()));
    request.set_actor(two_[0]);
    v1::LogExchangeResponse response;
    const absl::Status logged = client.Call(request, response);
    ASSERT_TRUE(logged.ok()) << logged;
    logged_ = response.exchange().name();
  }
  absl::Status ConfirmHours(const Client& client) {
    v1::ConfirmExchangeRequest request;
    request.set_name(logged_);
    request.set_actor(two_[1]);
    v1::ConfirmExchangeResponse response;
    return client.Call(request, response);
  }

  // Everything is there, in order, and the books are right.
  void ExpectSoundAndInOrder(const Client& client) {
    const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
    ASSERT_TRUE(contents.ok()) << contents.status();
    ExpectSound(*contents);
    ExpectAllThere(gifts_->expected(), *contents);
    ExpectVerified(client);
    int64_t before = 0;
    for (const v1::Entry& entry : contents->entries) {
      EXPECT_GE(entry.create_time().seconds(), before) << entry.DebugString();
      before = entry.create_time().seconds();
    }
  }

  // Waits until the server has logged `words`, at most ten seconds.
  static bool HasLogged(const ServerChild& server, const std::string& words) {
    for (int i = 0; i < 1000; ++i) {
      if (absl::StrContains(server.Errors(), words)) return true;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  }

  const TemporaryFolder scratch_{FastPlace()};
  const std::string shift_ = scratch_.path() + "/shift";
  std::vector<std::string> two_;
  std::unique_ptr<Writer> gifts_;
  std::string logged_;
};

TEST_F(ClockTest, ThatJumpsForwardAndBackWhileItRunsEndsNothing) {
  ServerChild server(Options());
  ASSERT_TRUE(server.WaitUntilReady());
  const Client client(server.grpc_address());
  ASSERT_NO_FATAL_FAILURE(MakePeople(client));
  ASSERT_NO_FATAL_FAILURE(LogHours(client));
  WriteSome(client);
  SetClock(kYear);
  EXPECT_TRUE(HasLogged(server, kJumped)) << server.Errors();
  EXPECT_TRUE(absl::StrContains(server.Errors(), "\"seconds\":\"31536000\"") ||
              absl::StrContains(server.Errors(), "\"seconds\":\"31535999\""))
      << server.Errors();
  absl::SleepFor(absl::Seconds(2));  // in which a server that believed it would let the hours lapse
  SetClock(absl::ZeroDuration());
  EXPECT_TRUE(HasLogged(server, kWentBack)) << server.Errors();
  const absl::Status confirmed = ConfirmHours(client);
  EXPECT_TRUE(confirmed.ok()) << confirmed;
  WriteSome(client);
  ASSERT_NO_FATAL_FAILURE(ExpectSoundAndInOrder(client));
  EXPECT_EQ(server.Stop().code, 0) << server.Errors();
}

TEST_F(ClockTest, ThatJumpsBackWhileItRunsWritesNoTimeTwice) {
  ServerChild server(Options());
  ASSERT_TRUE(server.WaitUntilReady());
  const Client client(server.grpc_address());
  ASSERT_NO_FATAL_FAILURE(MakePeople(client));
  WriteSome(client);
  for (const absl::Duration shift : {-kYear, kYear, -2 * kYear, absl::ZeroDuration()}) {
    SetClock(shift);
    WriteSome(client);
    ASSERT_NO_FATAL_FAILURE(ExpectSoundAndInOrder(client));
  }
  EXPECT_EQ(server.Stop().code, 0) << server.Errors();
}

TEST_F(ClockTest, ThatIsAYearAheadOrBehindAtTheNextStartIsNamedAndNothingIsLost) {
  bool is_new = true;
  absl::Duration latest = -10 * kYear;
  for (const absl::Duration shift : {absl::ZeroDuration(), -kYear, absl::ZeroDuration(), kYear, absl::ZeroDuration()}) {
    SetClock(shift);
    ServerChild server(Options());
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    if (is_new) {
      ASSERT_NO_FATAL_FAILURE(MakePeople(client));
    }
    is_new = false;
    WriteSome(client);
    ASSERT_NO_FATAL_FAILURE(ExpectSoundAndInOrder(client));
    EXPECT_EQ(server.Stop().code, 0) << server.Errors();
    EXPECT_EQ(absl::StrContains(server.Errors(), kBehind), shift < latest) << server.Errors();
    latest = std::max(latest, shift);
  }
}

}  // namespace
}  // namespace turnabout
