// Rules are one rule set with its defaults filled in, and the places of its words: the n-th language, category,
// service.
#ifndef TURNABOUT_SERVER_RECORDS_RULES_H_
#define TURNABOUT_SERVER_RECORDS_RULES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "ledger/book/account.h"
#include "matcher/settings.h"
#include "turnabout/v1/member.pb.h"
#include "turnabout/v1/rule_set.pb.h"

namespace turnabout {

// `written` with every default that rule_set.proto states.
v1::RuleSet WithDefaults(v1::RuleSet written);

// Threads: immutable.
class Rules {
 public:
  Rules(int32_t number, const v1::RuleSet& written) : number_(number), rules_(WithDefaults(written)) {}

  int32_t number() const { return number_; }
  const v1::RuleSet& proto() const { return rules_; }

  // The place of a word among its kind, from 0; nothing when the rule set does not have it. Languages are compared
  // whatever their case.
  std::optional<int> Category(absl::string_view id) const;
  std::optional<int> Language(absl::string_view name) const;
  std::optional<int> Service(absl::string_view id) const;
  std::optional<int> Check(absl::string_view kind) const;

  // The groups that a member belongs to, as bits; `languages` are the places of the languages that they speak.
  uint32_t GroupsOf(const v1::Member& member, LanguageSet languages) const;

  // What matching obeys.
  Settings MatcherSettings() const;
  // How far a member's minutes may go.
  AccountLimits MinuteLimits() const;

 private:
  int32_t number_;
  v1::RuleSet rules_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_RULES_H_
