// Turns: how many a member may receive before giving one, which is the floor of their turn account and nothing else.
#ifndef TURNABOUT_SERVER_APP_TURNS_H_
#define TURNABOUT_SERVER_APP_TURNS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "server/app/request.h"
#include "server/records/rows.h"

namespace turnabout {

AccountKey MinutesOf(const SchemeView& scheme, const MemberId& member);
AccountKey TurnsOf(const SchemeView& scheme, const MemberId& member);

// The turns that the member's live pledge and live waivers make available on `today` (a day number).
int64_t AllowanceOn(const Snapshot& snapshot, const SchemeView& scheme, const rows::MemberRow& row, int32_t today);

// Sets the floor of the member's turn account to minus their allowance today. Called before anything is judged by it,
// and whenever a pledge or a waiver changes.
void RefreshTurnFloor(const Context& context, const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row,
                      Txn& txn);

// A live pledge can be given from: MADE or DEFERRED.
bool IsLive(const rows::PledgeRow& pledge);

// Writes a new pledge of `member`, whose row is changed and not saved. The pledge's deferral is as `pledge` says;
// one until discharge is for a member who uses a service.
PledgeId MakePledge(const Context& context, const SchemeView& scheme, const MemberId& member, rows::MemberRow& row,
                    const v1::Pledge& pledge, int32_t made_on, Txn& txn);

// Ends a live pledge in `state`, with a reason; the member's row is changed and not saved.
void EndPledge(const SchemeView& scheme, const PledgeId& id, rows::PledgeRow pledge, v1::Pledge::State state,
               absl::string_view reason, rows::MemberRow& row, Txn& txn);

// Gives a pledge that waited for discharge its deadline, once the member uses no service any more.
void WakePledgeAfterDischarge(const SchemeView& scheme, const rows::MemberRow& row, Txn& txn);

// The member's pledge, if a live one is on record.
std::optional<rows::PledgeRow> LivePledge(const Snapshot& snapshot, const SchemeView& scheme,
                                          const rows::MemberRow& row);

// Saves a pledge with its next version, and the day on which it next falls due.
void SavePledge(const SchemeView& scheme, const PledgeId& id, rows::PledgeRow& pledge, Txn& txn);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_TURNS_H_
