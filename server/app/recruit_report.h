// Where one more giver would help most, in words that tell on nobody.
#ifndef TURNABOUT_SERVER_APP_RECRUIT_REPORT_H_
#define TURNABOUT_SERVER_APP_RECRUIT_REPORT_H_

#include "absl/status/status.h"
#include "matcher/matcher.h"
#include "server/app/pool.h"
#include "turnabout/v1/match.pb.h"

namespace turnabout {

// Fills in recruitments. Errors: those of ProposeRound. REQUIRES: `found` is the round of `left`, which is what choices
// leave of `pool`.
absl::Status FillRecruitments(const SchemePool& pool, const Pool& left, const Round& found, Seed seed,
                              const Progress& progress, v1::Round& round);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_RECRUIT_REPORT_H_
