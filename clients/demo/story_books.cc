#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/demo/story.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/pledge_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout::demo {
namespace {

using cli::Align;
using cli::Count;
using cli::Grouped;
using cli::Table;

constexpr absl::string_view kCoordinator = "coordinators/cara";

// "refused: There is … [REASON]", or what is said when nothing was refused.
std::string Outcome(const absl::Status& status) {
  if (status.ok()) return "was allowed";
  const cli::ErrorDetails details = cli::DetailsOf(status);
  return absl::StrCat(status.message(), " [", details.reason, "]");
}

}  // namespace

absl::StatusOr<v1::Match> Story::Propose(absl::string_view giver, absl::string_view receiver, bool write) {
  v1::ProposeMatchRequest request;
  request.set_parent(scheme_);
  request.mutable_match()->set_giver(std::string(giver));
  request.mutable_match()->set_receiver(std::string(receiver));
  request.set_actor(std::string(kCoordinator));
  request.set_validate_only(!write);
  ASSIGN_OR_RETURN(v1::ProposeMatchResponse response, api_.Call(&v1::MatchingService::Stub::ProposeMatch, request));
  return std::move(*response.mutable_match());
}

absl::Status Story::TryWithoutPledge() {
  page_.Heading("A buddy, before agreeing to be one");
  std::string shown_giver, shown_receiver;
  absl::Status shown;
  for (const std::string& member : needing_turn_) {
    v1::SuggestBuddiesRequest suggest;
    suggest.set_name(member);
    ASSIGN_OR_RETURN(const v1::SuggestBuddiesResponse suggested,
                     api_.Call(&v1::MatchingService::Stub::SuggestBuddies, suggest));
    for (const v1::Suggestion& suggestion : suggested.suggestions()) {
      const absl::Status status = Propose(suggestion.giver(), member, false).status();
      if (cli::DetailsOf(status).reason != "PLEDGE_NEEDED") continue;
      ++figures_.refused_without_pledge;
      if (shown_giver.empty() || people_.Typed(member) == "joyce") {
        shown_giver = suggestion.giver();
        shown_receiver = member;
        shown = status;
      }
      break;
    }
  }
  if (shown_giver.empty()) {
    page_.Say("Nobody without a pledge has a giver free.");
    return absl::OkStatus();
  }
  page_.Say(absl::StrCat(Called(shown_giver), " could buddy ", Called(shown_receiver),
                         ", who has not agreed yet. Refused: ", Outcome(shown)));
  if (figures_.refused_without_pledge > 1) {
    page_.Say(absl::StrCat("So were ", Count(figures_.refused_without_pledge - 1, "other try", "other tries"),
                           ", for the same reason."));
  }
  ASSIGN_OR_RETURN(const v1::Member receiver, people_.Find(scheme_, shown_receiver));
  const bool on_ward = std::any_of(receiver.journeys().begin(), receiver.journeys().end(),
                                   [](const auto& journey) { return journey.stage() == v1::Member::STAGE_CURRENT; });
  v1::MakePledgeRequest pledge;
  pledge.set_parent(scheme_);
  pledge.mutable_pledge()->set_member(shown_receiver);
  pledge.mutable_pledge()->set_deferred_until_discharge(on_ward);
  pledge.set_actor(shown_receiver);
  ASSIGN_OR_RETURN(const v1::MakePledgeResponse made, api_.Call(&v1::PledgeService::Stub::MakePledge, pledge));
  ASSIGN_OR_RETURN(const v1::Match match, Propose(shown_giver, shown_receiver, true));
  page_.Say(absl::StrCat(Called(shown_receiver), " agrees to buddy someone ",
                         on_ward ? "once home" : absl::StrCat("by ", cli::LongDate(made.pledge().deadline_date())),
                         ". Now the same match is proposed, with a score of ", match.score(), " of 1000."));
  return absl::OkStatus();
}

absl::Status Story::TryOtherRules() {
  page_.Heading("Other rules, kept at the same door");
  Table table({{"tried"}, {"answer"}});
  for (const auto& [giver, receiver] :
       {std::pair("gwyn", "vera"), {"elwyn", "mair"}, {"lowri", "mei"}, {"ben", "sahra"}}) {
    ASSIGN_OR_RETURN(const std::string from, NameOf(giver));
    ASSIGN_OR_RETURN(const std::string to, NameOf(receiver));
    const absl::Status status = Propose(from, to, false).status();
    const auto first = [this](const std::string& name) {
      return std::string(Called(name).substr(0, Called(name).find(' ')));
    };
    table.AddRow(
        {absl::StrCat(first(from), " → ", first(to)), status.ok() ? "allowed" : std::string(status.message())});
  }
  page_.Show(table);
  return absl::OkStatus();
}

absl::StatusOr<v1::Exchange> Story::Log(absl::string_view giver, absl::string_view receiver, int64_t minutes,
                                        int days_ago, absl::string_view category, absl::string_view note) {
  v1::LogExchangeRequest request;
  request.set_parent(scheme_);
  request.set_actor(std::string(giver));
  v1::Exchange& exchange = *request.mutable_exchange();
  exchange.set_giver(std::string(giver));
  exchange.set_receiver(std::string(receiver));
  exchange.set_minutes(minutes);
  exchange.set_happened_on_date(cli::IsoDate(today_ - days_ago));
  exchange.set_category(std::string(category));
  exchange.set_note(std::string(note));
  const auto match = active_.find(std::string(receiver));
  if (match != active_.end() && match->second.giver() == giver) exchange.set_match(match->second.name());
  ASSIGN_OR_RETURN(v1::LogExchangeResponse response, api_.Call(&v1::ExchangeService::Stub::LogExchange, request));
  return std::move(*response.mutable_exchange());
}

absl::StatusOr<v1::Exchange> Story::Confirm(const v1::Exchange& exchange) {
  v1::ConfirmExchangeRequest request;
  request.set_name(exchange.name());
  request.set_actor(exchange.receiver());
  ASSIGN_OR_RETURN(v1::ConfirmExchangeResponse response,
                   api_.Call(&v1::ExchangeService::Stub::ConfirmExchange, request));
  return std::move(*response.mutable_exchange());
}

absl::Status Story::GiveHours() {
  page_.Heading("Hours given, and confirmed by the other side");
  ASSIGN_OR_RETURN(const std::string ana, NameOf("ana"));
  const std::string anas_buddy = active_.count(ana) > 0 ? active_[ana].giver() : "";
  if (!anas_buddy.empty()) {
    ASSIGN_OR_RETURN(const v1::Exchange visit,
                     Log(anas_buddy, ana, 90, 2, "visiting", "Tea, and the long way round the ward"));
    ASSIGN_OR_RETURN(const v1::Exchange confirmed, Confirm(visit));
    page_.Say(absl::StrCat(Called(anas_buddy), " logged ", FormatMinutes(Minutes(visit.minutes())), " with ",
                           Called(ana), ": “", visit.note(), "”. ", Called(ana), " confirmed it, so ",
                           FormatMinutes(Minutes(confirmed.minutes_posted())), " moved."));
  }
  int others = 0;
  for (const auto& [receiver, match] : active_) {
    if (receiver == ana || others == 20) continue;
    ASSIGN_OR_RETURN(const v1::Exchange exchange,
                     Log(match.giver(), receiver, 30 + 15 * (others % 5), 1 + others % 6, "", ""));
    RETURN_IF_ERROR(Confirm(exchange).status());
    ++others;
  }
  page_.Say(absl::StrCat(others, " other pairs logged their first time together too."));
  for (const auto& [receiver, match] : active_) {
    if (receiver == ana) continue;
    ASSIGN_OR_RETURN(const v1::Exchange exchange, Log(match.giver(), receiver, 120, 1, "", "A walk and a talk"));
    v1::DisputeExchangeRequest dispute;
    dispute.set_name(exchange.name());
    dispute.set_actor(receiver);
    dispute.set_reason("A lovely walk, but 1 hour.");
    RETURN_IF_ERROR(api_.Call(&v1::ExchangeService::Stub::DisputeExchange, dispute).status());
    v1::SettleExchangeRequest settle;
    settle.set_name(exchange.name());
    settle.set_actor(std::string(kCoordinator));
    settle.set_minutes(60);
    settle.set_reason("Both looked at the bus times.");
    ASSIGN_OR_RETURN(const v1::SettleExchangeResponse settled,
                     api_.Call(&v1::ExchangeService::Stub::SettleExchange, settle));
    page_.Say(
        absl::StrCat(Called(match.giver()), " logged 2 hours; ", Called(receiver), " remembered 1. Cara settled it at ",
                     FormatMinutes(Minutes(settled.exchange().minutes_posted())), ", with a reason both can read."));
    break;
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Pledge> Story::LivePledge(const std::string& member) {
  v1::ListPledgesRequest request;
  request.set_parent(scheme_);
  request.set_filter(absl::StrCat("member = \"", member, "\""));
  ASSIGN_OR_RETURN(const v1::ListPledgesResponse response, api_.Call(&v1::PledgeService::Stub::ListPledges, request));
  if (response.pledges().empty()) return absl::NotFoundError(absl::StrCat(Called(member), " has no pledge."));
  return response.pledges(response.pledges_size() - 1);
}

absl::Status Story::ProposeApproveAccept(absl::string_view giver, absl::string_view receiver) {
  ASSIGN_OR_RETURN(const v1::Match proposed, Propose(giver, receiver, true));
  v1::ApproveMatchRequest approve;
  approve.set_name(proposed.name());
  approve.set_actor(std::string(kCoordinator));
  RETURN_IF_ERROR(api_.Call(&v1::MatchingService::Stub::ApproveMatch, approve).status());
  ++figures_.approved;
  RETURN_IF_ERROR(Accept(proposed.name(), std::string(giver)).status());
  return Accept(proposed.name(), std::string(receiver)).status();
}

absl::Status Story::GoHome() {
  page_.Heading("Going home, and giving in turn");
  ASSIGN_OR_RETURN(const std::string ana, NameOf("ana"));
  v1::DischargeMemberRequest discharge;
  discharge.set_name(ana);
  discharge.set_service("stroke-ward");
  discharge.set_actor(std::string(kCoordinator));
  RETURN_IF_ERROR(api_.Call(&v1::MemberService::Stub::DischargeMember, discharge).status());
  ASSIGN_OR_RETURN(const v1::Pledge awake, LivePledge(ana));
  page_.Say(absl::StrCat(
      Called(ana), " goes home from the stroke ward. Her pledge has waited for that; it is awake now, to be kept by ",
      cli::LongDate(awake.deadline_date()), "."));
  v1::CreateMemberRequest request;
  request.set_parent(scheme_);
  request.set_actor(std::string(kCoordinator));
  v1::Member& member = *request.mutable_member();
  member.set_reference("elsie");
  member.set_display_name("Elsie Marlow");
  member.set_place("CF14");
  member.add_languages("English");
  v1::Member::Journey& journey = *member.add_journeys();
  journey.set_service("stroke-ward");
  journey.set_stage(v1::Member::STAGE_CURRENT);
  journey.set_expected_discharge_date(cli::IsoDate(today_ + 21));
  v1::Member::Need& need = *member.add_needs();
  need.set_category("visiting");
  need.set_words("Somebody who knows what the first week is like");
  need.add_settings(v1::Member::SETTING_WARD);
  ASSIGN_OR_RETURN(const v1::CreateMemberResponse elsie, api_.Call(&v1::MemberService::Stub::CreateMember, request));
  people_.Remember(elsie.member());
  ++figures_.members;
  v1::MakePledgeRequest pledge;
  pledge.set_parent(scheme_);
  pledge.mutable_pledge()->set_member(elsie.member().name());
  pledge.mutable_pledge()->set_deferred_until_discharge(true);
  pledge.set_actor(elsie.member().name());
  RETURN_IF_ERROR(api_.Call(&v1::PledgeService::Stub::MakePledge, pledge).status());
  RETURN_IF_ERROR(ProposeApproveAccept(ana, elsie.member().name()));
  ASSIGN_OR_RETURN(const v1::Pledge kept, LivePledge(ana));
  page_.Say(absl::StrCat("A week later Elsie Marlow is in the next bed but one, and pledges too. ", Called(ana),
                         " becomes her buddy: ",
                         kept.state() == v1::Pledge::STATE_FULFILLED ? "the pledge is kept, and the chain goes on."
                                                                     : "the chain goes on."));
  return absl::OkStatus();
}

absl::Status Story::ShowStanding() {
  page_.Heading("Where do I stand?");
  std::string statement_of;
  for (const char* reference : {"ana", "ben", "aled"}) {
    v1::GetStandingRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(reference));
    ASSIGN_OR_RETURN(const v1::GetStandingResponse response, api_.Call(&v1::MemberService::Stub::GetStanding, request));
    page_.Say(absl::StrCat(Called(request.name()), ": ", response.standing().sentence()));
  }
  ASSIGN_OR_RETURN(const std::string ana, NameOf("ana"));
  for (const char* unit : {"minutes", "turns"}) {
    v1::GetStatementRequest request;
    request.set_name(absl::StrCat(scheme_, "/accounts/", cli::IdOf(ana), ".", unit));
    ASSIGN_OR_RETURN(const v1::GetStatementResponse response,
                     api_.Call(&v1::LedgerService::Stub::GetStatement, request));
    page_.Gap();
    page_.Say(absl::StrCat(Called(ana), "’s statement, in ", std::string(unit) == "turns" ? "turns" : "hours",
                           ", newest first"));
    Table table({{"date"}, {"what"}, {"change", Align::kRight}, {"balance", Align::kRight}});
    for (const v1::StatementLine& line : response.lines()) {
      if (line.change() == 0) continue;
      table.AddRow({line.entry().happened_on_date(), line.sentence(),
                    cli::AmountShort(response.account().unit(), line.change()),
                    cli::AmountShort(response.account().unit(), line.balance())});
    }
    page_.Show(table);
  }
  return absl::OkStatus();
}

absl::Status Story::ShowBooks() {
  v1::GetTrialBalanceRequest request;
  request.set_name(scheme_);
  ASSIGN_OR_RETURN(const v1::GetTrialBalanceResponse books,
                   api_.Call(&v1::LedgerService::Stub::GetTrialBalance, request));
  figures_.entries = books.entry_count();
  figures_.minutes_posted = books.minutes_posted();
  figures_.sum_minutes = books.sum_minutes();
  figures_.sum_turns = books.sum_turns();
  page_.Heading("The books");
  Table table(
      {{"accounts"}, {"unit"}, {"how many", Align::kRight}, {"in credit", Align::kRight}, {"owing", Align::kRight}});
  for (const v1::TrialBalanceLine& line : books.lines()) {
    if (line.credit() == 0 && line.debit() == 0) continue;
    table.AddRow({line.group(), line.unit() == v1::UNIT_TURNS ? "turns" : "hours", Grouped(line.account_count()),
                  cli::AmountShort(line.unit(), line.credit()), cli::AmountShort(line.unit(), line.debit())});
  }
  page_.Show(table);
  page_.Say(absl::StrCat(
      Count(books.entry_count(), "entry", "entries"), ", and ", FormatMinutes(Minutes(books.minutes_posted())),
      " of help given and confirmed. Hours add up to ", books.sum_minutes(), ", turns to ", books.sum_turns(), "."));
  const absl::StatusOr<v1::VerifyJournalResponse> verified =
      api_.Call(&v1::ServerService::Stub::VerifyJournal, v1::VerifyJournalRequest(), cli::kLongDeadline);
  if (!verified.ok()) {
    figures_.verify = std::string(verified.status().message());
    return verified.status();
  }
  figures_.verify = "ok";
  figures_.digest = verified->digest();
  page_.Say(absl::StrCat("Replayed from the first block: ", Grouped(verified->block_count()), " blocks, ",
                         Grouped(verified->record_count()), " records, and every hash, balance and sum agrees."));
  page_.Say(absl::StrCat("Digest ", verified->digest()));
  return absl::OkStatus();
}

}  // namespace turnabout::demo
