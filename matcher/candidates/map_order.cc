#include "matcher/candidates/map_order.h"

#include <algorithm>

#include "matcher/candidates/box.h"

namespace turnabout {
namespace {

struct Placed {
  Point place;
  int32_t at;
};

using Run = std::vector<Placed>::iterator;

// True when the box is longer from west to east than from south to north.
bool IsWide(const Box& box) {
  const int64_t middle = CosineOfHalf(int64_t{box.south} + box.north);
  return (int64_t{box.east} - box.west) * middle > (int64_t{box.north} - box.south) << kCosineBits;
}

void Halve(Run begin, Run end, int64_t leaf) {
  if (end - begin <= leaf) {
    std::sort(begin, end, [](const Placed& a, const Placed& b) { return a.at < b.at; });
    return;
  }
  Box box;
  for (Run one = begin; one != end; ++one) box.Add(one->place);
  const int64_t leaves = (end - begin + leaf - 1) / leaf;
  const Run middle = begin + leaves / 2 * leaf;
  // Positions decide where places do not, so that there is one order.
  if (IsWide(box)) {
    std::nth_element(begin, middle, end, [](const Placed& a, const Placed& b) {
      return a.place.longitude_e6 != b.place.longitude_e6 ? a.place.longitude_e6 < b.place.longitude_e6 : a.at < b.at;
    });
  } else {
    std::nth_element(begin, middle, end, [](const Placed& a, const Placed& b) {
      return a.place.latitude_e6 != b.place.latitude_e6 ? a.place.latitude_e6 < b.place.latitude_e6 : a.at < b.at;
    });
  }
  Halve(begin, middle, leaf);
  Halve(middle, end, leaf);
}

}  // namespace

std::vector<int32_t> MapOrder(absl::Span<const Traits> people, int32_t leaf) {
  std::vector<Placed> placed;
  for (size_t i = 0; i < people.size(); ++i) {
    if (people[i].has_place) placed.push_back({people[i].place, static_cast<int32_t>(i)});
  }
  Halve(placed.begin(), placed.end(), leaf);
  std::vector<int32_t> order;
  order.reserve(people.size());
  for (const Placed& one : placed) order.push_back(one.at);
  for (size_t i = 0; i < people.size(); ++i) {
    if (!people[i].has_place) order.push_back(static_cast<int32_t>(i));
  }
  return order;
}

}  // namespace turnabout
