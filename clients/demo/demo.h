// turnabout-demo, from words to exit code.
#ifndef TURNABOUT_CLIENTS_DEMO_DEMO_H_
#define TURNABOUT_CLIENTS_DEMO_DEMO_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace turnabout::demo {

struct DemoOptions {
  bool once = false;  // stop at the end instead of leaving the server up
  bool help = false;
  int people = 0;  // 0: the story; otherwise a generated scheme of that many
  uint64_t seed = 1;
  std::string json;      // where the figures go; empty for nowhere
  std::string data_dir;  // a new folder; empty for a temporary one, which is removed at the end
};

// INVALID_ARGUMENT with what is wrong.
absl::StatusOr<DemoOptions> ReadDemoOptions(const std::vector<std::string>& words);

std::string DemoHelp();

// Runs the demo with the server that lies in `folder`. Returns the exit code.
//
// Threads: call it from the main thread before any other thread is made; it takes over SIGINT and SIGTERM.
int RunDemo(const std::vector<std::string>& words, const std::filesystem::path& folder);

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_DEMO_H_
