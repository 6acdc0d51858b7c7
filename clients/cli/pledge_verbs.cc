#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/pledge_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

absl::Status MakePledge(Session& session) {
  const std::string& who = session.command().argument();
  session.Mention("member", who);
  v1::MakePledgeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_pledge()->mutable_member(), session.Member(who));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  ASSIGN_OR_RETURN(*request.mutable_pledge()->mutable_deferred_until_date(),
                   session.Date(session.flag("deferred-until")));
  request.mutable_pledge()->set_deferred_until_discharge(session.command().has("deferred"));
  ASSIGN_OR_RETURN(const v1::MakePledgeResponse response,
                   session.api().Call(&v1::PledgeService::Stub::MakePledge, request));
  const v1::Pledge& pledge = response.pledge();
  session.Answer(response, [&] {
    const std::string name = Printable(session.people().Called(pledge.member()));
    session.out() << name << " has agreed to buddy someone in return";
    if (pledge.state() == v1::Pledge::STATE_DEFERRED) {
      session.out() << ", "
                    << (pledge.deferred_until_date().empty()
                            ? "once they are home"
                            : absl::StrCat("from ", LongDate(pledge.deferred_until_date())));
    } else if (!pledge.deadline_date().empty()) {
      session.out() << " by " << LongDate(pledge.deadline_date());
    }
    session.out() << ", and can receive a buddy now (pledge " << IdOf(pledge.name()) << ").\n";
  });
  session.SuggestNext(absl::StrCat("suggest ", who));
  return absl::OkStatus();
}

absl::Status ListPledges(Session& session) {
  v1::ListPledgesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  request.set_filter(session.flag("filter"));
  if (session.command().has("member")) {
    ASSIGN_OR_RETURN(const std::string member, session.Member(session.flag("member")));
    request.set_filter(
        absl::StrCat("member = \"", member, "\"", request.filter().empty() ? "" : " AND ", request.filter()));
  }
  ASSIGN_OR_RETURN(const v1::ListPledgesResponse response,
                   ListUpTo(session.api(), &v1::PledgeService::Stub::ListPledges, request, limit));
  session.Answer(response, [&] {
    Table table({{"pledge", Align::kLeft, true}, {"member"}, {"state"}, {"give by"}, {"waits for"}, {"made"}});
    for (const v1::Pledge& pledge : response.pledges()) {
      const std::string waits = pledge.state() != v1::Pledge::STATE_DEFERRED ? ""
                                : pledge.deferred_until_discharge()          ? "going home"
                                                                             : pledge.deferred_until_date();
      table.AddRow({IdOf(pledge.name()), session.people().Called(pledge.member()),
                    PlainState(v1::Pledge::State_Name(pledge.state())), pledge.deadline_date(), waits,
                    DateOf(pledge.create_time())});
    }
    if (table.empty()) {
      session.out() << "No pledges.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// A pledge by its id, or by the member whose live one it is.
absl::StatusOr<std::string> PledgeNamed(Session& session, absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string scheme, session.Scheme());
  const absl::StatusOr<v1::Member> member = session.people().Find(scheme, text);
  if (!member.ok()) return session.Named("pledges", text);
  v1::ListPledgesRequest request;
  request.set_parent(scheme);
  request.set_filter(absl::StrCat("member = \"", member->name(), "\""));
  ASSIGN_OR_RETURN(const v1::ListPledgesResponse response,
                   ListUpTo(session.api(), &v1::PledgeService::Stub::ListPledges, request, 0));
  for (const v1::Pledge& pledge : response.pledges()) {
    if (pledge.state() == v1::Pledge::STATE_MADE || pledge.state() == v1::Pledge::STATE_DEFERRED) return pledge.name();
  }
  return absl::NotFoundError(
      absl::StrCat(member->display_name(), " has no live pledge.\n  Next: turnabout pledge list --member ", text));
}

absl::Status WithdrawPledge(Session& session) {
  v1::WithdrawPledgeRequest request;
  session.Mention("member", session.command().argument());
  ASSIGN_OR_RETURN(*request.mutable_name(), PledgeNamed(session, session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::WithdrawPledgeResponse response,
                   session.api().Call(&v1::PledgeService::Stub::WithdrawPledge, request));
  session.Answer(response, [&] {
    session.out() << "The pledge of " << Printable(session.people().Called(response.pledge().member()))
                  << " is taken back.\n";
  });
  return absl::OkStatus();
}

absl::Status WaivePledge(Session& session) {
  v1::WaivePledgeRequest request;
  session.Mention("member", session.command().argument());
  ASSIGN_OR_RETURN(*request.mutable_name(), PledgeNamed(session, session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::WaivePledgeResponse response,
                   session.api().Call(&v1::PledgeService::Stub::WaivePledge, request));
  session.Answer(response, [&] {
    session.out() << Printable(session.people().Called(response.pledge().member()))
                  << " need not keep the pledge. The reason is on record.\n";
  });
  return absl::OkStatus();
}

absl::Status GrantWaiver(Session& session) {
  const std::string& who = session.command().argument();
  v1::GrantWaiverRequest request;
  v1::Waiver& waiver = *request.mutable_waiver();
  int32_t turns = 1;
  if (session.command().has("turns") && !absl::SimpleAtoi(session.flag("turns"), &turns)) {
    return absl::InvalidArgumentError("--turns takes a whole number.\n  Write: --turns 1");
  }
  waiver.set_turns(turns);
  waiver.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*waiver.mutable_member(), session.Member(who));
  ASSIGN_OR_RETURN(*waiver.mutable_end_date(), session.Date(session.flag("until")));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  ASSIGN_OR_RETURN(const v1::GrantWaiverResponse response,
                   session.api().Call(&v1::PledgeService::Stub::GrantWaiver, request));
  session.Answer(response, [&] {
    session.out() << Printable(session.people().Called(response.waiver().member())) << " may receive "
                  << Count(response.waiver().turns(), "turn", "turns") << " more until "
                  << LongDate(response.waiver().end_date()) << ".\n";
  });
  session.SuggestNext(absl::StrCat("suggest ", who));
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> PledgeVerbs() {
  const ArgumentSpec pledge{"pledge", "A pledge's id, or the member whose live pledge it is."};
  return {
      {.path = "pledge make",
       .summary = "Somebody agrees to buddy someone in return.",
       .example = "turnabout pledge make ben",
       .arguments = {{"member", "A reference or an id."}},
       .flags = {{"deferred", "", "It waits until they are home from every service they use."},
                 {"deferred-until", "DATE", "It waits until this day."},
                 AsFlag()},
       .run = MakePledge},
      {.path = "pledge list",
       .summary = "Who agreed to give in return, and by when.",
       .example = "turnabout pledge list --filter 'state = MADE'",
       .flags =
           [] {
             std::vector<FlagSpec> flags = ListFlags("member, state");
             flags.push_back({"member", "MEMBER", "Only this member's."});
             return flags;
           }(),
       .run = ListPledges},
      {.path = "pledge withdraw",
       .summary = "Take a pledge back, with nothing outstanding.",
       .example = "turnabout pledge withdraw ben --reason \"moving away\"",
       .arguments = {pledge},
       .flags = {{"reason", "TEXT", "Why."}, AsFlag()},
       .run = WithdrawPledge},
      {.path = "pledge waive",
       .summary = "Let somebody off their pledge.",
       .example = "turnabout pledge waive ben --reason \"not well enough to give\"",
       .arguments = {pledge},
       .flags = {{"reason", "TEXT", "Why; both can read it."}, AsFlag()},
       .run = WaivePledge},
      {.path = "waiver grant",
       .summary = "Let somebody receive without a pledge.",
       .example = "turnabout waiver grant ana --until today+90 --reason \"end of life care\"",
       .arguments = {{"member", "A reference or an id."}},
       .flags = {{"turns", "N", "How many turns. Otherwise 1."},
                 {"until", "DATE", "The last day on which it counts."},
                 {"reason", "TEXT", "Why."},
                 AsFlag()},
       .run = GrantWaiver},
  };
}

}  // namespace turnabout::cli
