#include <s2/s1chord_angle.h>
#include <s2/s2closest_point_query.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>
#include <s2/s2point_index.h>

#include "tests/bench/matcher/candidate_peers.h"

namespace turnabout::bench {
namespace {

S2Point PointOf(const Point& place) { return S2LatLng::FromE6(place.latitude_e6, place.longitude_e6).ToPoint(); }

class S2Peer final : public CandidatePeer {
 public:
  explicit S2Peer(const World& world) : instance_(world.instance()) {
    for (size_t u = 0; u < instance_.givers.size(); ++u) {
      const Traits& giver = instance_.giver_traits[u];
      if (giver.checked && giver.stage_allows && giver.has_place) {
        index_.Add(PointOf(giver.place), static_cast<int32_t>(u));
      }
    }
    for (auto& query : queries_) query = std::make_unique<Query>(&index_);
  }

  // S2 has no filter of its own, so it is asked for more until enough have passed.
  std::vector<int32_t> Nearest(int32_t receiver, int thread) override {
    const Traits& traits = instance_.receiver_traits[receiver];
    Query& query = *queries_[thread];
    Query::PointTarget target(PointOf(traits.place));
    query.mutable_options()->set_max_distance(S2Earth::MetersToAngle(traits.reach_metres + 100));
    for (int most = 512;; most *= 4) {
      query.mutable_options()->set_max_results(most);
      const auto found = query.FindClosestPoints(&target);
      std::vector<int32_t> givers;
      for (const auto& result : found) {
        const Traits& giver = instance_.giver_traits[result.data()];
        if (Allowed(giver, traits, *instance_.settings)) givers.push_back(result.data());
        if (givers.size() == kNearest) return givers;
      }
      if (found.size() < static_cast<size_t>(most)) return givers;
    }
  }

  std::string Version() override { return "S2 (Debian's libs2-0)"; }

 private:
  using Index = S2PointIndex<int32_t>;
  using Query = S2ClosestPointQuery<int32_t>;

  const Instance& instance_;
  Index index_;
  std::unique_ptr<Query> queries_[2];
};

}  // namespace

absl::StatusOr<std::unique_ptr<CandidatePeer>> StartS2(const World& world) { return std::make_unique<S2Peer>(world); }

}  // namespace turnabout::bench
