#include "matcher/candidates/groups.h"

#include "matcher/candidates/map_order.h"

namespace turnabout {

Groups::Groups(const Instance& instance) : instance_(instance), order_(MapOrder(instance.receiver_traits, kMost)) {}

void Groups::Begin(absl::Span<const int32_t> receivers, CandidateSearch& search) const {
  Area area;
  for (const int32_t receiver : receivers) area.Add(instance_.receiver_traits[receiver]);
  search.Begin(area);
  for (const int32_t receiver : receivers) {
    search.Add(instance_.receiver_traits[receiver], instance_.receivers[receiver].blocked);
  }
}

}  // namespace turnabout
