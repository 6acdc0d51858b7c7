#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/matching_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

void ShowGroups(Session& session, const v1::Round& round) {
  if (round.group_shares().empty()) return;
  session.out() << "\n";
  Table table({{"group"},
               {"members", Align::kRight},
               {"population", Align::kRight},
               {"waiting", Align::kRight},
               {"given a buddy", Align::kRight},
               {"floor", Align::kRight}});
  for (const v1::Round::GroupShare& share : round.group_shares()) {
    const auto shown = [&](int64_t count) { return share.suppressed() ? "-" : Grouped(count); };
    table.AddRow({share.display_name(), shown(share.member_count()),
                  share.population_count() == 0 ? "" : Grouped(share.population_count()), shown(share.waiting_count()),
                  shown(share.served_count()), share.floor_per_mille() == 0 ? "" : shown(share.floor_count())});
  }
  table.Print(session.out());
  for (const v1::Round::GroupShare& share : round.group_shares()) {
    session.out() << "  - " << Printable(share.sentence()) << "\n";
  }
  if (!round.floors_sentence().empty()) session.out() << round.floors_sentence() << "\n";
}

// REQUIRES: people are loaded where there are many.
void ShowChoices(Session& session, const v1::Round& round) {
  if (round.choices().empty()) return;
  session.out() << "\n" << round.choices_sentence() << "\n";
  for (const v1::PairChoice& choice : round.choices()) {
    session.out() << "  - " << (choice.kind() == v1::PairChoice::KIND_PIN ? "pinned: " : "forbidden: ")
                  << Printable(session.people().Called(choice.giver())) << " giving to "
                  << Printable(session.people().Called(choice.receiver())) << "."
                  << (choice.sentence().empty() ? "" : " ") << choice.sentence() << "\n";
  }
}

void ShowRecruitments(Session& session, const v1::Round& round) {
  if (!round.recruitments().empty()) session.out() << "\n";
  for (const v1::Recruitment& each : round.recruitments()) session.out() << Printable(each.sentence()) << "\n";
}

// Adds the pairs of --pin or --forbid to a request.
absl::Status AddChoices(Session& session, absl::string_view flag, v1::PairChoice::Kind kind,
                        v1::RunRoundRequest& request) {
  for (absl::string_view pair : absl::StrSplit(session.flag(flag), ',', absl::SkipWhitespace())) {
    const std::vector<std::string> two = absl::StrSplit(pair, ':');
    if (two.size() != 2) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag, " takes pairs, the giver first.\n  Write: --", flag, " ben:ana,cai:dee"));
    }
    v1::PairChoice& choice = *request.add_choices();
    choice.set_kind(kind);
    ASSIGN_OR_RETURN(*choice.mutable_giver(), session.Member(two[0]));
    ASSIGN_OR_RETURN(*choice.mutable_receiver(), session.Member(two[1]));
  }
  return absl::OkStatus();
}

void ShowRound(Session& session, const v1::Round& round) {
  const int64_t served = round.value().served_count();
  const int64_t greedy = round.greedy_value().served_count();
  std::string gain = "the same as taking the best pair again and again";
  if (served > greedy)
    gain = absl::StrCat(Count(served - greedy, "more person", "more people"),
                        " than taking the best pair again and again");
  ShowFields(session.out(),
             {{"round", IdOf(round.name())},
              {"state", PlainState(v1::Round::State_Name(round.state()))},
              {"members", Grouped(round.member_count())},
              {"would like a buddy", Grouped(round.waiting_count())},
              {"pairs that could work", Grouped(round.eligible_pair_count())},
              {"proposals", Grouped(round.proposal_count())},
              {"people given a buddy", absl::StrCat(Grouped(served), ", ", gain)},
              {"of those, urgent", Grouped(round.value().urgent_served_count())},
              {"without one", Grouped(round.left_out_count())},
              {"proven the best", round.verified() ? "yes, by the independent check" : "not checked"},
              {"seed", absl::StrCat(round.seed())}},
             2);
  ShowGroups(session, round);
  ShowChoices(session, round);
  ShowRecruitments(session, round);
}

absl::Status RunRound(Session& session) {
  v1::RunRoundRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  uint64_t seed = 0;
  if (session.command().has("seed")) {
    if (!absl::SimpleAtoi(session.flag("seed"), &seed)) {
      return absl::InvalidArgumentError("--seed takes a whole number.\n  Write: --seed 42");
    }
    request.set_seed(seed);
  }
  RETURN_IF_ERROR(AddChoices(session, "pin", v1::PairChoice::KIND_PIN, request));
  RETURN_IF_ERROR(AddChoices(session, "forbid", v1::PairChoice::KIND_FORBID, request));
  const bool dry = session.command().has("dry-run");
  request.set_validate_only(dry);
  ASSIGN_OR_RETURN(const v1::RunRoundResponse response,
                   session.api().Call(&v1::MatchingService::Stub::RunRound, request, kLongDeadline));
  if (response.proposals_size() > 50 && !session.json()) RETURN_IF_ERROR(session.people().LoadAll(request.parent()));
  session.Answer(response, [&] {
    session.out() << (dry ? "A dry run: nothing was written.\n" : "The round is done.\n");
    ShowRound(session, response.round());
    if (response.proposals().empty()) return;
    session.out() << "\n";
    Table table({{"giver"}, {"receiver"}, {"score", Align::kRight}, {"why"}});
    for (const v1::Match& match : response.proposals()) {
      table.AddRow({session.people().Called(match.giver()), session.people().Called(match.receiver()),
                    absl::StrCat(match.score()), match.findings().empty() ? "" : match.findings(0).sentence()});
    }
    table.Print(session.out());
  });
  if (!dry) session.SuggestNext("matches list --filter 'state = PROPOSED'");
  return absl::OkStatus();
}

absl::Status ShowOneRound(Session& session) {
  v1::GetRoundRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("rounds", session.command().argument()));
  ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                   session.api().Call(&v1::MatchingService::Stub::GetRound, request));
  session.Answer(response, [&] { ShowRound(session, response.round()); });
  return absl::OkStatus();
}

absl::Status ListRounds(Session& session) {
  v1::ListRoundsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  ASSIGN_OR_RETURN(const v1::ListRoundsResponse response,
                   ListUpTo(session.api(), &v1::MatchingService::Stub::ListRounds, request, limit));
  session.Answer(response, [&] {
    Table table({{"round", Align::kLeft, true},
                 {"date"},
                 {"state"},
                 {"waiting", Align::kRight},
                 {"served", Align::kRight},
                 {"greedy", Align::kRight},
                 {"without", Align::kRight}});
    for (const v1::Round& round : response.rounds()) {
      table.AddRow({IdOf(round.name()), DateOf(round.create_time()), PlainState(v1::Round::State_Name(round.state())),
                    Grouped(round.waiting_count()), Grouped(round.value().served_count()),
                    Grouped(round.greedy_value().served_count()), Grouped(round.left_out_count())});
    }
    if (table.empty()) {
      session.out() << "No round yet.\n";
    } else {
      table.Print(session.out());
    }
  });
  if (response.rounds().empty()) session.SuggestNext("round run --dry-run");
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// The round that was named, or the latest.
absl::StatusOr<std::string> RoundNamed(Session& session) {
  if (!session.command().argument().empty()) return session.Named("rounds", session.command().argument());
  v1::ListRoundsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const v1::ListRoundsResponse response,
                   ListUpTo(session.api(), &v1::MatchingService::Stub::ListRounds, request, 0));
  if (response.rounds().empty()) return absl::NotFoundError("There is no round yet.\n  Next: turnabout round run");
  return response.rounds(response.rounds_size() - 1).name();
}

absl::Status ListLeftOut(Session& session) {
  v1::ListLeftOutRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), RoundNamed(session));
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  ASSIGN_OR_RETURN(const v1::ListLeftOutResponse response,
                   ListUpTo(session.api(), &v1::MatchingService::Stub::ListLeftOut, request, limit));
  session.Answer(response, [&] {
    if (response.left_out().empty()) session.out() << "Nobody is left without a buddy.\n";
    for (const v1::LeftOut& left : response.left_out()) {
      session.out() << Printable(session.people().Called(left.member())) << " ("
                    << session.people().Typed(left.member()) << ")\n";
      ShowFields(session.out(), {{"", left.coordinator_sentence()}, {"to them:", left.sentence()}});
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

absl::Status SuggestBuddies(Session& session) {
  v1::SuggestBuddiesRequest request;
  const std::string& who = session.command().argument();
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Member(who));
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  request.set_page_size(session.flag("limit").empty() ? 10 : static_cast<int32_t>(limit));
  ASSIGN_OR_RETURN(const v1::SuggestBuddiesResponse response,
                   session.api().Call(&v1::MatchingService::Stub::SuggestBuddies, request));
  session.Answer(response, [&] {
    const std::string name = Printable(session.people().Called(request.name()));
    if (response.suggestions().empty()) session.out() << "Nobody suits " << name << " just now.\n";
    for (const v1::Suggestion& suggestion : response.suggestions()) {
      session.out() << Printable(session.people().Called(suggestion.giver())) << " ("
                    << session.people().Typed(suggestion.giver()) << "), " << suggestion.score() << " of 1000"
                    << (suggestion.in_best_set() ? ", best for everyone as things are" : "") << "\n";
      for (const v1::Match::Finding& finding : suggestion.findings()) {
        session.out() << "  - " << Printable(finding.sentence()) << "\n";
      }
    }
    if (!response.best_set_known() && !response.suggestions().empty()) {
      session.out() << "What is best for everyone is still being worked out: these are by score alone.\n";
    }
  });
  if (response.suggestions().empty()) {
    session.SuggestNext("round left-out");
  } else {
    session.SuggestNext(absl::StrCat("matches propose --from ", session.people().Typed(response.suggestions(0).giver()),
                                     " --to ", who));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> RoundVerbs() {
  const std::vector<FlagSpec> limit = {{"limit", "N", "At most this many; 0 for all. Otherwise 100."}};
  return {
      {.path = "round run",
       .summary = "Propose the best set of buddies for everyone waiting.",
       .example = "turnabout round run --dry-run",
       .flags = {{"dry-run", "", "Say what it would propose, and write nothing."},
                 {"pin", "PAIRS",
                  "Pairs to propose whatever else, like ben:ana,cai:dee. A dry run says what each costs."},
                 {"forbid", "PAIRS", "Pairs not to propose, likewise."},
                 {"seed", "N", "What decides between equally good answers. Otherwise the server draws one."},
                 AsFlag()},
       .run = RunRound},
      {.path = "round show",
       .summary = "What one round reached.",
       .example = "turnabout round show 01jd3v9k6t0000000000000000",
       .arguments = {{"round", "Its id."}},
       .run = ShowOneRound},
      {.path = "round list",
       .summary = "The rounds so far.",
       .example = "turnabout round list",
       .flags = limit,
       .run = ListRounds},
      {.path = "round left-out",
       .summary = "Who has no buddy after a round, and why.",
       .example = "turnabout round left-out",
       .arguments = {{"round", "Its id; the latest when not given.", Takes::kOptional}},
       .flags = limit,
       .run = ListLeftOut},
      {.path = "suggest",
       .summary = "Who could buddy one person.",
       .example = "turnabout suggest ana",
       .arguments = {{"member", "A reference or an id."}},
       .flags = {{"limit", "N", "At most this many, up to 100. Otherwise 10."}},
       .run = SuggestBuddies},
  };
}

}  // namespace turnabout::cli
