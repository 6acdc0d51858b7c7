#include "matcher/clear/locality.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace turnabout::clear {
namespace {

// Smaller problems fit in a processor's cache, whatever their order.
constexpr int32_t kMembersInCache = 4'096;
// An edge is long when its ends are more than one in so many of all members apart, and an order is bad when more than
// one edge in so many is long.
constexpr int32_t kLong = 16;
constexpr int64_t kManyLong = 8;
constexpr int32_t kCluster = 256;

bool IsLocal(const Problem& problem) {
  const int32_t length = problem.members() / kLong;
  int64_t long_edges = 0;
  for (int32_t v = 0; v < problem.members(); ++v) {
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      long_edges += std::abs(problem.giver[e] - v) > length;
    }
  }
  return long_edges * kManyLong <= problem.edges();
}

// Everybody's neighbours, whichever way the edge goes.
struct Neighbours {
  explicit Neighbours(const Problem& problem) : problem(problem), first(problem.ids.size() + 1) {
    for (const int32_t u : problem.giver) ++first[u + 1];
    for (size_t i = 0; i < problem.ids.size(); ++i) first[i + 1] += first[i];
    receiver.resize(problem.giver.size());
    std::vector<int64_t> at(first.begin(), first.end() - 1);
    for (int32_t v = 0; v < problem.members(); ++v) {
      for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) receiver[at[problem.giver[e]]++] = v;
    }
  }

  template <typename Visit>
  void Of(int32_t member, const Visit& visit) const {
    for (int64_t e = problem.first[member]; e < problem.first[member + 1]; ++e) visit(problem.giver[e]);
    for (int64_t e = first[member]; e < first[member + 1]; ++e) visit(receiver[e]);
  }

  const Problem& problem;
  std::vector<int64_t> first;     // of each giver's edges
  std::vector<int32_t> receiver;  // of those edges
};

}  // namespace

std::vector<int32_t> LocalityOrder(const Problem& problem) {
  std::vector<int32_t> order(problem.ids.size());
  std::iota(order.begin(), order.end(), 0);
  if (problem.members() <= kMembersInCache || IsLocal(problem)) return order;

  const Neighbours neighbours(problem);
  enum : uint8_t { kNew, kSeed, kPlaced };
  std::vector<uint8_t> state(order.size(), kNew);
  std::vector<int32_t> seeds;  // where clusters may begin, the oldest first
  seeds.reserve(order.size());
  order.clear();
  size_t next_seed = 0;
  for (int32_t next_new = 0; next_new < problem.members();) {
    if (next_seed == seeds.size()) {
      if (state[next_new] == kNew) seeds.push_back(next_new);
      ++next_new;
      continue;
    }
    const int32_t seed = seeds[next_seed++];
    if (state[seed] == kPlaced) continue;
    // The cluster is its own queue; whoever it has no room for may begin a later one.
    size_t at = order.size();
    const size_t full = at + kCluster;
    state[seed] = kPlaced;
    order.push_back(seed);
    for (; at < order.size(); ++at) {
      neighbours.Of(order[at], [&](int32_t member) {
        if (state[member] == kPlaced) return;
        if (order.size() < full) {
          state[member] = kPlaced;
          order.push_back(member);
        } else if (state[member] == kNew) {
          state[member] = kSeed;
          seeds.push_back(member);
        }
      });
    }
  }
  return order;
}

}  // namespace turnabout::clear
