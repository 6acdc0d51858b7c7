// A Box is a stretch of latitudes and longitudes, with bounds on how far its points are from a point or from another
// box: in the whole numbers of criteria/distance.h, so that a bound is never wrong by a rounding.
#ifndef TURNABOUT_MATCHER_CANDIDATES_BOX_H_
#define TURNABOUT_MATCHER_CANDIDATES_BOX_H_

#include <algorithm>
#include <cstdint>

#include "matcher/criteria/distance.h"

namespace turnabout {

// Edges included. Longitudes do not run over the date line: a box around two points on either side of it goes the long
// way round, which makes its bounds weaker and not wrong.
struct Box {
  int32_t south = INT32_MAX;
  int32_t north = INT32_MIN;
  int32_t west = INT32_MAX;
  int32_t east = INT32_MIN;

  bool empty() const { return south > north; }
  void Add(const Point& point) {
    south = std::min(south, point.latitude_e6);
    north = std::max(north, point.latitude_e6);
    west = std::min(west, point.longitude_e6);
    east = std::max(east, point.longitude_e6);
  }
  void Add(const Box& box) {
    south = std::min(south, box.south);
    north = std::max(north, box.north);
    west = std::min(west, box.west);
    east = std::max(east, box.east);
  }
};

// The least and the most cosine that a way between a point of one box and a point of the other is measured with.
struct Cosines {
  int32_t least = 0;
  int32_t most = 0;
};
inline Cosines CosinesBetween(const Box& a, const Box& b) {
  const int64_t south = int64_t{a.south} + b.south;
  const int64_t north = int64_t{a.north} + b.north;
  const int64_t nearest =
      south <= 0 && 0 <= north ? 0 : std::min(south < 0 ? -south : south, north < 0 ? -north : north);
  const int64_t furthest = std::max(south < 0 ? -south : south, north < 0 ? -north : north);
  return {static_cast<int32_t>(CosineOfHalf(furthest)), static_cast<int32_t>(CosineOfHalf(nearest))};
}

// Never more than the squared distance between any point of `a` and any of `b`. REQUIRES: neither is empty.
inline int64_t SquaredAtLeast(const Box& a, const Box& b, int64_t cosine_least) {
  const int64_t north = std::max({int64_t{a.south} - b.north, int64_t{b.south} - a.north, int64_t{0}});
  const int64_t across = std::max({int64_t{a.west} - b.east, int64_t{b.west} - a.east, int64_t{0}});
  const int64_t round = 360 * kMillion - (int64_t{std::max(a.east, b.east)} - std::min(a.west, b.west));
  return SquareOfWay(north, std::min(across, round), cosine_least);
}

// The same for a point, and never less than that distance.
struct Bounds {
  int64_t least = 0;
  int64_t most = 0;
};
inline Bounds SquaredBetween(const Point& point, const Box& box, const Cosines& cosines) {
  const int64_t from_south = int64_t{point.latitude_e6} - box.south;
  const int64_t from_north = int64_t{box.north} - point.latitude_e6;
  const int64_t from_west = int64_t{point.longitude_e6} - box.west;
  const int64_t from_east = int64_t{box.east} - point.longitude_e6;
  const int64_t width = int64_t{box.east} - box.west;
  const int64_t across = std::max({-from_west, -from_east, int64_t{0}});
  const int64_t round = 360 * kMillion - (width + across);
  // Below half a turn from end to end the far edge is the furthest; else it may be anything.
  const int64_t far_edge = std::max(from_west, from_east);
  const int64_t furthest = far_edge < 180 * kMillion ? far_edge : 180 * kMillion;
  return {SquareOfWay(std::max({-from_south, -from_north, int64_t{0}}), std::min(across, round), cosines.least),
          SquareOfWay(std::max(from_south, from_north), furthest, cosines.most)};
}

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_BOX_H_
