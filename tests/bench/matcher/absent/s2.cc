// Stands in for peer_s2.cc where S2 is not installed.
#include "tests/bench/matcher/candidate_peers.h"

namespace turnabout::bench {

absl::StatusOr<std::unique_ptr<CandidatePeer>> StartS2(const World&) {
  return absl::UnavailableError("S2: the benchmark was built without it (Debian's libs2-dev)");
}

}  // namespace turnabout::bench
