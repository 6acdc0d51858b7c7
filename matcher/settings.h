// Settings are the part of a rule set that matching obeys. They are plain values; the same pool, settings and seed give
// the same round.
#ifndef TURNABOUT_MATCHER_SETTINGS_H_
#define TURNABOUT_MATCHER_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/person.h"

namespace turnabout {

// How much each score counts, in any whole unit. DEFAULT: as below. A weight of 0 leaves a score out.
struct Weights {
  int32_t needs_met = 40;
  int32_t distance = 20;
  int32_t shared_time = 15;
  int32_t shared_journey = 15;
  int32_t shared_language = 10;
};

// The words for what the sets' bits mean, used only in sentences. A missing word reads as "something".
struct Words {
  std::vector<std::string> languages;   // "Welsh"
  std::vector<std::string> categories;  // "shopping"
  std::vector<std::string> services;    // "the stroke ward"
  std::vector<std::string> checks;      // "DBS"
};

// A group of people that the scheme keeps an eye on: members are those with its bit in Person::groups.
struct FairnessGroup {
  std::string name;  // "people who speak Somali"; used only in sentences
  // Of those in it who would like a buddy, the share that should be given one, in thousandths; 0 for no such floor.
  int32_t floor_per_mille = 0;
};

inline constexpr size_t kGroupsMax = 32;
inline constexpr int32_t kFloorPerMilleMax = 1000;

struct Settings {
  // The furthest anyone may be asked to go in person, whatever they said. DEFAULT: 25 km.
  int32_t distance_metres_max = 25'000;
  // A giver who used the same service is required for a receiver who is a CURRENT user of it. DEFAULT: false.
  bool same_service_required = false;
  // A CURRENT user of any service may give. DEFAULT: false: they receive now and give after discharge.
  bool current_may_give = false;
  // Checks that every giver needs in date. DEFAULT: none.
  CheckSet required_checks = 0;
  // The n-th is bit n of Person::groups. At most kGroupsMax. DEFAULT: none.
  std::vector<FairnessGroup> groups;
  Weights weights;
  Words words;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_SETTINGS_H_
