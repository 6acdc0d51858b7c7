// What a round did for the groups that a scheme watches, as a coordinator may read it.
#ifndef TURNABOUT_SERVER_APP_GROUP_REPORT_H_
#define TURNABOUT_SERVER_APP_GROUP_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "matcher/matcher.h"
#include "turnabout/v1/match.pb.h"
#include "turnabout/v1/rule_set.pb.h"

namespace turnabout {

// For each of `count` groups, whether its size may be shown beside those of the others and of all people together:
// `people` has the groups of each person, as bits. Not shown are groups of 1 to 4 people, and the smallest inside a
// larger one (or inside all people) when taking it, or it with the others inside, from the larger leaves 1 to 4.
std::vector<bool> MayShow(const std::vector<uint32_t>& people, size_t count);

// Fills in group_shares, waiting_days_bound and floors_sentence. REQUIRES: `found` was made from `pool` with the
// settings of `rules`.
void FillGroupShares(const Pool& pool, const v1::RuleSet& rules, const Round& found, v1::Round& round);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_GROUP_REPORT_H_
