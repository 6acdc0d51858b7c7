// Distance: help in person needs both people to be glad of the way between them. Help by phone or online does not.
#ifndef TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_
#define TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// The distance between two points is worked out in whole numbers from the parts below, each of which grows with what it
// is given, so that bounds on the parts are bounds on the distance.
inline constexpr int64_t kMillion = 1'000'000;
inline constexpr int64_t kDecimetresPerDegree = 1'111'949;  // of the mean sphere of 6,371,008.8 m
inline constexpr int kCosineBits = 20;
// The cosine of each whole degree, in parts of 2^20.
inline constexpr std::array<int64_t, 92> kCosine = {
    1'048'576, 1'048'416, 1'047'937, 1'047'139, 1'046'022, 1'044'586, 1'042'832, 1'040'760, 1'038'371, 1'035'666,
    1'032'646, 1'029'311, 1'025'662, 1'021'701, 1'017'429, 1'012'847, 1'007'956, 1'002'758, 997'255,   991'448,
    985'339,   978'930,   972'223,   965'219,   957'922,   950'333,   942'454,   934'288,   925'838,   917'105,
    908'093,   898'805,   889'243,   879'410,   869'309,   858'943,   848'316,   837'430,   826'289,   814'897,
    803'256,   791'370,   779'244,   766'880,   754'282,   741'455,   728'402,   715'127,   701'634,   687'928,
    674'012,   659'890,   645'568,   631'049,   616'338,   601'438,   586'356,   571'095,   555'661,   540'057,
    524'288,   508'360,   492'277,   476'044,   459'665,   443'147,   426'494,   409'711,   392'803,   375'776,
    358'634,   341'383,   324'028,   306'574,   289'027,   271'391,   253'673,   235'878,   218'011,   200'078,
    182'083,   164'033,   145'934,   127'789,   109'606,   91'389,    73'145,    54'878,    36'595,    18'300,
    0,         0};

// The cosine of half the angle, given in millionths of a degree: a straight line between whole degrees.
inline int64_t CosineOfHalf(int64_t twice_e6) {
  const int64_t twice = std::min(twice_e6 < 0 ? -twice_e6 : twice_e6, 180 * kMillion);
  const int64_t degree = twice / (2 * kMillion);
  const int64_t rest = twice % (2 * kMillion);
  return kCosine[degree] + (kCosine[degree + 1] - kCosine[degree]) * rest / (2 * kMillion);
}

// How far apart two latitudes are, and two longitudes the short way round, in millionths of a degree up to half a turn.
inline int64_t NorthBetween(int64_t a_e6, int64_t b_e6) {
  return std::min(a_e6 < b_e6 ? b_e6 - a_e6 : a_e6 - b_e6, 180 * kMillion);
}
inline int64_t EastBetween(int64_t a_e6, int64_t b_e6) {
  int64_t east = a_e6 < b_e6 ? b_e6 - a_e6 : a_e6 - b_e6;
  if (east > 360 * kMillion) east %= 360 * kMillion;  // of points that are not on the earth
  return std::min(east, 360 * kMillion - east);
}

// The square of a way that goes `north` and `east`, where the cosine of the latitude half way is `cosine`.
inline int64_t SquareOfWay(int64_t north_e6, int64_t east_e6, int64_t cosine) {
  const int64_t dy = north_e6 * kDecimetresPerDegree / kMillion;
  const int64_t dx = (east_e6 * kDecimetresPerDegree / kMillion * cosine) >> kCosineBits;
  return dx * dx + dy * dy;
}

// The square of the distance in tenths of a metre, on the plane that touches the earth half way between the points'
// latitudes. Symmetric; below 2^57.
inline int64_t SquaredDecimetres(const Point& a, const Point& b) {
  return SquareOfWay(NorthBetween(a.latitude_e6, b.latitude_e6), EastBetween(a.longitude_e6, b.longitude_e6),
                     CosineOfHalf(int64_t{a.latitude_e6} + b.latitude_e6));
}

// A distance is at most `metres` when its square in tenths of a metre is below this: no square root is needed. 0 when
// `metres` is below 0: nothing is within that.
inline int64_t SquaredLimit(int64_t metres) {
  const int64_t beyond = 10 * (metres + 1);
  return metres < 0 ? 0 : beyond * beyond;
}

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
  return SquaredDecimetres(giver.place, receiver.place) <
         SquaredLimit(std::min(giver.reach_metres, receiver.reach_metres));
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

// 1000 next door, 0 at the scheme's furthest, for two people who meet in person.
inline constexpr int32_t kRemoteScore = 500;
inline int32_t InPersonScoreOf(int64_t squared_decimetres, int32_t distance_metres_max) {
  const int64_t furthest = std::max(distance_metres_max, 1);
  const int64_t metres = std::min(SquareRoot(squared_decimetres) / 10, furthest);
  return static_cast<int32_t>(1000 - 1000 * metres / furthest);
}

// That, and kRemoteScore at least when there is no need to go.
int32_t DistanceScore(const Meeting& meeting, const Settings& settings);

// "They live 2.1 km apart."
std::string DistanceSentence(const Meeting& meeting);

// "2.1 km", "12 km", "900 m".
std::string DistanceText(int64_t metres);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_DISTANCE_H_
