// Distance: help in person needs both people to be glad of the way between them. Help by phone or online does not.
#ifndef TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_
#define TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// The square of the distance in tenths of a metre, on the plane that touches the earth half way between the points'
// latitudes. Symmetric; below 2^57.
int64_t SquaredDecimetres(const Point& a, const Point& b);

// The whole part of the square root. REQUIRES: 0 <= n.
int64_t SquareRoot(int64_t n);

// What both have in common by phone or online, and in person, wherever they live.
inline CategorySet SharedRemotely(const Traits& giver, const Traits& receiver) {
  return (giver.offers[2] & receiver.needs[2]) | (giver.offers[3] & receiver.needs[3]);
}
inline CategorySet SharedInPerson(const Traits& giver, const Traits& receiver) {
  return (giver.offers[0] & receiver.needs[0]) | (giver.offers[1] & receiver.needs[1]);
}

// True when DistanceMetres is at most what suits both: the same answer, without the square root.
inline bool WithinReach(const Traits& giver, const Traits& receiver) {
  if (!giver.has_place || !receiver.has_place) return false;
  const int64_t limit = int64_t{10} * (std::min(giver.reach_metres, receiver.reach_metres) + 1);
  return SquaredDecimetres(giver.place, receiver.place) < limit * limit;
}

inline bool DistanceAllows(const Traits& giver, const Traits& receiver) {
  return SharedRemotely(giver, receiver) != 0 || WithinReach(giver, receiver);
}

// NO_PLACE or TOO_FAR when DistanceAllows is false.
absl::Status CheckDistance(const Traits& giver, const Traits& receiver);

// How two people could meet: what they have in common by phone or online, what in person when they are within each
// other's reach, and how far apart they are then.
struct Meeting {
  CategorySet remote = 0;
  CategorySet in_person = 0;
  int64_t squared_decimetres = 0;
};
Meeting MeetingOf(const Traits& giver, const Traits& receiver);

// 1000 next door, 0 at the scheme's furthest; 500 at least when there is no need to go.
int32_t DistanceScore(const Meeting& meeting, const Settings& settings);

// "They live 2.1 km apart."
std::string DistanceSentence(const Meeting& meeting);

// "2.1 km", "12 km", "900 m".
std::string DistanceText(int64_t metres);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_
