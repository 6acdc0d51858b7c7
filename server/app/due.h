// What happens by the clock alone: holds, proposals, pledges and waivers whose time is up, hours that nobody confirmed.
#ifndef TURNABOUT_SERVER_APP_DUE_H_
#define TURNABOUT_SERVER_APP_DUE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/app/request.h"

namespace turnabout {

// Does what fell due before `now`, as commands of their own, and returns how many things that was. Done again it does
// nothing more. At most kDueMost of each kind at a time: call it again while it returns more than 0.
absl::StatusOr<int> RunDue(const Context& context, absl::Time now);

inline constexpr int kDueMost = 1000;

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_DUE_H_
