#include "matcher/criteria/distance.h"

#include <array>
#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "matcher/person.h"

namespace turnabout {
namespace {

// The roots of 64 to 255, in sixteenths, rounded up: eight bits of the root of any number that begins with those bits.
constexpr std::array<uint16_t, 192> kRoots = [] {
  std::array<uint16_t, 192> roots{};
  int root = 128;
  for (int top = 64; top < 256; ++top) {
    while (root * root < (top + 1) * 256) ++root;
    roots[top - 64] = static_cast<uint16_t>(root);
  }
  return roots;
}();

}  // namespace

int64_t SquareRoot(int64_t n) {
  if (n <= 0) return 0;
  const uint64_t value = static_cast<uint64_t>(n);
  const int shift = std::countl_zero(value) & ~1;
  const uint64_t high = value << shift;
  // Heron's steps from above: 8 good bits, then 16, then 32.
  uint64_t root = uint64_t{kRoots[(high >> 56) - 64]} << 24;
  root = (root + high / root) / 2;
  root = (root + high / root) / 2;
  root >>= shift / 2;
  while (root * root > value) --root;
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
  const bool within = giver.has_place && receiver.has_place &&
                      meeting.squared_decimetres < SquaredLimit(std::min(giver.reach_metres, receiver.reach_metres));
  if (!within) meeting.in_person = 0;
  return meeting;
}

int32_t DistanceScore(const Meeting& meeting, const Settings& settings) {
  const int32_t remote = meeting.remote != 0 ? kRemoteScore : 0;
  if (meeting.in_person == 0) return remote;
  return std::max(remote, InPersonScoreOf(meeting.squared_decimetres, settings.distance_metres_max));
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
