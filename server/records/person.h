// A member's row as matching sees it.
#ifndef TURNABOUT_SERVER_RECORDS_PERSON_H_
#define TURNABOUT_SERVER_RECORDS_PERSON_H_

#include "absl/time/time.h"
#include "ledger/book/account.h"
#include "matcher/person.h"
#include "server/records/rows.h"

namespace turnabout {

// `turns` is the member's turn account with the floor that holds today. Words that the rule set no longer has are left
// out.
Person PersonOf(const MemberId& id, const rows::MemberRow& row, const Account& turns, const Rules& rules,
                absl::Time now);

// What is set when a member says nothing: "any time", "5 km", "home".
inline constexpr SlotSet kAnyTime = (SlotSet{1} << 21) - 1;
inline constexpr int32_t kTravelMetresDefault = 5000;

// How many people they would like to buddy, and be buddied by, in all.
int32_t CapacityOf(const v1::Member& member);
int32_t BuddiesWantedBy(const v1::Member& member);

// Takes part, and would like more buddies than they have.
bool IsWaiting(const rows::MemberRow& row);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_PERSON_H_
