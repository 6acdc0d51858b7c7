// What people would take instead of our search for candidates: PostGIS and S2, each answering the same question, which
// are the nearest 20 givers who pass every hard criterion.
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_CANDIDATE_PEERS_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_CANDIDATE_PEERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/matcher/world.h"

namespace turnabout::bench {

// One way of finding them. Threads: Nearest may be called from two, each with its own number.
class CandidatePeer {
 public:
  virtual ~CandidatePeer() = default;
  // As positions among the instance's givers, nearest first. REQUIRES: 0 <= thread < 2.
  virtual std::vector<int32_t> Nearest(int32_t receiver, int thread) = 0;
  virtual std::string Version() = 0;
};

// UNAVAILABLE, in plain words, when it is not installed. `folder` is where it may write; both outlive the peer.
absl::StatusOr<std::unique_ptr<CandidatePeer>> StartPostgis(const World& world, const std::string& folder);
absl::StatusOr<std::unique_ptr<CandidatePeer>> StartS2(const World& world);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_CANDIDATE_PEERS_H_
