#include "matcher/pool_check.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/criteria/all.h"

namespace turnabout {
namespace {

std::string ProblemOf(const Person& person) {
  if (person.id.empty()) return "the id is empty";
  if (person.give_capacity < 0 || person.give_capacity > kPersonPlacesMax) return "give_capacity is out of range";
  if (person.receive_need < 0 || person.receive_need > kPersonPlacesMax) return "receive_need is out of range";
  if (person.turns < 0) return "turns is below 0";
  if (person.waiting_days < 0) return "waiting_days is below 0";
  if (person.travel_metres < 0) return "travel_metres is below 0";
  if (person.gender >= 8) return "gender is 8 or more";
  if (person.has_place && !IsOnEarth(person.place)) return "the place is not on the earth";
  for (const Offer& offer : person.offers) {
    if (offer.category >= kCategoriesPerSchemeMax) return "an offer's category is 64 or more";
  }
  for (const Need& need : person.needs) {
    if (need.category >= kCategoriesPerSchemeMax) return "a need's category is 64 or more";
    if (need.urgency >= kUrgencyCount) return "a need's urgency is above 2";
  }
  for (const Journey& journey : person.journeys) {
    if (journey.service >= kServicesPerSchemeMax) return "a journey's service is 64 or more";
  }
  return "";
}

absl::Status Problem(absl::string_view list, size_t at, absl::string_view what) {
  return RefuseFields({{absl::StrCat(list, "[", at, "]"), std::string(what)}});
}

absl::Status CheckPairs(const std::vector<PoolPair>& pairs, absl::string_view name, size_t people) {
  for (size_t i = 0; i < pairs.size(); ++i) {
    for (const int32_t at : {pairs[i].giver, pairs[i].receiver}) {
      if (at < 0 || static_cast<size_t>(at) >= people) return Problem(name, i, "a position is outside the pool");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckWeights(const Weights& weights) {
  for (const int32_t weight :
       {weights.needs_met, weights.distance, weights.shared_time, weights.shared_journey, weights.shared_language}) {
    if (weight < 0 || weight > kWeightMax) {
      return RefuseFields({{"settings.weights", absl::StrCat("a weight is from 0 to ", kWeightMax)}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGroups(const std::vector<FairnessGroup>& groups) {
  if (groups.size() > kGroupsMax) {
    return RefuseFields({{"settings.groups", absl::StrCat("there are at most ", kGroupsMax, " groups")}});
  }
  for (size_t n = 0; n < groups.size(); ++n) {
    if (groups[n].floor_per_mille < 0 || groups[n].floor_per_mille > kFloorPerMilleMax) {
      return Problem("settings.groups", n, absl::StrCat("a floor is from 0 to ", kFloorPerMilleMax, " in a thousand"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPool(const Pool& pool, const Settings& settings) {
  RETURN_IF_ERROR(CheckWeights(settings.weights));
  RETURN_IF_ERROR(CheckGroups(settings.groups));
  if (settings.distance_metres_max < 0) {
    return RefuseFields({{"settings.distance_metres_max", "the distance is below 0"}});
  }
  if (pool.people.size() > static_cast<size_t>(kPoolPeopleMax)) {
    return RefuseFields({{"people", absl::StrCat("a pool has at most ", kPoolPeopleMax, " people")}});
  }
  absl::flat_hash_set<MemberId> seen;
  seen.reserve(pool.people.size());
  for (size_t i = 0; i < pool.people.size(); ++i) {
    const std::string problem = ProblemOf(pool.people[i]);
    if (!problem.empty()) return Problem("people", i, problem);
    if (!seen.insert(pool.people[i].id).second) return Problem("people", i, "the id comes twice");
  }
  RETURN_IF_ERROR(CheckPairs(pool.resting, "resting", pool.people.size()));
  return CheckPairs(pool.paired, "paired", pool.people.size());
}

}  // namespace turnabout
