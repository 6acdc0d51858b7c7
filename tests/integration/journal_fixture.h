// A server over a data folder, the command line against it, and the offline verbs over what it leaves.
#ifndef TURNABOUT_TESTS_INTEGRATION_JOURNAL_FIXTURE_H_
#define TURNABOUT_TESTS_INTEGRATION_JOURNAL_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "clients/cli/run.h"
#include "server/daemon/offline.h"
#include "server/daemon/server.h"
#include "tests/support/ran.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {

class JournalFixture : public testing::Test {
 protected:
  JournalFixture() { EXPECT_TRUE(IsOk(Start())); }

  absl::Status Start() {
    Config config;
    config.data_dir = data_;
    config.grpc.port = 0;
    config.http.port = 0;
    config.drain = absl::Seconds(1);
    config.ballast_mib = 0;
    auto server = Server::Start(config, clock_, Seed{7}, [](const absl::Status&) {});
    if (server.ok()) server_ = *std::move(server);
    return server.status();
  }
  void Stop() { server_.reset(); }

  Ran Cli(const std::string& line) const {
    std::vector<std::string> words = absl::StrSplit(line, ' ');
    words.push_back(absl::StrCat("--server=127.0.0.1:", server_ == nullptr ? 1 : server_->grpc_port()));
    std::ostringstream out, err;
    cli::Console console{out, err};
    const int code = cli::Run(
        words, console, [](absl::string_view) { return std::string(); }, clock_);
    return {code, out.str(), err.str()};
  }
  Ran Offline(const std::string& line) const {
    std::ostringstream out, err;
    OfflineConsole console{out, err};
    const int code = RunOffline(absl::StrSplit(line, ' '), console);
    return {code, out.str(), err.str()};
  }

  // A scheme, two members and `entries` entries; the id of the first entry.
  std::string Fill(int entries = 3) {
    EXPECT_EQ(Cli("scheme create riverside Riverside").code, 0);
    EXPECT_EQ(Cli("members add ben Ben").code, 0);
    std::string id;
    for (int i = 0; i < entries; ++i) {
      const Ran ran = Cli("entry post opening --from opening --to ben --time 1h --for start --output json");
      EXPECT_EQ(ran.code, 0) << ran.err;
      if (i == 0) id = After(ran.out, "/entries/");
    }
    return id;
  }

  std::string Path(const std::string& name) const { return absl::StrCat(folder_.path(), "/", name); }

  const TemporaryFolder folder_{FastPlace()};
  const std::string data_ = folder_.path() + "/data";
  const SystemClock clock_;
  std::unique_ptr<Server> server_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_INTEGRATION_JOURNAL_FIXTURE_H_
