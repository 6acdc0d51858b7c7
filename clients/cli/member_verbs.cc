#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "clients/cli/files.h"
#include "clients/cli/member_row.h"
#include "clients/cli/member_words.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/member_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

absl::Status ListMembers(Session& session) {
  v1::ListMembersRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  request.set_filter(session.flag("filter"));
  ASSIGN_OR_RETURN(const v1::ListMembersResponse response,
                   ListUpTo(session.api(), &v1::MemberService::Stub::ListMembers, request, limit));
  session.Answer(response, [&] {
    Table table(
        {{"reference", Align::kLeft, true}, {"name"}, {"place"}, {"offers"}, {"would like"}, {"waiting since"}});
    const auto categories = [](const auto& items) {
      return absl::StrJoin(items, ", ",
                           [](std::string* out, const auto& item) { absl::StrAppend(out, item.category()); });
    };
    for (const v1::Member& member : response.members()) {
      table.AddRow({member.reference().empty() ? IdOf(member.name()) : member.reference(), member.display_name(),
                    member.place(), categories(member.offers()), categories(member.needs()),
                    DateOf(member.waiting_since_time())});
    }
    if (table.empty()) {
      session.out() << "No members.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// What was said, or the API's default: one with any offer (or need), else none.
int32_t Room(bool said, int32_t number, bool any) { return said ? number : any ? 1 : 0; }

void ShowMember(Session& session, const v1::Member& member) {
  std::vector<std::string> not_with, wants;
  for (const std::string& name : member.excluded_members()) not_with.push_back(session.people().Called(name));
  for (int gender : member.wanted_genders()) {
    wants.push_back(absl::StrCat("a ", WordFor(GenderWords(), static_cast<v1::Member::Gender>(gender))));
  }
  const auto check = [](std::string* out, const v1::Member::Check& held) {
    absl::StrAppend(out, held.kind(), " until ", LongDate(held.valid_until_date()));
  };
  session.out() << Printable(member.display_name()) << (member.state() == v1::Member::STATE_LEFT ? " (has left)" : "")
                << "\n";
  ShowFields(session.out(),
             {{"glad to do", OffersInWords(member)},
              {"would like", NeedsInWords(member)},
              {"their plan", member.plan()},
              {"journey", JourneysInWords(member)},
              {"languages", absl::StrJoin(member.languages(), ", ")},
              {"free", FormatAvailability(member)},
              {"place", member.place()},
              {"goes up to", member.travel_metres() > 0 ? absl::StrCat(member.travel_metres() / 1000.0, " km") : ""},
              {"checks", absl::StrJoin(member.checks(), "; ", check)},
              {"buddies now",
               absl::StrCat("gives to ", member.giving_count(), " of ",
                            Room(member.has_capacity(), member.capacity(), !member.offers().empty()),
                            ", receives from ", member.receiving_count(), " of ",
                            Room(member.has_buddies_wanted(), member.buddies_wanted(), !member.needs().empty()))},
              {"waiting since", LongDate(DateOf(member.waiting_since_time()))},
              {"buddy to be", OrList(wants)},
              {"not with", absl::StrJoin(not_with, ", ")},
              {"phone", member.contact().phone()},
              {"email", member.contact().email()},
              {"reference", member.reference()},
              {"id", IdOf(member.name())}},
             2);
}

absl::Status ShowOneMember(Session& session) {
  v1::GetMemberRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Member(session.command().argument()));
  request.set_view(v1::MEMBER_VIEW_FULL);
  ASSIGN_OR_RETURN(const v1::GetMemberResponse response,
                   session.api().Call(&v1::MemberService::Stub::GetMember, request));
  session.Answer(response, [&] { ShowMember(session, response.member()); });
  return absl::OkStatus();
}

// The member that the flags describe, read as a row of members.csv would be.
absl::StatusOr<v1::ImportedMember> MemberFromFlags(const Session& session) {
  CsvTable table;
  CsvRow row{1, {}};
  const auto add = [&](absl::string_view column, const std::string& value) {
    if (value.empty()) return;
    table.header.cells.emplace_back(column);
    row.cells.push_back(value);
  };
  add("reference", session.command().argument(0));
  add("name", session.command().argument(1));
  for (const FlagSpec& flag : session.command().verb().flags) {
    if (flag.name != "as") add(absl::StrReplaceAll(flag.name, {{"-", "_"}}), session.flag(flag.name));
  }
  table.rows.push_back(std::move(row));
  const MemberRows rows = ParseMemberRows(table, Vocabulary(), session.Today());
  if (rows.problems.empty()) return rows.rows[0].member;
  std::string all = "Some of what was typed needs correcting:";
  for (const RowProblem& problem : rows.problems) {
    absl::StrAppend(&all, "\n  ", problem.column, ": found \"", problem.found, "\"; expected ", problem.expected);
  }
  return absl::InvalidArgumentError(all);
}

absl::Status AddMember(Session& session) {
  v1::CreateMemberRequest request;
  ASSIGN_OR_RETURN(const v1::ImportedMember described, MemberFromFlags(session));
  *request.mutable_member() = described.member();
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  for (std::string& reference : *request.mutable_member()->mutable_excluded_members()) {
    ASSIGN_OR_RETURN(reference, session.Member(reference));
  }
  ASSIGN_OR_RETURN(const v1::CreateMemberResponse response,
                   session.api().Call(&v1::MemberService::Stub::CreateMember, request));
  session.Answer(response, [&] {
    session.out() << Printable(response.member().display_name()) << " has joined, as " << response.member().reference()
                  << ".\n";
  });
  session.SuggestNext(absl::StrCat("pledge make ", response.member().reference()));
  return absl::OkStatus();
}

absl::Status DischargeMember(Session& session) {
  v1::DischargeMemberRequest request;
  const std::string& who = session.command().argument(0);
  session.Mention("member", who);
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Member(who));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_service(session.command().argument(1));
  ASSIGN_OR_RETURN(const v1::DischargeMemberResponse response,
                   session.api().Call(&v1::MemberService::Stub::DischargeMember, request));
  session.Answer(response, [&] {
    session.out()
        << Printable(response.member().display_name())
        << " has gone home, and can now be a buddy for others there. A pledge that waited for this is awake.\n";
  });
  session.SuggestNext(absl::StrCat("standing ", who));
  return absl::OkStatus();
}

absl::Status RemoveMember(Session& session) {
  v1::RemoveMemberRequest request;
  const std::string& who = session.command().argument();
  session.Mention("member", who);
  if (session.flag("confirm") != who) {
    return absl::InvalidArgumentError(
        absl::StrCat("Leaving cannot be undone.\n  Write: turnabout members remove ", who, " --confirm ", who));
  }
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Member(who));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  ASSIGN_OR_RETURN(const v1::RemoveMemberResponse response,
                   session.api().Call(&v1::MemberService::Stub::RemoveMember, request));
  session.Answer(response, [&] {
    session.out() << Printable(response.member().display_name())
                  << " has left. What they gave and received stays in the books.\n";
  });
  return absl::OkStatus();
}

absl::Status ShowStanding(Session& session) {
  v1::GetStandingRequest request;
  const std::string& who = session.command().argument();
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Member(who));
  ASSIGN_OR_RETURN(const v1::GetStandingResponse response,
                   session.api().Call(&v1::MemberService::Stub::GetStanding, request));
  const v1::Standing& standing = response.standing();
  session.Answer(response, [&] {
    session.out() << Printable(session.people().Called(standing.member())) << "\n";
    for (const std::string& line : Wrap(Printable(standing.sentence()), kPageColumns - 2))
      session.out() << "  " << line << "\n";
    session.out() << "\n";
    Table table({{""},
                 {"given", Align::kRight},
                 {"received", Align::kRight},
                 {"balance", Align::kRight},
                 {"may still receive", Align::kRight}});
    table.AddRow({"turns", absl::StrCat(standing.turns_given()), absl::StrCat(standing.turns_received()),
                  absl::StrCat(standing.turns_given() - standing.turns_received()),
                  absl::StrCat(standing.turns_available())});
    table.AddRow({"hours", AmountShort(v1::UNIT_MINUTES, standing.minutes_given()),
                  AmountShort(v1::UNIT_MINUTES, standing.minutes_received()),
                  AmountShort(v1::UNIT_MINUTES, standing.minutes_balance())});
    table.Print(session.out(), kPageColumns, 2);
  });
  if (standing.pledge().empty() && standing.turns_available() <= 0)
    session.SuggestNext(absl::StrCat("pledge make ", who));
  return absl::OkStatus();
}

std::vector<FlagSpec> DescribingFlags() {
  return {{"offers", "LIST", "What they are glad to do: \"shopping@home; phone-calls@phone\"."},
          {"needs", "LIST", "What they would like: \"visiting@ward!urgent; company\"."},
          {"journeys", "LIST", "\"stroke-ward:current:2026-12-10; cardiac:former\"."},
          {"place", "CODE", "One of the scheme's places."},
          {"travel-km", "N", "How far they go. Otherwise 5."},
          {"languages", "LIST", "\"Welsh; English\"."},
          {"availability", "TIMES", "\"mon-am tue-pm sat\", or any."},
          {"gender", "WORD", "woman, man or non-binary."},
          {"wants", "LIST", "Who is welcome as a buddy; anyone when not given."},
          {"not-with", "LIST", "References of people they must not be paired with."},
          {"checks", "LIST", "\"dbs:2027-03-01; references:2027-01-01\"."},
          {"capacity", "N", "How many people they can buddy at once."},
          {"buddies-wanted", "N", "How many buddies they would like."},
          {"phone", "NUMBER", "Seen only by those the rules allow."},
          {"email", "ADDRESS", "Seen only by those the rules allow."},
          {"kind", "WORD", "person or organisation."},
          {"plan", "TEXT", "How they would like to live, in their own words."},
          AsFlag()};
}

}  // namespace

std::vector<VerbSpec> MemberVerbs() {
  return {
      {.path = "members list",
       .summary = "Who is in the scheme, and who is waiting.",
       .example = "turnabout members list --filter 'waiting = true AND place = \"CF10\"'",
       .flags = ListFlags(
           "reference, display_name, place, state, kind, language, service, stage, need, offer, waiting, pledged"),
       .run = ListMembers},
      {.path = "members show",
       .summary = "One member, strengths first.",
       .example = "turnabout members show ben",
       .arguments = {{"member", "A reference or an id."}},
       .run = ShowOneMember},
      {.path = "members add",
       .summary = "Add one member.",
       .example = "turnabout members add ben \"Ben Pugh\" --offers shopping@home --place CF10",
       .arguments = {{"reference", "Short: letters, digits, '-', '_' and '.'."},
                     {"name", "What they like to be called."}},
       .flags = DescribingFlags(),
       .run = AddMember},
      {.path = "members discharge",
       .summary = "Somebody goes home from a service.",
       .example = "turnabout members discharge ana stroke-ward",
       .arguments = {{"member", "A reference or an id."}, {"service", "The service, by id."}},
       .flags = {AsFlag()},
       .run = DischargeMember},
      {.path = "members remove",
       .summary = "Somebody leaves the scheme.",
       .example = "turnabout members remove ben --confirm ben",
       .arguments = {{"member", "A reference or an id."}},
       .flags = {{"confirm", "MEMBER", "The same again, as it cannot be undone."}, AsFlag()},
       .run = RemoveMember},
      {.path = "standing",
       .summary = "Where somebody stands with giving and receiving.",
       .example = "turnabout standing ben",
       .arguments = {{"member", "A reference or an id."}},
       .run = ShowStanding},
  };
}

}  // namespace turnabout::cli
