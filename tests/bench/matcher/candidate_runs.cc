#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/crew.h"
#include "base/seed.h"
#include "matcher/candidates/search.h"
#include "tests/bench/matcher/runs.h"

namespace turnabout::bench {
namespace {

std::vector<int32_t> SomeReceivers(const World& world, int count) {
  Random random(Seed{11});
  std::vector<int32_t> receivers;
  for (int i = 0; i < count; ++i) receivers.push_back(static_cast<int32_t>(random.Below(world.people())));
  return receivers;
}

std::vector<NearGiver> OurNearest(const World& world, CandidateSearch& search, int32_t receiver) {
  std::vector<NearGiver> givers;
  world.groups().Begin(absl::MakeConstSpan(&receiver, 1), search);
  search.Nearest(kNearest, absl::MakeSpan(&givers, 1));
  return givers;
}

}  // namespace

Figures RunNearest(const World& world, int queries) {
  return RunApart([&](Figures& out) {
    const Instance& instance = world.instance();
    std::atomic<int64_t> pairs{0};
    const Took took = TimeOf([&] {
      const CandidateIndex index(instance.giver_traits, *instance.settings);
      std::vector<CandidateSearch> searches(CrewSize(), CandidateSearch(index));
      InParts(CrewSize(), world.groups().count(), [&](int thread, int64_t group) {
        const absl::Span<const int32_t> receivers = world.groups().of(group);
        std::vector<std::vector<NearGiver>> givers(receivers.size());
        world.groups().Begin(receivers, searches[thread]);
        searches[thread].Nearest(kNearest, absl::MakeSpan(givers));
        for (const std::vector<NearGiver>& some : givers) pairs += static_cast<int64_t>(some.size());
        return true;
      });
    });
    out["wall_s"] = took.wall_s;
    out["cpu_s"] = took.cpu_s;
    out["pairs"] = static_cast<double>(pairs.load());
    CandidateSearch search(world.index());
    std::vector<double> us;
    for (const int32_t receiver : SomeReceivers(world, queries)) {
      us.push_back(1e6 * TimeOf([&] { OurNearest(world, search, receiver); }).wall_s);
    }
    out["p50_us"] = Quantile(us, 0.5);
    out["p99_us"] = Quantile(us, 0.99);
  });
}

Figures RunPeer(const World& world, CandidatePeer& peer, int queries) {
  Figures out;
  CandidateSearch search(world.index());
  std::vector<double> us;
  int64_t theirs = 0;
  int64_t shared = 0;
  for (const int32_t receiver : SomeReceivers(world, queries)) {
    std::vector<int32_t> found;
    us.push_back(1e6 * TimeOf([&] { found = peer.Nearest(receiver, 0); }).wall_s);
    theirs += static_cast<int64_t>(found.size());
    for (const NearGiver& giver : OurNearest(world, search, receiver)) {
      shared += std::count(found.begin(), found.end(), giver.giver);
    }
  }
  out["p50_us"] = Quantile(us, 0.5);
  out["p99_us"] = Quantile(us, 0.99);
  out["agreement"] = theirs == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(theirs);
  // Neighbours one after the other, as when everybody is asked about: pages and cells are at hand.
  const int32_t from = world.people() / 3;
  const int32_t count = std::min(queries, world.people() - from);
  const Took both = TimeOf([&] {
    std::thread other([&] {
      for (int32_t i = 1; i < count; i += 2) peer.Nearest(from + i, 1);
    });
    for (int32_t i = 0; i < count; i += 2) peer.Nearest(from + i, 0);
    other.join();
  });
  out["both_us"] = 1e6 * both.wall_s / count;
  return out;
}

}  // namespace turnabout::bench
