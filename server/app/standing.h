// "Where do I stand?"
#ifndef TURNABOUT_SERVER_APP_STANDING_H_
#define TURNABOUT_SERVER_APP_STANDING_H_

#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/member.pb.h"

namespace turnabout {

// Given, received, allowance, pledge, and the sentence that explains it.
v1::Standing StandingOf(const Context& context, const Snapshot& snapshot, const SchemeView& scheme, const MemberId& id,
                        const rows::MemberRow& row);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_STANDING_H_
