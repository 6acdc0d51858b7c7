#include "server/app/members.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/listing.h"
#include "server/app/masks.h"
#include "server/app/member_fields.h"
#include "server/app/member_filter.h"
#include "server/app/member_writer.h"
#include "server/app/standing.h"
#include "server/app/target.h"
#include "server/app/turns.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

// What a member may be asked to change; the rest the server sets.
constexpr std::initializer_list<absl::string_view> kUpdatable = {
    "display_name", "reference",     "kind",           "contact",      "journeys", "offers",         "needs",
    "place",        "travel_metres", "languages",      "availability", "gender",   "wanted_genders", "excluded_members",
    "checks",       "capacity",      "buddies_wanted", "plan"};

// The scheme, as it is before a write is queued, for checks that the writer need not make.
absl::StatusOr<SchemePtr> ReadScheme(const Context& context, const std::string& slug) {
  absl::StatusOr<SchemePtr> scheme;
  const absl::Status read = context.store.Read(0, [&](const Snapshot& snapshot) {
    scheme = FindScheme(snapshot, slug);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return scheme;
}

absl::Status Update(const Context& context, const SchemeView& scheme, const MemberId& id,
                    const v1::UpdateMemberRequest& request, Txn& txn, v1::UpdateMemberResponse& response) {
  ASSIGN_OR_RETURN(const rows::MemberRow before, FindRow<rows::MemberRow>(txn, scheme, id));
  RETURN_IF_ERROR(CheckActive(scheme, id, before));
  RETURN_IF_ERROR(CheckEtag(request.member().etag(), before.version(), request.member().name()));
  rows::MemberRow row = before;
  for (const std::string& excluded : before.excluded()) {
    row.mutable_member()->add_excluded_members(NameOf(scheme.slug(), kMembers, IdFromRow<MemberId>(excluded)));
  }
  RETURN_IF_ERROR(ApplyMask(request.member(), request.update_mask(), kUpdatable, *row.mutable_member()));
  Problems problems;
  CheckMember(row.member(), scheme.rules, "member.", problems);
  Resolve(txn, scheme, v1::Member(row.member()), "member.", row, problems);
  RETURN_IF_ERROR(problems.ToStatus());
  RETURN_IF_ERROR(CheckReferenceIsFree(txn, scheme, id, row.member()));
  SaveMember(scheme, id, &before, row, txn);
  WakePledgeAfterDischarge(scheme, row, txn);
  RefreshTurnFloor(context, scheme, id, row, txn);
  *response.mutable_member() = ToApi(scheme, id, row, v1::MEMBER_VIEW_FULL);
  return absl::OkStatus();
}

// Moves the journey with `service` on; FORBIDDEN_MOVE unless the member is a current user of it.
absl::Status Discharge(const SchemeView& scheme, const MemberId& id, const std::string& service, rows::MemberRow& row) {
  for (v1::Member::Journey& journey : *row.mutable_member()->mutable_journeys()) {
    if (journey.service() != service || journey.stage() != v1::Member::STAGE_CURRENT) continue;
    journey.set_stage(v1::Member::STAGE_FORMER);
    journey.clear_expected_discharge_date();
    return absl::OkStatus();
  }
  return Refuse(Reason::kForbiddenMove, {{"name", NameOf(scheme.slug(), kMembers, id)},
                                         {"state", absl::StrCat("no current user of ", service)},
                                         {"allowed", "nothing"}});
}

absl::Status Remove(const Context& context, const SchemeView& scheme, const MemberId& id, Txn& txn,
                    rows::MemberRow& row) {
  RETURN_IF_ERROR(CheckActive(scheme, id, row));
  const Account* minutes = context.book().FindAccount(MinutesOf(scheme, id), Layer::kWorking);
  const Account* turns = context.book().FindAccount(TurnsOf(scheme, id), Layer::kWorking);
  const bool held = minutes->held_in > 0 || minutes->held_out > 0 || turns->held_in > 0 || turns->held_out > 0;
  if (held ||
      row.giving_count() + row.receiving_count() + row.proposed_giving_count() + row.proposed_receiving_count() > 0) {
    return Refuse(Reason::kMemberOwes, {{"name", NameOf(scheme.slug(), kMembers, id)}});
  }
  const rows::MemberRow before = row;
  row.mutable_member()->set_state(v1::Member::STATE_LEFT);
  if (const std::optional<rows::PledgeRow> pledge = LivePledge(txn, scheme, row)) {
    EndPledge(scheme, IdFromRow<PledgeId>(row.live_pledge()), *pledge, v1::Pledge::STATE_WITHDRAWN, "left the scheme",
              row, txn);
  }
  SaveMember(scheme, id, &before, row, txn);
  RefreshTurnFloor(context, scheme, id, row, txn);
  return absl::OkStatus();
}

}  // namespace

void Members::CreateMember(const Call& call, const v1::CreateMemberRequest& request,
                           Reply<v1::CreateMemberResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRequestId(request.request_id());
  if (slug.empty()) return reply(problems.ToStatus());
  const absl::StatusOr<SchemePtr> scheme = ReadScheme(context_, slug);
  if (!scheme.ok()) return reply(scheme.status());
  ReadActor("actor", request.actor(), slug, false, problems);
  CheckMember(request.member(), (*scheme)->rules, "member.", problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::CreateMemberResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, scheme = *scheme](Txn& txn, v1::CreateMemberResponse& response) -> absl::Status {
        const auto id = context_.ids.Next<MemberId>();
        rows::MemberRow row;
        *row.mutable_member() = request.member();
        ClearOutputOnly(*row.mutable_member());
        Problems problems;
        Resolve(txn, *scheme, request.member(), "member.", row, problems);
        RETURN_IF_ERROR(problems.ToStatus());
        RETURN_IF_ERROR(CheckReferenceIsFree(txn, *scheme, id, row.member()));
        AddMember(context_, *scheme, id, row, txn);
        *response.mutable_member() = ToApi(*scheme, id, row, v1::MEMBER_VIEW_FULL);
        return absl::OkStatus();
      });
}

void Members::UpdateMember(const Call& call, const v1::UpdateMemberRequest& request,
                           Reply<v1::UpdateMemberResponse> reply) {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<MemberId>("member.name", request.member().name(), kMembers, slug);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::UpdateMemberResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, id](const SchemeView& scheme, Txn& txn, v1::UpdateMemberResponse& response) -> absl::Status {
        return Update(context_, scheme, id, request, txn, response);
      });
}

void Members::DischargeMember(const Call& call, const v1::DischargeMemberRequest& request,
                              Reply<v1::DischargeMemberResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MemberId>(request, kMembers, ActorIs::kOptional, problems);
  problems.CheckText("service", request.service(), kSlugLengthMax, true);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::DischargeMemberResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn,
                              v1::DischargeMemberResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const rows::MemberRow before, FindRow<rows::MemberRow>(txn, scheme, target.id));
        RETURN_IF_ERROR(CheckActive(scheme, target.id, before));
        rows::MemberRow row = before;
        RETURN_IF_ERROR(Discharge(scheme, target.id, request.service(), row));
        SaveMember(scheme, target.id, &before, row, txn);
        WakePledgeAfterDischarge(scheme, row, txn);
        RefreshTurnFloor(context_, scheme, target.id, row, txn);
        *response.mutable_member() = ToApi(scheme, target.id, row, v1::MEMBER_VIEW_FULL);
        return absl::OkStatus();
      });
}

void Members::RemoveMember(const Call& call, const v1::RemoveMemberRequest& request,
                           Reply<v1::RemoveMemberResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MemberId>(request, kMembers, ActorIs::kOptional, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::RemoveMemberResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, target](const SchemeView& scheme, Txn& txn, v1::RemoveMemberResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::MemberRow row, FindRow<rows::MemberRow>(txn, scheme, target.id));
        RETURN_IF_ERROR(Remove(context_, scheme, target.id, txn, row));
        *response.mutable_member() = ToApi(scheme, target.id, row, v1::MEMBER_VIEW_FULL);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetMemberResponse> Members::GetMember(const v1::GetMemberRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<MemberId>("name", request.name(), kMembers, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetMemberResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetMemberResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::MemberRow row, FindRow<rows::MemberRow>(snapshot, *scheme, id));
        *response.mutable_member() = ToApi(*scheme, id, row, request.view());
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListMembersResponse> Members::ListMembers(const v1::ListMembersRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListMembersResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListMembersResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const auto add = [&](absl::string_view key, absl::string_view value, const Filter& filter) {
          const auto row = ParseRow<rows::MemberRow>(value);
          if (!filter.Matches([&](absl::string_view field) { return MemberValues(row, field); })) return false;
          *response.add_members() = ToApi(*scheme, MemberId(IdAtEnd(key)), row, request.view());
          return true;
        };
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, SchemeRange(Table::kMember, scheme->number()), QueryOf(request),
                                  kMemberFilterFields, add));
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetStandingResponse> Members::GetStanding(const v1::GetStandingRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<MemberId>("name", request.name(), kMembers, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetStandingResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetStandingResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::MemberRow row, FindRow<rows::MemberRow>(snapshot, *scheme, id));
        *response.mutable_standing() = StandingOf(context_, snapshot, *scheme, id, row);
        return absl::OkStatus();
      });
}

}  // namespace turnabout
