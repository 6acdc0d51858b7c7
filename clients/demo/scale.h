// The main job over a generated scheme of any size, with how long each part took.
#ifndef TURNABOUT_CLIENTS_DEMO_SCALE_H_
#define TURNABOUT_CLIENTS_DEMO_SCALE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "clients/cli/api.h"
#include "clients/demo/figures.h"
#include "clients/demo/page.h"
#include "clients/demo/server_process.h"

namespace turnabout::demo {

struct ScaleOptions {
  int people = 1000;
  uint64_t seed = 1;
};

// Generates, imports, runs a round and approves every proposal, one call each with many under way, then verifies.
// REQUIRES: the server has no scheme called "invented".
absl::Status RunAtScale(const ScaleOptions& options, cli::Api& api, const ServerProcess& server, absl::CivilDay today,
                        Page& page, Figures& figures);

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_SCALE_H_
