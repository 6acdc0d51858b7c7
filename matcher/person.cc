#include "matcher/person.h"

#include "matcher/criteria/distance.h"

namespace turnabout {

int32_t DistanceMetres(const Point& a, const Point& b) {
  return static_cast<int32_t>(SquareRoot(SquaredDecimetres(a, b)) / 10);
}

}  // namespace turnabout
