// Stands in for peer_postgis.cc where libpq is not installed.
#include "tests/bench/matcher/candidate_peers.h"

namespace turnabout::bench {

absl::StatusOr<std::unique_ptr<CandidatePeer>> StartPostgis(const World&, const std::string&) {
  return absl::UnavailableError("PostGIS: the benchmark was built without libpq (Debian's libpq-dev)");
}

}  // namespace turnabout::bench
