#include "matcher/criteria/traits.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

constexpr int kBits = 64;
constexpr int kGenders = 8;

void ReadNeeds(const Person& person, Traits& traits) {
  for (const Need& need : person.needs) {
    if (need.category >= kBits) continue;
    const CategorySet bit = CategorySet{1} << need.category;
    for (int k = 0; k < kSettingCount; ++k) {
      if ((need.settings >> k) & 1) traits.needs[k] |= bit;
    }
    traits.needs_anywhere |= bit;
    const int urgency = std::min<int>(need.urgency, kUrgencyCount - 1);
    bool more_urgent = false;
    for (int k = urgency + 1; k < kUrgencyCount; ++k) more_urgent |= (traits.needs_by_urgency[k] & bit) != 0;
    for (int k = 0; k < urgency; ++k) traits.needs_by_urgency[k] &= ~bit;
    if (!more_urgent) traits.needs_by_urgency[urgency] |= bit;
  }
}

void ReadOffers(const Person& person, Traits& traits) {
  for (const Offer& offer : person.offers) {
    if (offer.category >= kBits) continue;
    const CategorySet bit = CategorySet{1} << offer.category;
    for (int k = 0; k < kSettingCount; ++k) {
      if ((offer.settings >> k) & 1) traits.offers[k] |= bit;
    }
    traits.offers_anywhere |= bit;
  }
}

}  // namespace

Traits TraitsOf(const Person& person, const Settings& settings) {
  Traits traits;
  traits.languages = person.languages;
  traits.slots = person.slots;
  traits.gender = person.gender < kGenders ? person.gender : 0;
  traits.wanted_genders = person.wanted_genders;
  traits.checked = (person.checks & settings.required_checks) == settings.required_checks;
  traits.has_place = person.has_place && IsOnEarth(person.place);
  traits.place = person.place;
  traits.reach_metres =
      std::clamp(std::min(person.travel_metres, settings.distance_metres_max), int32_t{0}, kReachMetresMax);
  ReadOffers(person, traits);
  ReadNeeds(person, traits);
  for (const Journey& journey : person.journeys) {
    if (journey.service >= kBits || journey.stage == Stage::kNeighbour) continue;
    const uint64_t bit = uint64_t{1} << journey.service;
    traits.services_used |= bit;
    if (journey.stage == Stage::kCurrent) traits.services_now |= bit;
  }
  traits.stage_allows = settings.current_may_give || traits.services_now == 0;
  traits.id = person.id;
  traits.excluded = &person.excluded;
  return traits;
}

bool IsUrgent(const Person& person) {
  return std::any_of(person.needs.begin(), person.needs.end(),
                     [](const Need& need) { return need.urgency >= kUrgencyCount - 1; });
}

absl::string_view WordFor(const std::vector<std::string>& words, int n) {
  if (n < 0 || n >= static_cast<int>(words.size()) || words[n].empty()) return "something";
  return words[n];
}

std::string WordsFor(const std::vector<std::string>& words, uint64_t bits) {
  constexpr int kNamed = 3;
  const int count = std::popcount(bits);
  const int named = count <= kNamed ? count : kNamed - 1;
  std::string text;
  for (int i = 0; i < named; ++i) {
    const int bit = std::countr_zero(bits);
    bits &= bits - 1;
    if (i > 0) text += i == count - 1 ? " and " : ", ";
    absl::StrAppend(&text, WordFor(words, bit));
  }
  if (count > named) absl::StrAppend(&text, " and ", count - named, " more");
  return text;
}

}  // namespace turnabout
