// What a rule set may say.
#ifndef TURNABOUT_SERVER_APP_RULE_SET_FIELDS_H_
#define TURNABOUT_SERVER_APP_RULE_SET_FIELDS_H_

#include <string>

#include "server/app/problems.h"
#include "turnabout/v1/rule_set.pb.h"

namespace turnabout {

// Adds what is wrong with `rules`, whose fields are below `path`.
void CheckRuleSet(const v1::RuleSet& rules, const std::string& path, Problems& problems);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_RULE_SET_FIELDS_H_
