#include "matcher/explain/recruit.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "matcher/choices.h"
#include "matcher/criteria/all.h"

namespace turnabout {
namespace {

constexpr SettingSet kRemote = kPhone | kOnline;
constexpr SettingSet kInPerson = kHome | kWard;

// So many times as many kinds as are tried are looked at.
constexpr int64_t kLookedAt = 4;

// Category, language, and the place or none for remote.
using Kind = std::tuple<uint8_t, uint8_t, bool, int32_t, int32_t>;

Recruit RecruitOf(const Kind& kind) {
  const auto [category, language, remote, latitude, longitude] = kind;
  return {category, language, remote, {latitude, longitude}, 0, 0};
}

// Somebody of that kind for whom nothing else stands in the way: free at any time, every check in date.
Person GiverOf(const Recruit& recruit, int32_t capacity) {
  Person giver;
  giver.has_place = !recruit.remote;
  giver.place = recruit.place;
  giver.travel_metres = kReachMetresMax;
  giver.languages = LanguageSet{1} << recruit.language;
  giver.slots = ~SlotSet{0};
  giver.checks = ~CheckSet{0};
  giver.offers = {{recruit.category, recruit.remote ? kRemote : kInPerson}};
  giver.give_capacity = capacity;
  return giver;
}

// An id that nobody in the pool has.
MemberId FreeId(const Pool& pool) {
  absl::flat_hash_set<MemberId> taken;
  for (const Person& person : pool.people) taken.insert(person.id);
  IdBytes bytes;
  bytes.fill(0xff);
  while (taken.contains(MemberId(bytes))) {
    for (size_t at = bytes.size(); at-- > 0 && bytes[at]-- == 0;) {
    }
  }
  return MemberId(bytes);
}

// What the person waits for, each once.
std::set<Kind> KindsFor(const Person& person) {
  std::set<Kind> kinds;
  for (LanguageSet rest = person.languages; rest != 0; rest &= rest - 1) {
    const uint8_t language = static_cast<uint8_t>(std::countr_zero(rest));
    for (const Need& need : person.needs) {
      if ((need.settings & kRemote) != 0) kinds.insert({need.category, language, true, 0, 0});
      if ((need.settings & kInPerson) == 0 || !person.has_place) continue;
      kinds.insert({need.category, language, false, person.place.latitude_e6, person.place.longitude_e6});
    }
  }
  return kinds;
}

// The kinds that most people left out wait for, and how many of those each suits.
std::vector<Recruit> MostWanted(const Pool& pool, const Settings& settings, const Round& round,
                                const RecruitOptions& options) {
  std::map<Kind, int64_t> wanted;
  std::vector<Traits> left_out;
  for (const LeftOut& one : round.left_out) {
    if (one.why == LeftOutClass::kTurnNeeded) continue;  // a giver is there already
    for (const Kind& kind : KindsFor(pool.people[one.person])) ++wanted[kind];
    left_out.push_back(TraitsOf(pool.people[one.person], settings));
  }
  std::vector<std::pair<int64_t, Kind>> most;
  for (const auto& [kind, count] : wanted) most.emplace_back(-count, kind);
  std::sort(most.begin(), most.end());
  if (std::ssize(most) > kLookedAt * options.tried_most) most.resize(kLookedAt * options.tried_most);
  std::vector<Recruit> recruits;
  for (const auto& [count, kind] : most) {
    Recruit recruit = RecruitOf(kind);
    const Person giver = GiverOf(recruit, options.capacity);
    const Traits traits = TraitsOf(giver, settings);
    recruit.suited = std::count_if(left_out.begin(), left_out.end(),
                                   [&](const Traits& each) { return Allowed(traits, each, settings); });
    if (recruit.suited >= options.suited_least) recruits.push_back(recruit);
  }
  std::stable_sort(recruits.begin(), recruits.end(),
                   [](const Recruit& a, const Recruit& b) { return a.suited > b.suited; });
  return recruits;
}

}  // namespace

absl::StatusOr<std::vector<Recruit>> FindRecruits(const Pool& pool, const Settings& settings, Seed seed,
                                                  const Round& round, const RecruitOptions& options,
                                                  const Progress& progress) {
  std::vector<Recruit> recruits = MostWanted(pool, settings, round, options);
  const int64_t people = static_cast<int64_t>(pool.people.size()) + 1;
  const int64_t tries = std::min({options.tried_most, options.people_most / people, std::ssize(recruits)});
  recruits.resize(static_cast<size_t>(tries));

  // Floors never change how many people are served.
  Settings without_floors = settings;
  without_floors.groups.clear();
  Pool with = pool;
  with.people.emplace_back();
  const MemberId id = FreeId(pool);
  for (Recruit& recruit : recruits) {
    with.people.back() = GiverOf(recruit, options.capacity);
    with.people.back().id = id;
    ASSIGN_OR_RETURN(const Value value, BestValue(with, without_floors, seed, {}, progress));
    recruit.more_served = value.served - round.value.served;
  }
  std::stable_sort(recruits.begin(), recruits.end(),
                   [](const Recruit& a, const Recruit& b) { return a.more_served > b.more_served; });
  while (!recruits.empty() && (recruits.back().more_served <= 0 || std::ssize(recruits) > options.most)) {
    recruits.pop_back();
  }
  return recruits;
}

}  // namespace turnabout
