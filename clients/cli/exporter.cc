#include "clients/cli/exporter.h"

#include <google/protobuf/timestamp.pb.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/csv.h"
#include "clients/cli/dates.h"
#include "clients/cli/member_row.h"
#include "clients/cli/paging.h"
#include "clients/cli/people.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/pledge_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

// The live pledges of a scheme, by member.
absl::StatusOr<std::map<std::string, v1::Pledge>> LivePledges(Api& api, absl::string_view scheme) {
  v1::ListPledgesRequest request;
  request.set_parent(std::string(scheme));
  ASSIGN_OR_RETURN(v1::ListPledgesResponse all, ListUpTo(api, &v1::PledgeService::Stub::ListPledges, request, 0));
  std::map<std::string, v1::Pledge> live;
  for (v1::Pledge& pledge : *all.mutable_pledges()) {
    const bool is_live = pledge.state() == v1::Pledge::STATE_MADE || pledge.state() == v1::Pledge::STATE_DEFERRED;
    if (is_live) live[pledge.member()] = std::move(pledge);
  }
  return live;
}

}  // namespace

absl::StatusOr<std::string> ExportMembers(Api& api, absl::string_view scheme) {
  ASSIGN_OR_RETURN(const auto pledges, LivePledges(api, scheme));
  v1::ListMembersRequest request;
  request.set_parent(std::string(scheme));
  request.set_view(v1::MEMBER_VIEW_FULL);
  ASSIGN_OR_RETURN(const v1::ListMembersResponse all, ListUpTo(api, &v1::MemberService::Stub::ListMembers, request, 0));
  std::map<std::string, std::string> references;
  for (const v1::Member& member : all.members()) references[member.name()] = member.reference();
  std::string csv = FormatCsvRow(MemberColumns());
  for (const v1::Member& member : all.members()) {
    if (member.state() == v1::Member::STATE_LEFT) continue;
    v1::ImportedMember row;
    *row.mutable_member() = member;
    for (std::string& name : *row.mutable_member()->mutable_excluded_members()) name = references[name];
    const auto pledge = pledges.find(member.name());
    if (pledge != pledges.end()) {
      row.set_pledged_date(DateOf(pledge->second.create_time()));
      row.set_deferred_until_discharge(pledge->second.state() == v1::Pledge::STATE_DEFERRED &&
                                       pledge->second.deferred_until_discharge());
    }
    row.set_waiting_since_date(DateOf(member.waiting_since_time()));
    absl::StrAppend(&csv, FormatCsvRow(FormatMemberRow(row)));
  }
  return csv;
}

absl::StatusOr<std::string> ExportEntries(Api& api, absl::string_view scheme) {
  v1::ListEntriesRequest request;
  request.set_parent(std::string(scheme));
  ASSIGN_OR_RETURN(const v1::ListEntriesResponse all, ListUpTo(api, &v1::LedgerService::Stub::ListEntries, request, 0));
  std::string csv = FormatCsvRow({"number", "entry", "kind", "state", "current_state", "unit", "amount", "from", "to",
                                  "written", "happened_on", "settles", "reverses", "subject", "note", "actor"});
  for (const v1::Entry& entry : all.entries()) {
    absl::StrAppend(
        &csv,
        FormatCsvRow(
            {absl::StrCat(entry.number()), IdOf(entry.name()), PlainState(v1::Entry::Kind_Name(entry.kind()), "KIND_"),
             PlainState(v1::Entry::State_Name(entry.state())), PlainState(v1::Entry::State_Name(entry.current_state())),
             PlainState(v1::Unit_Name(entry.unit()), "UNIT_"), absl::StrCat(entry.amount()), IdOf(entry.from_account()),
             IdOf(entry.to_account()), DateOf(entry.create_time()), entry.happened_on_date(), IdOf(entry.hold()),
             IdOf(entry.reverses()), entry.subject(), entry.note(), entry.actor()}));
  }
  return csv;
}

absl::StatusOr<std::string> ExportExchanges(Api& api, absl::string_view scheme) {
  v1::ListExchangesRequest request;
  request.set_parent(std::string(scheme));
  People people(api);
  RETURN_IF_ERROR(people.LoadAll(scheme));
  ASSIGN_OR_RETURN(const v1::ListExchangesResponse all,
                   ListUpTo(api, &v1::ExchangeService::Stub::ListExchanges, request, 0));
  std::string csv =
      FormatCsvRow({"exchange", "happened_on", "giver", "receiver", "minutes", "category", "note", "state",
                    "minutes_posted", "confirm_by", "match", "dispute_reason", "settlement_reason"});
  for (const v1::Exchange& exchange : all.exchanges()) {
    absl::StrAppend(
        &csv, FormatCsvRow({IdOf(exchange.name()), exchange.happened_on_date(), people.Typed(exchange.giver()),
                            people.Typed(exchange.receiver()), absl::StrCat(exchange.minutes()), exchange.category(),
                            exchange.note(), PlainState(v1::Exchange::State_Name(exchange.state())),
                            absl::StrCat(exchange.minutes_posted()), exchange.confirm_by_date(), IdOf(exchange.match()),
                            exchange.dispute_reason(), exchange.settlement_reason()}));
  }
  return csv;
}

absl::StatusOr<std::string> ExportMatches(Api& api, absl::string_view scheme) {
  v1::ListMatchesRequest request;
  request.set_parent(std::string(scheme));
  People people(api);
  RETURN_IF_ERROR(people.LoadAll(scheme));
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse all,
                   ListUpTo(api, &v1::MatchingService::Stub::ListMatches, request, 0));
  std::string csv = FormatCsvRow({"match", "giver", "receiver", "state", "score", "round", "proposed", "active_since",
                                  "ended", "contacts", "reason"});
  for (const v1::Match& match : all.matches()) {
    absl::StrAppend(&csv,
                    FormatCsvRow({IdOf(match.name()), people.Typed(match.giver()), people.Typed(match.receiver()),
                                  PlainState(v1::Match::State_Name(match.state())), absl::StrCat(match.score()),
                                  IdOf(match.round()), DateOf(match.create_time()), DateOf(match.start_time()),
                                  DateOf(match.end_time()), absl::StrCat(match.contact_count()), match.reason()}));
  }
  return csv;
}

}  // namespace turnabout::cli
