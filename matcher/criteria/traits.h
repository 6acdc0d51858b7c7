// Traits are what the criteria look at in a person, packed into words so that one pair is judged in a few operations.
//
//   const Traits ben = TraitsOf(person_ben, settings);
//   if (Allowed(ben, ana, settings)) score = ScoreOf(ben, ana, settings);
#ifndef TURNABOUT_MATCHER_CRITERIA_TRAITS_H_
#define TURNABOUT_MATCHER_CRITERIA_TRAITS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/id.h"
#include "matcher/person.h"
#include "matcher/settings.h"

namespace turnabout {

inline constexpr int kSettingCount = 4;  // home, ward, phone, online: the bits of a SettingSet
inline constexpr int kUrgencyCount = 3;

// More than half way round the earth: going further changes nothing.
inline constexpr int32_t kReachMetresMax = 30'000'000;

// One person, as the criteria see them. Valid while the Person it was made from lives.
struct Traits {
  LanguageSet languages = 0;
  SlotSet slots = 0;
  uint8_t gender = 0;
  uint8_t wanted_genders = 0;
  bool checked = false;       // every check that givers need is in date
  bool stage_allows = false;  // not a current user of any service, or those may give
  bool has_place = false;
  Point place;
  int32_t reach_metres = 0;  // what they said, or the scheme's furthest when that is nearer
  std::array<CategorySet, kSettingCount> offers{};
  std::array<CategorySet, kSettingCount> needs{};
  CategorySet offers_anywhere = 0;
  CategorySet needs_anywhere = 0;
  std::array<CategorySet, kUrgencyCount> needs_by_urgency{};  // each category once, at its most urgent
  uint64_t services_now = 0;                                  // bit n: a current user of service n
  uint64_t services_used = 0;                                 // bit n: a current or former user of service n
  MemberId id;
  const std::vector<MemberId>* excluded = nullptr;

  friend bool operator==(const Traits&, const Traits&) = default;
};

// Nothing of `person` is checked here; categories, services and genders beyond the words' bits are left out.
Traits TraitsOf(const Person& person, const Settings& settings);

// True when a need of the person is urgent.
bool IsUrgent(const Person& person);

// The word for bit `n`, or "something".
absl::string_view WordFor(const std::vector<std::string>& words, int n);

// The words for the set bits, lowest bit first: "shopping", "shopping and gardening", "shopping, gardening and 2 more".
std::string WordsFor(const std::vector<std::string>& words, uint64_t bits);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_TRAITS_H_
