// The parts of the verifier that need no prices. Like it, they share no code with the solver.
#ifndef TURNABOUT_MATCHER_VERIFY_PARTS_H_
#define TURNABOUT_MATCHER_VERIFY_PARTS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/reason.h"
#include "matcher/matcher.h"

namespace turnabout {

inline absl::Status Wrong(absl::string_view problem) { return Refuse(Reason::kBooksDisagree, {{"problem", problem}}); }

// Refused unless every turn received on the strength of one given is linked to it, and nothing else is linked.
// REQUIRES: proposals are within the pool.
absl::Status CheckLinks(const Pool& pool, const std::vector<Proposal>& proposals);

// Refused unless the bonuses are such as a round may have: one for each group, none without a floor, none below 0 or
// too large to be added up.
absl::Status CheckBonuses(const Settings& settings, const Round& round);

// Refused unless the shares of the groups and the bound on waiting days are what the proposals and bonuses add up to.
// REQUIRES: CheckBonuses was OK, proposals are within the pool, and the value is right.
absl::Status CheckGroups(const Pool& pool, const Settings& settings, const Round& round);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_VERIFY_PARTS_H_
