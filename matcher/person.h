// A Person is what matching may know about someone: a coarse place, times, offers and needs, capacity and check dates.
// Never a name, a contact or a word they wrote.
#ifndef TURNABOUT_MATCHER_PERSON_H_
#define TURNABOUT_MATCHER_PERSON_H_

#include <cstdint>
#include <vector>

#include "base/id.h"

namespace turnabout {

// A point in millionths of a degree (WGS 84).
struct Point {
  int32_t latitude_e6 = 0;
  int32_t longitude_e6 = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

// True when the latitude and the longitude are those of a place. Matching takes any other point for no place at all.
inline bool IsOnEarth(const Point& point) {
  return -90'000'000 <= point.latitude_e6 && point.latitude_e6 <= 90'000'000 && -180'000'000 <= point.longitude_e6 &&
         point.longitude_e6 <= 180'000'000;
}

// Whole metres between two points, by integer arithmetic, so the same on every machine. Never negative, symmetric, and
// within 0.5 % of the great circle below 200 km between 50 and 61 degrees north.
int32_t DistanceMetres(const Point& a, const Point& b);

// Small sets as the bits of one word. What bit n means is the scheme's business (its n-th language, category, service).
using LanguageSet = uint64_t;
using CategorySet = uint64_t;
using SlotSet = uint32_t;    // bit 3 * day + part: day 0 is Monday; part 0 morning, 1 afternoon, 2 evening
using SettingSet = uint8_t;  // where help can happen: kHome | kWard | kPhone | kOnline
using CheckSet = uint32_t;   // the scheme's n-th check

enum Setting : SettingSet { kHome = 1, kWard = 2, kPhone = 4, kOnline = 8 };

enum class Stage : uint8_t { kNeighbour, kCurrent, kFormer };

// Where a person stands with the scheme's `service`-th service. Nobody is on a journey twice for one service.
struct Journey {
  uint8_t service = 0;
  Stage stage = Stage::kNeighbour;
};

struct Offer {
  uint8_t category = 0;  // below 64
  SettingSet settings = 0;
};

struct Need {
  uint8_t category = 0;  // below 64
  SettingSet settings = 0;
  uint8_t urgency = 0;  // 0 whenever, 1 soon, 2 urgent
};

// A person as matching sees them, at one moment.
struct Person {
  MemberId id;
  bool has_place = false;
  Point place;
  int32_t travel_metres = 0;  // how far they go, or are glad to have someone come from
  LanguageSet languages = 0;
  SlotSet slots = 0;
  std::vector<Journey> journeys;
  std::vector<Offer> offers;
  std::vector<Need> needs;
  uint8_t gender = 0;              // 0 not stated, else the scheme's own code below 8
  uint8_t wanted_genders = 0;      // bit g set: gender g is welcome; 0: no preference
  CheckSet checks = 0;             // checks that are in date today
  std::vector<MemberId> excluded;  // people they must not be paired with, either way; sorted
  int32_t give_capacity = 0;       // buddies they can still take on
  int32_t receive_need = 0;        // buddies they would still like
  int32_t turns = 0;  // turns they may receive before giving one: posted turns + allowance - held. Never below 0
  int32_t waiting_days = 0;
  uint32_t groups = 0;  // bit n: belongs to the scheme's n-th fairness group
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_PERSON_H_
