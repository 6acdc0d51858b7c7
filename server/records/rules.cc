#include "server/records/rules.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace turnabout {
namespace {

constexpr const char* kDefaultCategories[][2] = {
    {"shopping", "shopping"},
    {"visiting", "visiting"},
    {"company", "company"},
    {"cooking", "cooking"},
    {"cleaning", "cleaning"},
    {"gardening", "gardening"},
    {"lifts", "lifts"},
    {"forms", "help with forms"},
    {"phone-calls", "phone calls"},
    {"pets", "pets"},
    {"repairs", "small repairs"},
    {"reading", "reading"},
    {"walking", "walking"},
    {"technology", "phones and computers"},
};

// The place of the first element of `list` for which `is` holds.
template <typename List, typename Predicate>
std::optional<int> PlaceOf(const List& list, Predicate is) {
  for (int i = 0; i < list.size(); ++i) {
    if (is(list[i])) return i;
  }
  return std::nullopt;
}

void FillCredit(v1::RuleSet::Credit& credit) {
  if (!credit.has_overdraft_minutes_max()) credit.set_overdraft_minutes_max(600);
  if (!credit.has_balance_minutes_max()) credit.set_balance_minutes_max(60'000);
  if (!credit.has_confirmation_days()) credit.set_confirmation_days(14);
  if (credit.silence() == v1::RuleSet::SILENCE_RULE_UNSPECIFIED) {
    credit.set_silence(v1::RuleSet::SILENCE_RULE_ASK_COORDINATOR);
  }
  if (!credit.has_clearing_overdraft_minutes_max()) credit.set_clearing_overdraft_minutes_max(0);
  if (!credit.has_clearing_balance_minutes_max()) credit.set_clearing_balance_minutes_max(0);
}

void FillTurns(v1::RuleSet::Turns& turns) {
  if (!turns.has_pledge_allowance()) turns.set_pledge_allowance(1);
  if (!turns.has_pledge_days()) turns.set_pledge_days(182);
  if (!turns.has_contacts_min()) turns.set_contacts_min(4);
  if (!turns.has_weeks_min()) turns.set_weeks_min(4);
}

void FillMatching(v1::RuleSet::Matching& matching) {
  if (!matching.has_distance_metres_max()) matching.set_distance_metres_max(25'000);
  if (!matching.has_rest_days()) matching.set_rest_days(90);
  if (!matching.has_proposal_days()) matching.set_proposal_days(14);
  if (!matching.has_first_review_weeks()) matching.set_first_review_weeks(6);
  v1::RuleSet::Weights& weights = *matching.mutable_weights();
  if (!weights.has_needs_met()) weights.set_needs_met(40);
  if (!weights.has_distance()) weights.set_distance(20);
  if (!weights.has_shared_time()) weights.set_shared_time(15);
  if (!weights.has_shared_journey()) weights.set_shared_journey(15);
  if (!weights.has_shared_language()) weights.set_shared_language(10);
}

template <typename List, typename Value>
bool Holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// An empty list asks for nothing.
bool IsOnJourney(const v1::Member& member, const v1::RuleSet::Group& group) {
  if (group.services().empty() && group.stages().empty()) return true;
  return std::any_of(member.journeys().begin(), member.journeys().end(), [&](const v1::Member::Journey& journey) {
    return (group.services().empty() || Holds(group.services(), journey.service())) &&
           (group.stages().empty() || Holds(group.stages(), journey.stage()));
  });
}

bool LivesIn(const v1::Member& member, const v1::RuleSet::Group& group) {
  return group.places().empty() || PlaceOf(group.places(), [&](const std::string& place) {
                                     return absl::EqualsIgnoreCase(place, member.place());
                                   }).has_value();
}

}  // namespace

v1::RuleSet WithDefaults(v1::RuleSet rules) {
  FillCredit(*rules.mutable_credit());
  FillTurns(*rules.mutable_turns());
  FillMatching(*rules.mutable_matching());
  if (rules.categories().empty()) {
    for (const auto& [id, display_name] : kDefaultCategories) {
      v1::RuleSet::Category& category = *rules.add_categories();
      category.set_id(id);
      category.set_display_name(display_name);
    }
  }
  for (v1::RuleSet::Category& category : *rules.mutable_categories()) {
    if (category.display_name().empty()) category.set_display_name(category.id());
  }
  for (v1::RuleSet::Service& service : *rules.mutable_services()) {
    if (service.display_name().empty()) service.set_display_name(service.id());
  }
  for (v1::RuleSet::Group& group : *rules.mutable_groups()) {
    if (group.display_name().empty()) group.set_display_name(group.id());
  }
  if (rules.languages().empty()) {
    rules.add_languages("English");
    rules.add_languages("Welsh");
  }
  if (rules.checks().empty()) {
    rules.add_checks("references");
    rules.add_checks("dbs");
  }
  return rules;
}

std::optional<int> Rules::Category(absl::string_view id) const {
  return PlaceOf(rules_.categories(), [&](const v1::RuleSet::Category& each) { return each.id() == id; });
}

std::optional<int> Rules::Language(absl::string_view name) const {
  return PlaceOf(rules_.languages(), [&](const std::string& each) { return absl::EqualsIgnoreCase(each, name); });
}

std::optional<int> Rules::Service(absl::string_view id) const {
  return PlaceOf(rules_.services(), [&](const v1::RuleSet::Service& each) { return each.id() == id; });
}

std::optional<int> Rules::Check(absl::string_view kind) const {
  return PlaceOf(rules_.checks(), [&](const std::string& each) { return each == kind; });
}

uint32_t Rules::GroupsOf(const v1::Member& member, LanguageSet languages) const {
  uint32_t groups = 0;
  for (int n = 0; n < rules_.groups_size(); ++n) {
    const v1::RuleSet::Group& group = rules_.groups(n);
    LanguageSet wanted = 0;
    for (const std::string& name : group.languages()) wanted |= LanguageSet{1} << Language(name).value_or(0);
    const bool speaks = group.languages().empty() || (languages & wanted) != 0;
    if (speaks && LivesIn(member, group) && IsOnJourney(member, group)) groups |= uint32_t{1} << n;
  }
  return groups;
}

Settings Rules::MatcherSettings() const {
  Settings settings;
  const v1::RuleSet::Matching& matching = rules_.matching();
  settings.distance_metres_max = matching.distance_metres_max();
  settings.same_service_required = matching.same_service_required();
  settings.current_may_give = matching.current_may_give();
  for (const std::string& kind : matching.required_checks()) {
    if (const std::optional<int> at = Check(kind)) settings.required_checks |= CheckSet{1} << *at;
  }
  settings.weights = {matching.weights().needs_met(), matching.weights().distance(), matching.weights().shared_time(),
                      matching.weights().shared_journey(), matching.weights().shared_language()};
  for (const v1::RuleSet::Group& group : rules_.groups()) {
    settings.groups.push_back({group.display_name(), group.floor_per_mille()});
  }
  for (const std::string& language : rules_.languages()) settings.words.languages.push_back(language);
  for (const auto& category : rules_.categories()) settings.words.categories.push_back(category.display_name());
  for (const auto& service : rules_.services()) settings.words.services.push_back(service.display_name());
  for (const std::string& check : rules_.checks()) settings.words.checks.push_back(check);
  return settings;
}

AccountLimits Rules::MinuteLimits() const {
  return {-rules_.credit().overdraft_minutes_max(), rules_.credit().balance_minutes_max()};
}

}  // namespace turnabout
