#include "server/app/rule_set_fields.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "server/records/rules.h"

namespace turnabout {
namespace {

constexpr int kDaysMax = 3660;
constexpr int kChecksPerSchemeMax = 32;
constexpr int64_t kBalanceMinutesMax = int64_t{1} << 40;
constexpr int kWeightMax = 1'000;
constexpr int64_t kPopulationMax = 10'000'000'000;
constexpr int kPlacesPerGroupMax = 1'000;

// Words of one kind: each well formed, none twice, not too many.
template <typename List, typename WordOf>
void CheckWords(const List& list, WordOf word_of, bool slugs, int most, const std::string& path, Problems& problems) {
  problems.CheckRange(path, list.size(), 0, most);
  std::set<std::string> seen;
  for (int i = 0; i < list.size(); ++i) {
    const std::string at = absl::StrCat(path, "[", i, "]");
    const std::string& word = word_of(list[i]);
    if (slugs && !IsSlug(word)) problems.Add(at, "Use lower-case letters, digits and hyphens, starting with a letter");
    if (!slugs) problems.CheckText(at, word, kSlugLengthMax, true);
    if (!seen.insert(absl::AsciiStrToLower(word)).second) problems.Add(at, "This is there twice");
  }
}

void CheckCreditAndTurns(const v1::RuleSet& rules, const std::string& path, Problems& problems) {
  const auto& credit = rules.credit();
  problems.CheckRange(path + "credit.overdraft_minutes_max", credit.overdraft_minutes_max(), 0, kBalanceMinutesMax);
  problems.CheckRange(path + "credit.balance_minutes_max", credit.balance_minutes_max(), 0, kBalanceMinutesMax);
  problems.CheckRange(path + "credit.confirmation_days", credit.confirmation_days(), 0, kDaysMax);
  problems.CheckRange(path + "credit.clearing_overdraft_minutes_max", credit.clearing_overdraft_minutes_max(), 0,
                      kBalanceMinutesMax);
  problems.CheckRange(path + "credit.clearing_balance_minutes_max", credit.clearing_balance_minutes_max(), 0,
                      kBalanceMinutesMax);
  const auto& turns = rules.turns();
  problems.CheckRange(path + "turns.pledge_allowance", turns.pledge_allowance(), 0, kCapacityMax);
  problems.CheckRange(path + "turns.pledge_days", turns.pledge_days(), 0, kDaysMax);
  problems.CheckRange(path + "turns.contacts_min", turns.contacts_min(), 0, kCapacityMax);
  problems.CheckRange(path + "turns.weeks_min", turns.weeks_min(), 0, kDaysMax);
}

void CheckMatching(const v1::RuleSet& rules, const std::string& path, Problems& problems) {
  const auto& matching = rules.matching();
  problems.CheckRange(path + "matching.distance_metres_max", matching.distance_metres_max(), 0, kTravelMetresMax);
  problems.CheckRange(path + "matching.rest_days", matching.rest_days(), 0, kDaysMax);
  problems.CheckRange(path + "matching.proposal_days", matching.proposal_days(), 0, kDaysMax);
  problems.CheckRange(path + "matching.first_review_weeks", matching.first_review_weeks(), 0, kDaysMax);
  const auto& weights = matching.weights();
  for (int weight : {weights.needs_met(), weights.distance(), weights.shared_time(), weights.shared_journey(),
                     weights.shared_language()}) {
    problems.CheckRange(path + "matching.weights", weight, 0, kWeightMax);
  }
  const Rules filled(0, rules);
  for (int i = 0; i < matching.required_checks_size(); ++i) {
    if (!filled.Check(matching.required_checks(i)).has_value()) {
      problems.Add(absl::StrCat(path, "matching.required_checks[", i, "]"), "Name one of the rule set's checks");
    }
  }
}

void CheckGroup(const v1::RuleSet::Group& group, const Rules& rules, const std::string& path, Problems& problems) {
  problems.CheckText(path + "display_name", group.display_name(), kNameLengthMax, false);
  problems.CheckRange(path + "floor_per_mille", group.floor_per_mille(), 0, kFloorPerMilleMax);
  problems.CheckRange(path + "population_count", group.population_count(), 0, kPopulationMax);
  problems.CheckRange(path + "places", group.places_size(), 0, kPlacesPerGroupMax);
  if (group.languages().empty() && group.places().empty() && group.services().empty() && group.stages().empty()) {
    problems.Add(path + "languages", "Say who belongs: by languages, places, services or stages");
  }
  for (int i = 0; i < group.languages_size(); ++i) {
    if (rules.Language(group.languages(i)).has_value()) continue;
    problems.Add(absl::StrCat(path, "languages[", i, "]"), "Name one of the rule set's languages");
  }
  for (int i = 0; i < group.places_size(); ++i) {
    problems.CheckText(absl::StrCat(path, "places[", i, "]"), group.places(i), kSlugLengthMax, true);
  }
  for (int i = 0; i < group.services_size(); ++i) {
    if (rules.Service(group.services(i)).has_value()) continue;
    problems.Add(absl::StrCat(path, "services[", i, "]"), "Name one of the rule set's services");
  }
  for (int i = 0; i < group.stages_size(); ++i) {
    if (group.stages(i) != v1::Member::STAGE_UNSPECIFIED && v1::Member::Stage_IsValid(group.stages(i))) continue;
    problems.Add(absl::StrCat(path, "stages[", i, "]"), "Use CURRENT, FORMER or NEIGHBOUR");
  }
}

}  // namespace

void CheckRuleSet(const v1::RuleSet& rules, const std::string& path, Problems& problems) {
  CheckCreditAndTurns(rules, path, problems);
  CheckMatching(rules, path, problems);
  const auto id_of = [](const auto& each) -> const std::string& { return each.id(); };
  const auto itself = [](const std::string& each) -> const std::string& { return each; };
  CheckWords(rules.categories(), id_of, true, kCategoriesPerSchemeMax, path + "categories", problems);
  CheckWords(rules.services(), id_of, true, kServicesPerSchemeMax, path + "services", problems);
  CheckWords(rules.languages(), itself, false, kLanguagesPerSchemeMax, path + "languages", problems);
  CheckWords(rules.checks(), itself, true, kChecksPerSchemeMax, path + "checks", problems);
  CheckWords(rules.groups(), id_of, true, kGroupsMax, path + "groups", problems);
  problems.CheckRange(path + "population_count", rules.population_count(), 0, kPopulationMax);
  const Rules filled(0, rules);
  for (int i = 0; i < rules.groups_size(); ++i) {
    CheckGroup(rules.groups(i), filled, absl::StrCat(path, "groups[", i, "]."), problems);
  }
  for (int i = 0; i < rules.categories_size(); ++i) {
    problems.CheckText(absl::StrCat(path, "categories[", i, "].display_name"), rules.categories(i).display_name(),
                       kNameLengthMax, false);
  }
}

}  // namespace turnabout
