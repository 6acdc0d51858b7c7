#include "absl/strings/str_cat.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

// Who has not logged an exchange: the side that confirms.
const std::string& OtherSide(const v1::Exchange& exchange) {
  return exchange.logged_by() == exchange.giver() ? exchange.receiver() : exchange.giver();
}

absl::Status FlagsNeeded(const Session& session) {
  std::string missing;
  for (const char* flag : {"from", "to", "time"}) {
    if (!session.command().has(flag)) absl::StrAppend(&missing, missing.empty() ? "--" : ", --", flag);
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("Still needed: ", missing, ".\n  Write: turnabout log --from GIVER --to RECEIVER --time 1h30"));
}

absl::Status LogExchange(Session& session) {
  RETURN_IF_ERROR(FlagsNeeded(session));
  v1::LogExchangeRequest request;
  v1::Exchange& exchange = *request.mutable_exchange();
  session.Mention("giver", session.flag("from"));
  session.Mention("receiver", session.flag("to"));
  ASSIGN_OR_RETURN(const Minutes minutes, ParseMinutes(session.flag("time")));
  exchange.set_minutes(minutes.count());
  ASSIGN_OR_RETURN(*exchange.mutable_happened_on_date(),
                   session.Date(session.command().has("on") ? session.flag("on") : "today"));
  exchange.set_category(session.flag("category"));
  exchange.set_note(session.flag("for"));
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*exchange.mutable_giver(), session.Member(session.flag("from")));
  ASSIGN_OR_RETURN(*exchange.mutable_receiver(), session.Member(session.flag("to")));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor(exchange.giver()));
  if (session.command().has("match")) {
    ASSIGN_OR_RETURN(*exchange.mutable_match(), session.Named("matches", session.flag("match")));
  }
  ASSIGN_OR_RETURN(const v1::LogExchangeResponse response,
                   session.api().Call(&v1::ExchangeService::Stub::LogExchange, request));
  const v1::Exchange& logged = response.exchange();
  session.Answer(response, [&] {
    session.out() << "Logged " << FormatMinutes(Minutes(logged.minutes())) << " from "
                  << Printable(session.people().Called(logged.giver())) << " to "
                  << Printable(session.people().Called(logged.receiver())) << " (exchange " << IdOf(logged.name())
                  << ").";
    if (logged.state() == v1::Exchange::STATE_LOGGED) {
      session.out() << " " << Printable(session.people().Called(OtherSide(logged))) << " needs to confirm it by "
                    << LongDate(logged.confirm_by_date()) << ".";
    }
    session.out() << "\n";
  });
  if (logged.state() == v1::Exchange::STATE_LOGGED) {
    session.SuggestNext(
        absl::StrCat("exchanges confirm ", IdOf(logged.name()), " --as ", session.people().Typed(OtherSide(logged))));
  }
  return absl::OkStatus();
}

absl::Status ListExchanges(Session& session) {
  v1::ListExchangesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  request.set_filter(session.flag("filter"));
  ASSIGN_OR_RETURN(const v1::ListExchangesResponse response,
                   ListUpTo(session.api(), &v1::ExchangeService::Stub::ListExchanges, request, limit));
  session.Answer(response, [&] {
    Table table({{"exchange", Align::kLeft, true},
                 {"date"},
                 {"giver"},
                 {"receiver"},
                 {"time", Align::kRight},
                 {"state"},
                 {"for"}});
    for (const v1::Exchange& exchange : response.exchanges()) {
      table.AddRow({IdOf(exchange.name()), exchange.happened_on_date(), session.people().Called(exchange.giver()),
                    session.people().Called(exchange.receiver()), FormatMinutesShort(Minutes(exchange.minutes())),
                    PlainState(v1::Exchange::State_Name(exchange.state())),
                    exchange.note().empty() ? exchange.category() : exchange.note()});
    }
    if (table.empty()) {
      session.out() << "No hours logged.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

absl::Status ShowExchange(Session& session) {
  v1::GetExchangeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("exchanges", session.command().argument()));
  ASSIGN_OR_RETURN(const v1::GetExchangeResponse response,
                   session.api().Call(&v1::ExchangeService::Stub::GetExchange, request));
  const v1::Exchange& exchange = response.exchange();
  session.Answer(response, [&] {
    session.out() << FormatMinutes(Minutes(exchange.minutes())) << " from "
                  << Printable(session.people().Called(exchange.giver())) << " to "
                  << Printable(session.people().Called(exchange.receiver())) << "\n";
    const bool waits = exchange.state() == v1::Exchange::STATE_LOGGED;
    ShowFields(session.out(),
               {{"exchange", IdOf(exchange.name())},
                {"state", PlainState(v1::Exchange::State_Name(exchange.state()))},
                {"day", LongDate(exchange.happened_on_date())},
                {"category", exchange.category()},
                {"for", exchange.note()},
                {"logged by", session.people().Called(exchange.logged_by())},
                {"confirm by", waits ? LongDate(exchange.confirm_by_date()) : ""},
                {"posted", exchange.minutes_posted() > 0 ? FormatMinutes(Minutes(exchange.minutes_posted())) : ""},
                {"not right", exchange.dispute_reason()},
                {"settled because", exchange.settlement_reason()},
                {"match", IdOf(exchange.match())},
                {"entry", IdOf(exchange.resolution().empty() ? exchange.hold() : exchange.resolution())}},
               2);
  });
  return absl::OkStatus();
}

absl::Status ConfirmExchange(Session& session) {
  v1::ConfirmExchangeRequest request;
  session.Mention("exchange", session.command().argument());
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("exchanges", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  ASSIGN_OR_RETURN(const v1::ConfirmExchangeResponse response,
                   session.api().Call(&v1::ExchangeService::Stub::ConfirmExchange, request));
  const v1::Exchange& exchange = response.exchange();
  session.Answer(response, [&] {
    session.out() << "Confirmed: " << FormatMinutes(Minutes(exchange.minutes_posted())) << " from "
                  << Printable(session.people().Called(exchange.giver())) << " to "
                  << Printable(session.people().Called(exchange.receiver())) << ", in the books as entry "
                  << IdOf(exchange.resolution()) << ".\n";
  });
  session.SuggestNext(absl::StrCat("statement ", session.people().Typed(exchange.giver())));
  return absl::OkStatus();
}

absl::Status DisputeExchange(Session& session) {
  v1::DisputeExchangeRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("exchanges", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::DisputeExchangeResponse response,
                   session.api().Call(&v1::ExchangeService::Stub::DisputeExchange, request));
  session.Answer(response, [&] { session.out() << "Noted. A coordinator settles it with both of them.\n"; });
  session.SuggestNext(
      absl::StrCat("exchanges settle ", IdOf(response.exchange().name()), " --time 1h --reason \"agreed by both\""));
  return absl::OkStatus();
}

absl::Status SettleExchange(Session& session) {
  v1::SettleExchangeRequest request;
  if (!session.command().has("time")) {
    return absl::InvalidArgumentError("Say how much of it counts.\n  Write: --time 1h, or --time 0 to let it go");
  }
  ASSIGN_OR_RETURN(const Minutes minutes, ParseMinutes(session.flag("time")));
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("exchanges", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_minutes(minutes.count());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::SettleExchangeResponse response,
                   session.api().Call(&v1::ExchangeService::Stub::SettleExchange, request));
  session.Answer(response, [&] {
    const int64_t posted = response.exchange().minutes_posted();
    session.out() << (posted > 0 ? absl::StrCat("Settled: ", FormatMinutes(Minutes(posted)), " count.")
                                 : "Settled: nothing counts.")
                  << "\n";
  });
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> ExchangeVerbs() {
  const ArgumentSpec exchange{"exchange", "Its id."};
  return {
      {.path = "log",
       .summary = "Log time that somebody gave.",
       .example = "turnabout log --from ben --to ana --time 1h30 --for \"mowing the lawn\"",
       .flags = {{"from", "GIVER", "Who helped."},
                 {"to", "RECEIVER", "Who was helped."},
                 {"time", "TIME", "How long: 90, 1h30, 1:30 or \"1 hour 30\"."},
                 {"on", "DATE", "The day. Otherwise today."},
                 {"for", "TEXT", "What was done."},
                 {"category", "ID", "One of the scheme's categories."},
                 {"match", "ID", "The match it belongs to."},
                 AsFlag("the giver")},
       .run = LogExchange},
      {.path = "exchanges list",
       .summary = "Hours logged, and which wait to be confirmed.",
       .example = "turnabout exchanges list --filter 'state = LOGGED'",
       .flags = ListFlags("state, giver, receiver, category, match, minutes, happened_on_date"),
       .run = ListExchanges},
      {.path = "exchanges show",
       .summary = "One exchange.",
       .example = "turnabout exchanges show 01jd3v9k6t0000000000000000",
       .arguments = {exchange},
       .run = ShowExchange},
      {.path = "exchanges confirm",
       .summary = "The other side says that the hours are right.",
       .example = "turnabout exchanges confirm 01jd3v9k6t0000000000000000 --as ana",
       .arguments = {exchange},
       .flags = {AsFlag()},
       .run = ConfirmExchange},
      {.path = "exchanges dispute",
       .summary = "The other side says that they are not.",
       .example = "turnabout exchanges dispute 01jd3v9k6t0000000000000000 --as ana --reason \"it was 1 hour\"",
       .arguments = {exchange},
       .flags = {{"reason", "TEXT", "What is not right."}, AsFlag()},
       .run = DisputeExchange},
      {.path = "exchanges settle",
       .summary = "Settle disputed or overdue hours.",
       .example = "turnabout exchanges settle 01jd3v9k6t0000000000000000 --time 1h --reason \"agreed by both\"",
       .arguments = {exchange},
       .flags = {{"time", "TIME", "How much counts; 0 lets it go."},
                 {"reason", "TEXT", "Why; both can read it."},
                 AsFlag()},
       .run = SettleExchange},
  };
}

}  // namespace turnabout::cli
