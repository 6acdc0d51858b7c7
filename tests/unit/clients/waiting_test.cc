#include "clients/cli/waiting.h"

#include <gtest/gtest.h>

#include <sstream>

#include "absl/time/clock.h"

namespace turnabout::cli {
namespace {

// What is written of something that takes so long.
std::string Written(bool terminal, absl::Duration takes, Waiting::Milliseconds after) {
  std::ostringstream out, err;
  Console console{out, err, terminal};
  {
    const Waiting waiting(console, "Verifying", after, Waiting::Milliseconds(5));
    absl::SleepFor(takes);
  }
  EXPECT_EQ(out.str(), "");
  return err.str();
}

TEST(Waiting, SaysOnATerminalThatItGoesOnAndTakesItAway) {
  const std::string written = Written(true, absl::Milliseconds(60), Waiting::Milliseconds(10));
  const std::string line = "\rVerifying: 0 s so far";
  EXPECT_EQ(written.compare(0, line.size(), line), 0) << written;
  EXPECT_EQ(written.substr(written.size() - line.size() - 1), "\r" + std::string(line.size() - 1, ' ') + "\r");
}

TEST(Waiting, SaysNothingOfWhatIsSoonDoneNorAnywhereElse) {
  EXPECT_EQ(Written(true, absl::ZeroDuration(), Waiting::Milliseconds(60'000)), "");
  EXPECT_EQ(Written(false, absl::Milliseconds(30), Waiting::Milliseconds(1)), "");
}

}  // namespace
}  // namespace turnabout::cli
