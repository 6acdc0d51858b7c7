#include "server/app/turns.h"

#include <algorithm>

#include "base/clock.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

int32_t TodayOf(const Txn& txn) { return DayNumber(DayOf(txn.now())); }

// The day on which the pledge must be looked at again: its deadline, or the end of its deferral. 0 for none.
int32_t DueDay(const rows::PledgeRow& pledge) {
  if (!IsLive(pledge)) return 0;
  if (pledge.pledge().state() == v1::Pledge::STATE_DEFERRED) {
    const std::optional<absl::CivilDay> until = ParseDate(pledge.pledge().deferred_until_date());
    return until.has_value() ? DayNumber(*until) : 0;
  }
  return pledge.deadline_day();
}

bool UsesAService(const v1::Member& member) {
  return std::any_of(member.journeys().begin(), member.journeys().end(),
                     [](const v1::Member::Journey& journey) { return journey.stage() == v1::Member::STAGE_CURRENT; });
}

void SetDeadline(const SchemeView& scheme, int32_t from_day, rows::PledgeRow& pledge) {
  pledge.mutable_pledge()->set_state(v1::Pledge::STATE_MADE);
  pledge.set_deadline_day(from_day + scheme.rules.proto().turns().pledge_days());
}

}  // namespace

AccountKey MinutesOf(const SchemeView& scheme, const MemberId& member) {
  return {scheme.number(), Unit::kMinutes, member.bytes()};
}

AccountKey TurnsOf(const SchemeView& scheme, const MemberId& member) {
  return {scheme.number(), Unit::kTurns, member.bytes()};
}

bool IsLive(const rows::PledgeRow& pledge) {
  return pledge.pledge().state() == v1::Pledge::STATE_MADE || pledge.pledge().state() == v1::Pledge::STATE_DEFERRED;
}

std::optional<rows::PledgeRow> LivePledge(const Snapshot& snapshot, const SchemeView& scheme,
                                          const rows::MemberRow& row) {
  if (row.live_pledge().empty()) return std::nullopt;
  const auto id = IdFromRow<PledgeId>(row.live_pledge());
  std::optional<rows::PledgeRow> pledge =
      LoadRow<rows::PledgeRow>(snapshot, ResourceKey(Table::kPledge, scheme.number(), id.bytes()));
  if (!pledge.has_value() || !IsLive(*pledge)) return std::nullopt;
  return pledge;
}

int64_t AllowanceOn(const Snapshot& snapshot, const SchemeView& scheme, const rows::MemberRow& row, int32_t today) {
  int64_t allowance = 0;
  if (const std::optional<rows::PledgeRow> pledge = LivePledge(snapshot, scheme, row)) {
    const bool in_time = pledge->deadline_day() == 0 || pledge->deadline_day() >= today;
    if (in_time) allowance += scheme.rules.proto().turns().pledge_allowance();
  }
  for (const std::string& bytes : row.live_waivers()) {
    const auto id = IdFromRow<WaiverId>(bytes);
    const std::optional<rows::WaiverRow> waiver =
        LoadRow<rows::WaiverRow>(snapshot, ResourceKey(Table::kWaiver, scheme.number(), id.bytes()));
    if (waiver.has_value() && waiver->end_day() >= today) allowance += waiver->waiver().turns();
  }
  return allowance;
}

void RefreshTurnFloor(const Context& context, const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row,
                      Txn& txn) {
  context.ledger.SetLimits(TurnsOf(scheme, id), {.floor = -AllowanceOn(txn, scheme, row, TodayOf(txn))}, txn);
}

void SavePledge(const SchemeView& scheme, const PledgeId& id, rows::PledgeRow& pledge, Txn& txn) {
  const std::optional<rows::PledgeRow> before =
      LoadRow<rows::PledgeRow>(txn, ResourceKey(Table::kPledge, scheme.number(), id.bytes()));
  const int32_t due_before = before.has_value() ? DueDay(*before) : 0;
  const int32_t due = DueDay(pledge);
  if (due_before != due) {
    if (due_before > 0) txn.Delete(DueKey(Table::kPledgeDue, due_before, scheme.number(), id.bytes()));
    if (due > 0) txn.Put(DueKey(Table::kPledgeDue, due, scheme.number(), id.bytes()), "");
  }
  pledge.set_version(pledge.version() + 1);
  pledge.set_update_micros(absl::ToUnixMicros(txn.now()));
  PutRow(txn, scheme, id, pledge);
}

PledgeId MakePledge(const Context& context, const SchemeView& scheme, const MemberId& member, rows::MemberRow& row,
                    const v1::Pledge& pledge, int32_t made_on, Txn& txn) {
  const auto id = context.ids.Next<PledgeId>();
  rows::PledgeRow made;
  made.set_member(IdToRow(member));
  made.set_create_micros(absl::ToUnixMicros(txn.now()));
  // Somebody who uses no service has nothing to be discharged from: the pledge would wait for ever.
  const bool until_discharge = pledge.deferred_until_discharge() && UsesAService(row.member());
  made.mutable_pledge()->set_deferred_until_discharge(until_discharge);
  made.mutable_pledge()->set_deferred_until_date(pledge.deferred_until_date());
  if (until_discharge || !pledge.deferred_until_date().empty()) {
    made.mutable_pledge()->set_state(v1::Pledge::STATE_DEFERRED);
  } else {
    SetDeadline(scheme, made_on, made);
  }
  SavePledge(scheme, id, made, txn);
  row.set_live_pledge(IdToRow(id));
  RefreshTurnFloor(context, scheme, member, row, txn);
  return id;
}

void EndPledge(const SchemeView& scheme, const PledgeId& id, rows::PledgeRow pledge, v1::Pledge::State state,
               absl::string_view reason, rows::MemberRow& row, Txn& txn) {
  pledge.mutable_pledge()->set_state(state);
  pledge.mutable_pledge()->set_reason(std::string(reason));
  SavePledge(scheme, id, pledge, txn);
  row.clear_live_pledge();
}

void WakePledgeAfterDischarge(const SchemeView& scheme, const rows::MemberRow& row, Txn& txn) {
  if (UsesAService(row.member())) return;
  std::optional<rows::PledgeRow> pledge = LivePledge(txn, scheme, row);
  if (!pledge.has_value() || pledge->pledge().state() != v1::Pledge::STATE_DEFERRED ||
      !pledge->pledge().deferred_until_discharge()) {
    return;
  }
  SetDeadline(scheme, TodayOf(txn), *pledge);
  SavePledge(scheme, IdFromRow<PledgeId>(row.live_pledge()), *pledge, txn);
}

}  // namespace turnabout
