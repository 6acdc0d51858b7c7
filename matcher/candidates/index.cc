#include "matcher/candidates/index.h"

#include <algorithm>
#include <tuple>

#include "matcher/candidates/map_order.h"

namespace turnabout {
namespace {

// Those who help by phone or online, so that a block of them has as few kinds of help and languages as can be: most
// blocks then have nobody for a given receiver, which their summary says.
std::vector<int32_t> RemoteGivers(absl::Span<const Traits> givers) {
  std::vector<int32_t> order;
  for (size_t i = 0; i < givers.size(); ++i) {
    if ((givers[i].offers[2] | givers[i].offers[3]) != 0) order.push_back(static_cast<int32_t>(i));
  }
  const auto key = [&](int32_t at) {
    const Traits& giver = givers[at];
    return std::make_tuple(giver.offers[2], giver.offers[3], giver.checked && giver.stage_allows, giver.languages,
                           giver.services_used, at);
  };
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return key(a) < key(b); });
  return order;
}

}  // namespace

CandidateIndex::CandidateIndex(absl::Span<const Traits> givers, const Settings& settings)
    : settings_(settings),
      givers_(static_cast<int32_t>(givers.size())),
      book_(givers),
      near_(givers, book_, MapOrder(givers, kLanes)),
      remote_(givers, book_, RemoteGivers(givers)) {}

}  // namespace turnabout
