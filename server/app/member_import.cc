// Importing members: those whose reference is new are made, the others brought up to date, all rows or none.
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/member_fields.h"
#include "server/app/member_writer.h"
#include "server/app/members.h"
#include "server/app/turns.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

std::string RowPath(int index) { return absl::StrCat("members[", index, "]."); }

void CheckPastDate(const std::string& field, const std::string& text, absl::CivilDay today, Problems& problems) {
  const std::optional<absl::CivilDay> date = problems.CheckDate(field, text, false);
  if (date.has_value() && *date > today) problems.Add(field, "Enter a date that is not in the future");
}

void CheckRows(const v1::ImportMembersRequest& request, const Rules& rules, absl::CivilDay today, Problems& problems) {
  std::set<std::string> references;
  for (int i = 0; i < request.members_size(); ++i) {
    const v1::ImportedMember& imported = request.members(i);
    const std::string path = RowPath(i);
    CheckMember(imported.member(), rules, path + "member.", problems);
    const std::string& reference = imported.member().reference();
    if (reference.empty()) problems.Add(path + "member.reference", "Enter a reference");
    if (!reference.empty() && !references.insert(reference).second) {
      problems.Add(path + "member.reference", "Use each reference once");
    }
    CheckPastDate(path + "pledged_date", imported.pledged_date(), today, problems);
    CheckPastDate(path + "waiting_since_date", imported.waiting_since_date(), today, problems);
  }
}

// One row on its way in.
struct Incoming {
  MemberId id;
  bool is_new = false;
  rows::MemberRow before;
  rows::MemberRow row;
};

// Finds or makes the member of a row, without what names other rows.
Incoming Begin(const Context& context, const SchemeView& scheme, const v1::ImportedMember& imported, Txn& txn) {
  Incoming incoming;
  incoming.id = MemberByReference(txn, scheme, imported.member().reference());
  incoming.is_new = incoming.id.empty();
  if (incoming.is_new) {
    incoming.id = context.ids.Next<MemberId>();
    // The rows of this import may name each other.
    txn.Put(ReferenceKey(scheme.number(), imported.member().reference()), incoming.id.view());
  } else {
    incoming.before = *LoadRow<rows::MemberRow>(txn, ResourceKey(Table::kMember, scheme.number(), incoming.id.bytes()));
    incoming.row = incoming.before;
  }
  const v1::Member::State state = incoming.before.member().state();
  *incoming.row.mutable_member() = imported.member();
  ClearOutputOnly(*incoming.row.mutable_member());
  incoming.row.mutable_member()->set_state(state);
  return incoming;
}

void SetWaiting(const v1::ImportedMember& imported, rows::MemberRow& row) {
  const std::optional<absl::CivilDay> since = ParseDate(imported.waiting_since_date());
  if (!since.has_value() || row.imported_waiting_since_date() == imported.waiting_since_date()) return;
  row.set_imported_waiting_since_date(imported.waiting_since_date());
  row.set_waiting_since_micros(absl::ToUnixMicros(absl::FromCivil(*since, absl::UTCTimeZone())));
}

// Makes the pledge that a row tells of, once.
void SetPledge(const Context& context, const SchemeView& scheme, const v1::ImportedMember& imported, Incoming& incoming,
               Txn& txn) {
  const std::optional<absl::CivilDay> made_on = ParseDate(imported.pledged_date());
  if (!made_on.has_value() || incoming.row.imported_pledged_date() == imported.pledged_date()) return;
  incoming.row.set_imported_pledged_date(imported.pledged_date());
  if (!incoming.row.live_pledge().empty()) return;
  v1::Pledge pledge;
  pledge.set_deferred_until_discharge(imported.deferred_until_discharge());
  MakePledge(context, scheme, incoming.id, incoming.row, pledge, DayNumber(*made_on), txn);
}

v1::ImportMembersResponse::Outcome Finish(const Context& context, const SchemeView& scheme,
                                          const v1::ImportedMember& imported, Incoming& incoming, Txn& txn) {
  SetWaiting(imported, incoming.row);
  if (incoming.is_new) {
    AddMember(context, scheme, incoming.id, incoming.row, txn);
    SetPledge(context, scheme, imported, incoming, txn);
    PutRow(txn, scheme, incoming.id, incoming.row);
    return v1::ImportMembersResponse::OUTCOME_CREATED;
  }
  SetPledge(context, scheme, imported, incoming, txn);
  if (incoming.row.SerializeAsString() == incoming.before.SerializeAsString()) {
    return v1::ImportMembersResponse::OUTCOME_UNCHANGED;
  }
  SaveMember(scheme, incoming.id, &incoming.before, incoming.row, txn);
  WakePledgeAfterDischarge(scheme, incoming.row, txn);
  RefreshTurnFloor(context, scheme, incoming.id, incoming.row, txn);
  return v1::ImportMembersResponse::OUTCOME_UPDATED;
}

absl::Status Import(const Context& context, const SchemeView& scheme, const v1::ImportMembersRequest& request, Txn& txn,
                    v1::ImportMembersResponse& response) {
  std::vector<Incoming> all;
  for (const v1::ImportedMember& imported : request.members()) all.push_back(Begin(context, scheme, imported, txn));
  Problems problems;
  for (int i = 0; i < request.members_size(); ++i) {
    if (!all[i].is_new) RETURN_IF_ERROR(CheckActive(scheme, all[i].id, all[i].before));
    Resolve(txn, scheme, request.members(i).member(), RowPath(i) + "member.", all[i].row, problems);
  }
  RETURN_IF_ERROR(problems.ToStatus());
  for (int i = 0; i < request.members_size(); ++i) {
    response.add_outcomes(Finish(context, scheme, request.members(i), all[i], txn));
    response.add_names(NameOf(scheme.slug(), kMembers, all[i].id));
  }
  return absl::OkStatus();
}

}  // namespace

void Members::ImportMembers(const Call& call, const v1::ImportMembersRequest& request,
                            Reply<v1::ImportMembersResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRequestId(request.request_id());
  problems.CheckRange("members", request.members_size(), 1, kImportRowsMax);
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  std::shared_ptr<const SchemeView> scheme;
  const absl::Status read = context_.store.Read(0, [&](const Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(scheme, FindScheme(snapshot, slug));
    return absl::OkStatus();
  });
  if (!read.ok()) return reply(read);
  CheckRows(request, scheme->rules, DayOf(context_.clock.Now()), problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::ImportMembersResponse>(context_, call, slug, request, std::move(reply),
                                      [this, request, scheme](Txn& txn, v1::ImportMembersResponse& response) {
                                        return Import(context_, *scheme, request, txn, response);
                                      });
}

}  // namespace turnabout
