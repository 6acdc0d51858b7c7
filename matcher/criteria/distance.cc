#include "matcher/criteria/distance.h"

#include <array>
#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "matcher/person.h"

namespace turnabout {
namespace {

constexpr int64_t kDecimetresPerDegree = 1'111'949;  // of the mean sphere of 6,371,008.8 m
constexpr int64_t kMillion = 1'000'000;
constexpr int64_t kRemoteScore = 500;
constexpr int kCosineBits = 20;
// The cosine of each whole degree, in parts of 2^20.
constexpr std::array<int64_t, 92> kCosine = {
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
int64_t CosineOfHalf(int64_t twice_e6) {
  const int64_t twice = std::min(twice_e6 < 0 ? -twice_e6 : twice_e6, 180 * kMillion);
  const int64_t degree = twice / (2 * kMillion);
  const int64_t rest = twice % (2 * kMillion);
  return kCosine[degree] + (kCosine[degree + 1] - kCosine[degree]) * rest / (2 * kMillion);
}

}  // namespace

int64_t SquaredDecimetres(const Point& a, const Point& b) {
  int64_t north = int64_t{a.latitude_e6} - b.latitude_e6;
  int64_t east = int64_t{a.longitude_e6} - b.longitude_e6;
  north = std::min(north < 0 ? -north : north, 180 * kMillion);
  east = (east < 0 ? -east : east) % (360 * kMillion);
  east = std::min(east, 360 * kMillion - east);
  const int64_t dy = north * kDecimetresPerDegree / kMillion;
  const int64_t equator_dx = east * kDecimetresPerDegree / kMillion;
  const int64_t dx = (equator_dx * CosineOfHalf(int64_t{a.latitude_e6} + b.latitude_e6)) >> kCosineBits;
  return dx * dx + dy * dy;
}

int64_t SquareRoot(int64_t n) {
  const uint64_t value = static_cast<uint64_t>(n);
  if (value == 0) return 0;
  uint64_t rest = value;
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << ((std::bit_width(value) - 1) & ~1); bit != 0; bit >>= 2) {
    const bool fits = rest >= root + bit;
    rest -= fits ? root + bit : 0;
    root = (root >> 1) + (fits ? bit : 0);
  }
  return static_cast<int64_t>(root);
}

absl::Status CheckDistance(const Traits& giver, const Traits& receiver) {
  if (DistanceAllows(giver, receiver)) return absl::OkStatus();
  if (!giver.has_place || !receiver.has_place) return Refuse(Reason::kNoPlace);
  return Refuse(Reason::kTooFar, {{"metres", absl::StrCat(DistanceMetres(giver.place, receiver.place))},
                                  {"limit", absl::StrCat(std::min(giver.reach_metres, receiver.reach_metres))}});
}

Meeting MeetingOf(const Traits& giver, const Traits& receiver) {
  Meeting meeting;
  meeting.remote = SharedRemotely(giver, receiver);
  meeting.in_person = SharedInPerson(giver, receiver);
  if (meeting.in_person == 0) return meeting;
  meeting.squared_decimetres = SquaredDecimetres(giver.place, receiver.place);
  const int64_t limit = int64_t{10} * (std::min(giver.reach_metres, receiver.reach_metres) + 1);
  const bool within = giver.has_place && receiver.has_place && meeting.squared_decimetres < limit * limit;
  if (!within) meeting.in_person = 0;
  return meeting;
}

int32_t DistanceScore(const Meeting& meeting, const Settings& settings) {
  int64_t score = meeting.remote != 0 ? kRemoteScore : 0;
  if (meeting.in_person != 0) {
    const int64_t furthest = std::max(settings.distance_metres_max, 1);
    const int64_t metres = std::min(SquareRoot(meeting.squared_decimetres) / 10, furthest);
    score = std::max(score, 1000 - 1000 * metres / furthest);
  }
  return static_cast<int32_t>(score);
}

std::string DistanceSentence(const Meeting& meeting) {
  if (meeting.in_person == 0) return "They can talk by phone or online, so it does not matter where they live.";
  const int64_t metres = SquareRoot(meeting.squared_decimetres) / 10;
  if (metres < 500) return "They live less than 500 m apart.";
  return absl::StrCat("They live ", DistanceText(metres), " apart.");
}

std::string DistanceText(int64_t metres) {
  const int64_t tenths = (metres + 50) / 100;
  if (tenths < 10) return absl::StrCat(tenths * 100, " m");
  if (tenths >= 100 || tenths % 10 == 0) return absl::StrCat((metres + 500) / 1000, " km");
  return absl::StrCat(tenths / 10, ".", tenths % 10, " km");
}

}  // namespace turnabout
