// All the criteria together: the written order of the hard ones, what the scores add up to, and the lottery.
#ifndef TURNABOUT_MATCHER_CRITERIA_ALL_H_
#define TURNABOUT_MATCHER_CRITERIA_ALL_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "base/seed.h"
#include "matcher/criteria/checks.h"
#include "matcher/criteria/distance.h"
#include "matcher/criteria/exclusions.h"
#include "matcher/criteria/journey.h"
#include "matcher/criteria/language.h"
#include "matcher/criteria/needs.h"
#include "matcher/criteria/preferences.h"
#include "matcher/criteria/time.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// The hard criteria in the order in which the first that fails is reported.
inline constexpr std::array<absl::string_view, 8> kHardCriteria = {"journey",  "needs",       "language", "time",
                                                                   "distance", "preferences", "checks",   "exclusions"};

// Their positions there, and sets of them.
enum class Hard : uint8_t { kJourney, kNeeds, kLanguage, kTime, kDistance, kPreferences, kChecks, kExclusions };
using Criteria = uint32_t;
constexpr Criteria CriterionOf(Hard criterion) { return Criteria{1} << static_cast<int>(criterion); }
inline constexpr Criteria kEveryCriterion = (Criteria{1} << kHardCriteria.size()) - 1;

inline constexpr int32_t kScoreMax = 1000;
inline constexpr int32_t kWeightMax = 1'000'000;

// True when CheckPair is OK for the two, told in a few operations.
inline bool Allowed(const Traits& giver, const Traits& receiver, const Settings& settings) {
  return TimeAllows(giver, receiver) && LanguageAllows(giver, receiver) && NeedsAllow(giver, receiver) &&
         giver.checked && PreferencesAllow(giver, receiver) && JourneyAllows(giver, receiver, settings) &&
         DistanceAllows(giver, receiver) && giver.id != receiver.id && ExclusionsAllow(giver, receiver);
}

// The weighted mean of the scores, 0 to 1000, rounded down. REQUIRES: Allowed; weights from 0 to kWeightMax.
int32_t ScoreOf(const Traits& giver, const Traits& receiver, const Settings& settings);

// A person's part of the lottery, and the ticket of a pair, from 0 to 2^bits - 1. REQUIRES: 1 <= bits <= 64.
uint64_t LotteryOf(const MemberId& id, Seed seed);
inline uint64_t Ticket(uint64_t giver_lottery, uint64_t receiver_lottery, int bits) {
  return Mix(giver_lottery, receiver_lottery) >> (64 - bits);
}

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_ALL_H_
