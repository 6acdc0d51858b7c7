#include "server/app/pledges.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/listing.h"
#include "server/app/masks.h"
#include "server/app/member_filter.h"
#include "server/app/member_writer.h"
#include "server/app/target.h"
#include "server/app/turns.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

constexpr absl::string_view kFilterFields[] = {"member", "state"};
constexpr int kWaiverTurnsMax = 10;

v1::Pledge ToApi(const SchemeView& scheme, const PledgeId& id, const rows::PledgeRow& row) {
  v1::Pledge pledge = row.pledge();
  pledge.set_name(NameOf(scheme.slug(), kPledges, id));
  pledge.set_member(NameOf(scheme.slug(), kMembers, IdFromRow<MemberId>(row.member())));
  pledge.set_deadline_date(FormatDayNumber(row.deadline_day()));
  pledge.set_etag(absl::StrCat(row.version()));
  *pledge.mutable_create_time() = TimestampOf(row.create_micros());
  *pledge.mutable_update_time() = TimestampOf(row.update_micros());
  return pledge;
}

// A live pledge with its member, about to end.
struct Ending {
  rows::PledgeRow pledge;
  MemberId member;
  rows::MemberRow row;
};

absl::StatusOr<Ending> FindLive(Txn& txn, const SchemeView& scheme, const PledgeId& id, absl::string_view etag) {
  Ending ending;
  ASSIGN_OR_RETURN(ending.pledge, FindRow<rows::PledgeRow>(txn, scheme, id));
  const std::string name = NameOf(scheme.slug(), kPledges, id);
  RETURN_IF_ERROR(CheckEtag(etag, ending.pledge.version(), name));
  if (!IsLive(ending.pledge)) {
    const std::string state = v1::Pledge::State_Name(ending.pledge.pledge().state());
    return Refuse(Reason::kForbiddenMove,
                  {{"name", name}, {"state", ShortEnumName(state, "STATE_")}, {"allowed", "nothing"}});
  }
  ending.member = IdFromRow<MemberId>(ending.pledge.member());
  ASSIGN_OR_RETURN(ending.row, FindRow<rows::MemberRow>(txn, scheme, ending.member));
  return ending;
}

// Ends the pledge and takes its allowance away; returns it as it then is.
absl::StatusOr<v1::Pledge> End(const Context& context, const SchemeView& scheme, const PledgeId& id, Ending ending,
                               v1::Pledge::State state, absl::string_view reason, Txn& txn) {
  EndPledge(scheme, id, ending.pledge, state, reason, ending.row, txn);
  const rows::MemberRow before = ending.row;
  SaveMember(scheme, ending.member, &before, ending.row, txn);
  RefreshTurnFloor(context, scheme, ending.member, ending.row, txn);
  ASSIGN_OR_RETURN(const rows::PledgeRow ended, FindRow<rows::PledgeRow>(txn, scheme, id));
  return ToApi(scheme, id, ended);
}

absl::Status Grant(const Context& context, const SchemeView& scheme, const MemberId& member,
                   const v1::GrantWaiverRequest& request, Txn& txn, v1::GrantWaiverResponse& response) {
  ASSIGN_OR_RETURN(const rows::MemberRow before, FindRow<rows::MemberRow>(txn, scheme, member));
  RETURN_IF_ERROR(CheckActive(scheme, member, before));
  const auto id = context.ids.Next<WaiverId>();
  rows::WaiverRow waiver;
  *waiver.mutable_waiver() = request.waiver();
  waiver.mutable_waiver()->clear_name();
  waiver.set_member(IdToRow(member));
  waiver.set_create_micros(absl::ToUnixMicros(txn.now()));
  waiver.set_end_day(DayNumber(*ParseDate(request.waiver().end_date())));
  PutRow(txn, scheme, id, waiver);
  txn.Put(DueKey(Table::kWaiverDue, waiver.end_day(), scheme.number(), id.bytes()), "");
  rows::MemberRow row = before;
  row.add_live_waivers(IdToRow(id));
  SaveMember(scheme, member, &before, row, txn);
  RefreshTurnFloor(context, scheme, member, row, txn);
  *response.mutable_waiver() = waiver.waiver();
  response.mutable_waiver()->set_name(NameOf(scheme.slug(), kWaivers, id));
  *response.mutable_waiver()->mutable_create_time() = TimestampOf(waiver.create_micros());
  return absl::OkStatus();
}

}  // namespace

void Pledges::MakePledge(const Call& call, const v1::MakePledgeRequest& request, Reply<v1::MakePledgeResponse> reply) {
  Problems problems;
  std::string slug = problems.CheckScheme("parent", request.parent());
  const auto member = problems.CheckName<MemberId>("pledge.member", request.pledge().member(), kMembers, slug);
  problems.CheckDate("pledge.deferred_until_date", request.pledge().deferred_until_date(), false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::MakePledgeResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, member](const SchemeView& scheme, Txn& txn, v1::MakePledgeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const rows::MemberRow before, FindRow<rows::MemberRow>(txn, scheme, member));
        RETURN_IF_ERROR(CheckActive(scheme, member, before));
        if (LivePledge(txn, scheme, before).has_value()) {
          const auto live = IdFromRow<PledgeId>(before.live_pledge());
          return Refuse(Reason::kPledgeExists, {{"name", NameOf(scheme.slug(), kPledges, live)}});
        }
        rows::MemberRow row = before;
        const int32_t today = DayNumber(DayOf(txn.now()));
        const PledgeId id = turnabout::MakePledge(context_, scheme, member, row, request.pledge(), today, txn);
        SaveMember(scheme, member, &before, row, txn);
        ASSIGN_OR_RETURN(const rows::PledgeRow made, FindRow<rows::PledgeRow>(txn, scheme, id));
        *response.mutable_pledge() = ToApi(scheme, id, made);
        return absl::OkStatus();
      });
}

void Pledges::WithdrawPledge(const Call& call, const v1::WithdrawPledgeRequest& request,
                             Reply<v1::WithdrawPledgeResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<PledgeId>(request, kPledges, ActorIs::kOptional, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::WithdrawPledgeResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn,
                              v1::WithdrawPledgeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const Ending ending, FindLive(txn, scheme, target.id, request.etag()));
        const Account& turns = *context_.book().FindAccount(TurnsOf(scheme, ending.member), txn.layer());
        const int64_t outstanding = turns.held_out - turns.posted;
        if (outstanding > 0) {
          return Refuse(Reason::kPledgeOutstanding, {{"name", request.name()}, {"turns", absl::StrCat(outstanding)}});
        }
        ASSIGN_OR_RETURN(*response.mutable_pledge(),
                         End(context_, scheme, target.id, ending, v1::Pledge::STATE_WITHDRAWN, request.reason(), txn));
        return absl::OkStatus();
      });
}

void Pledges::WaivePledge(const Call& call, const v1::WaivePledgeRequest& request,
                          Reply<v1::WaivePledgeResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<PledgeId>(request, kPledges, ActorIs::kOptional, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  if (request.reason().empty()) return reply(Refuse(Reason::kReasonRequired, {{"what", "Waiving a pledge"}}));
  RunSchemeWrite<v1::WaivePledgeResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn, v1::WaivePledgeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const Ending ending, FindLive(txn, scheme, target.id, request.etag()));
        ASSIGN_OR_RETURN(*response.mutable_pledge(),
                         End(context_, scheme, target.id, ending, v1::Pledge::STATE_WAIVED, request.reason(), txn));
        return absl::OkStatus();
      });
}

void Pledges::GrantWaiver(const Call& call, const v1::GrantWaiverRequest& request,
                          Reply<v1::GrantWaiverResponse> reply) {
  Problems problems;
  std::string slug = problems.CheckScheme("parent", request.parent());
  const auto member = problems.CheckName<MemberId>("waiver.member", request.waiver().member(), kMembers, slug);
  problems.CheckRange("waiver.turns", request.waiver().turns(), 1, kWaiverTurnsMax);
  problems.CheckText("waiver.reason", request.waiver().reason(), kNoteLengthMax, true);
  const std::optional<absl::CivilDay> end = problems.CheckDate("waiver.end_date", request.waiver().end_date(), true);
  if (end.has_value() && *end < DayOf(context_.clock.Now())) {
    problems.Add("waiver.end_date", "Enter today or a later day: it is the last on which the turns count");
  }
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::GrantWaiverResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, member](const SchemeView& scheme, Txn& txn, v1::GrantWaiverResponse& response) -> absl::Status {
        return Grant(context_, scheme, member, request, txn, response);
      });
}

absl::StatusOr<v1::GetPledgeResponse> Pledges::GetPledge(const v1::GetPledgeRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<PledgeId>("name", request.name(), kPledges, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetPledgeResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetPledgeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::PledgeRow row, FindRow<rows::PledgeRow>(snapshot, *scheme, id));
        *response.mutable_pledge() = ToApi(*scheme, id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListPledgesResponse> Pledges::ListPledges(const v1::ListPledgesRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListPledgesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListPledgesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const auto add = [&](absl::string_view key, absl::string_view value, const Filter& filter) {
          const v1::Pledge pledge = ToApi(*scheme, PledgeId(IdAtEnd(key)), ParseRow<rows::PledgeRow>(value));
          const auto values = [&](absl::string_view field) -> std::vector<std::string> {
            if (field == "member") return {pledge.member()};
            return {ShortEnumName(v1::Pledge::State_Name(pledge.state()), "STATE_")};
          };
          if (!filter.Matches(values)) return false;
          *response.add_pledges() = pledge;
          return true;
        };
        ASSIGN_OR_RETURN(
            *response.mutable_next_page_token(),
            ReadList(snapshot, SchemeRange(Table::kPledge, scheme->number()), QueryOf(request), kFilterFields, add));
        return absl::OkStatus();
      });
}

}  // namespace turnabout
