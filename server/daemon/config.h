// What turnaboutd is told on its command line and in its environment.
//
// Every flag --some-name is also the variable TURNABOUT_SOME_NAME; a flag wins over the variable, and the variable over
// the default.
#ifndef TURNABOUT_SERVER_DAEMON_CONFIG_H_
#define TURNABOUT_SERVER_DAEMON_CONFIG_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/log.h"

namespace turnabout {

// A host and a port, both as given.
struct Address {
  std::string host;
  uint16_t port = 0;
};

struct Config {
  std::string data_dir;    // REQUIRED unless ephemeral
  bool ephemeral = false;  // keeps everything in memory
  Address grpc{"127.0.0.1", 50051};
  Address http{"127.0.0.1", 8080};
  std::string ready_file;  // written once everything is served; empty for none
  absl::Duration drain = absl::Seconds(10);
  // Writes are refused while less is free on the disk of data_dir; reads go on.
  uint64_t low_water_mib = 256;
  // A file kept in data_dir and given back when the disk has filled, so that the server can start all the same.
  uint64_t ballast_mib = 64;
  Severity log = Severity::kInfo;
};

// Reads the arguments after `serve`. `environment` gives a variable's value, or nothing.
// INVALID_ARGUMENT in plain words, with a suggestion for a flag that is nearly one.
absl::StatusOr<Config> ReadConfig(const std::vector<std::string>& arguments,
                                  const std::function<std::optional<std::string>(const std::string&)>& environment);

// "127.0.0.1:50051", "[::1]:0", "localhost:80". INVALID_ARGUMENT for what is no such thing, and for a host that is not
// this machine's own loopback: without access control nothing else is safe.
absl::StatusOr<Address> ParseAddress(absl::string_view text);

// What --help prints.
std::string ConfigHelp();

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_CONFIG_H_
