#include <google/protobuf/timestamp.pb.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/approve.h"
#include "clients/cli/dates.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/matching_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

absl::Status ListMatches(Session& session) {
  v1::ListMatchesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  request.set_filter(session.flag("filter"));
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse response,
                   ListUpTo(session.api(), &v1::MatchingService::Stub::ListMatches, request, limit));
  if (response.matches_size() > 200 && !session.json()) RETURN_IF_ERROR(session.people().LoadAll(request.parent()));
  bool proposed = false;
  for (const v1::Match& match : response.matches()) proposed |= match.state() == v1::Match::STATE_PROPOSED;
  session.Answer(response, [&] {
    Table table({{"match", Align::kLeft, true},
                 {"giver"},
                 {"receiver"},
                 {"state"},
                 {"score", Align::kRight},
                 {"linked", Align::kRight},
                 {"answer by"},
                 {"active since"}});
    for (const v1::Match& match : response.matches()) {
      table.AddRow({IdOf(match.name()), session.people().Called(match.giver()),
                    session.people().Called(match.receiver()), PlainState(v1::Match::State_Name(match.state())),
                    absl::StrCat(match.score()),
                    match.linked_matches().empty() ? "" : absl::StrCat(match.linked_matches_size()),
                    match.answer_by_date(), DateOf(match.start_time())});
    }
    if (table.empty()) {
      session.out() << "No matches.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  if (proposed) session.SuggestNext("matches approve --all-proposed");
  return absl::OkStatus();
}

absl::Status ShowOneMatch(Session& session) {
  v1::GetMatchRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("matches", session.command().argument()));
  ASSIGN_OR_RETURN(const v1::GetMatchResponse response,
                   session.api().Call(&v1::MatchingService::Stub::GetMatch, request));
  session.Answer(response, [&] { ShowMatch(session, response.match()); });
  return absl::OkStatus();
}

absl::Status ProposeMatch(Session& session) {
  v1::ProposeMatchRequest request;
  v1::Match& match = *request.mutable_match();
  for (const char* flag : {"from", "to"}) {
    if (session.command().has(flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag, " is needed.\n  Write: turnabout matches propose --from GIVER --to RECEIVER"));
  }
  session.Mention("giver", session.flag("from"));
  session.Mention("receiver", session.flag("to"));
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*match.mutable_giver(), session.Member(session.flag("from")));
  ASSIGN_OR_RETURN(*match.mutable_receiver(), session.Member(session.flag("to")));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  session.Mention("giver_name", match.giver());
  session.Mention("receiver_name", match.receiver());
  request.set_validate_only(session.command().has("dry-run"));
  ASSIGN_OR_RETURN(const v1::ProposeMatchResponse response,
                   session.api().Call(&v1::MatchingService::Stub::ProposeMatch, request));
  session.Answer(response, [&] {
    session.out() << Printable(MatchSentence(session, response.match())) << "\n";
    for (const v1::Match::Finding& finding : response.match().findings()) {
      session.out() << "  - " << Printable(finding.sentence()) << "\n";
    }
  });
  if (!request.validate_only()) session.SuggestNext(absl::StrCat("matches approve ", IdOf(response.match().name())));
  return absl::OkStatus();
}

absl::Status ApproveMatches(Session& session) {
  ASSIGN_OR_RETURN(const std::string actor, session.Actor());
  std::vector<std::string> names;
  if (session.command().has("all-proposed")) {
    ASSIGN_OR_RETURN(const std::string scheme, session.Scheme());
    ASSIGN_OR_RETURN(names, ProposedMatches(session.api(), scheme));
  }
  for (const std::string& text : session.command().arguments()) {
    ASSIGN_OR_RETURN(names.emplace_back(), session.Named("matches", text));
  }
  if (names.empty() && !session.command().has("all-proposed")) {
    return absl::InvalidArgumentError(
        "Say which matches.\n  Write: turnabout matches approve MATCH … or --all-proposed");
  }
  int64_t approved = 0;
  std::map<std::string, int64_t> refused;
  absl::Status first;
  v1::ListMatchesResponse answers;
  absl::Time told = session.Now();
  ApproveMany(
      session.api(), names, actor, session.flag("request-id"),
      [&](size_t i, absl::StatusOr<v1::ApproveMatchResponse> response) {
        if (response.ok()) {
          ++approved;
          *answers.add_matches() = std::move(*response->mutable_match());
        } else {
          if (first.ok()) first = response.status();
          ++refused[response.status().message().empty() ? "refused" : std::string(response.status().message())];
        }
        if (!session.console().err_is_terminal || session.Now() - told < absl::Seconds(2)) return;
        told = session.Now();
        session.Note(absl::StrCat("  ", Grouped(static_cast<int64_t>(i) + 1), " of ", Grouped(names.size()), " …"));
      });
  session.Answer(answers, [&] {
    session.out() << Count(approved, "match", "matches") << " approved. Both people are asked now.\n";
    for (const auto& [sentence, count] : refused)
      session.out() << Count(count, "match", "matches") << " refused: " << sentence << "\n";
  });
  if (approved == 1) session.SuggestNext(absl::StrCat("matches accept ", IdOf(answers.matches(0).name()), " --as WHO"));
  return first;
}

absl::Status AcceptMatch(Session& session) {
  if (!session.command().has("as")) {
    return absl::InvalidArgumentError("Say who accepts.\n  Write: turnabout matches accept MATCH --as MEMBER");
  }
  v1::AcceptMatchRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("matches", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  ASSIGN_OR_RETURN(const v1::AcceptMatchResponse response,
                   session.api().Call(&v1::MatchingService::Stub::AcceptMatch, request));
  const v1::Match& match = response.match();
  const std::string other = match.giver_accepted() ? match.receiver() : match.giver();
  session.Answer(response, [&] {
    const std::string who = Printable(session.people().Called(request.actor()));
    session.out() << who << " said yes. ";
    if (match.state() == v1::Match::STATE_ACTIVE) {
      session.out() << Printable(session.people().Called(match.giver())) << " and "
                    << Printable(session.people().Called(match.receiver())) << " are buddies now.\n";
    } else if (match.state() == v1::Match::STATE_ACCEPTED) {
      session.out() << "Both agree; it starts together with "
                    << Count(match.linked_matches_size(), "other match", "other matches") << ".\n";
    } else {
      session.out() << Printable(session.people().Called(other)) << " is asked next"
                    << (match.answer_by_date().empty() ? ""
                                                       : absl::StrCat(", until ", LongDate(match.answer_by_date())))
                    << ".\n";
    }
  });
  if (match.state() == v1::Match::STATE_ACCEPTED_BY_ONE) {
    session.SuggestNext(absl::StrCat("matches accept ", IdOf(match.name()), " --as ", session.people().Typed(other)));
  } else if (match.state() == v1::Match::STATE_ACTIVE) {
    session.SuggestNext(absl::StrCat("log --from ", session.people().Typed(match.giver()), " --to ",
                                     session.people().Typed(match.receiver()), " --time 1h30"));
  }
  return absl::OkStatus();
}

// What the best set of matches has for somebody now that a match of theirs was declined.
void ShowWouldPropose(Session& session, const v1::DeclineMatchResponse& response, const std::string& member) {
  bool any = false;
  for (const v1::Match& match : response.would_propose()) {
    if (match.giver() != member && match.receiver() != member) continue;
    any = true;
    session.out() << "Best for everyone now: " << Printable(session.people().Called(match.giver())) << " for "
                  << Printable(session.people().Called(match.receiver())) << ", " << match.score() << " of 1000.\n";
  }
  if (any) return;
  session.out() << "Best for everyone now: nobody for " << Printable(session.people().Called(member)) << ".\n";
}

absl::Status DeclineMatch(Session& session) {
  v1::DeclineMatchRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("matches", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::DeclineMatchResponse response,
                   session.api().Call(&v1::MatchingService::Stub::DeclineMatch, request));
  session.Answer(response, [&] {
    session.out() << "Declined. " << Printable(session.people().Called(response.match().giver())) << " and "
                  << Printable(session.people().Called(response.match().receiver()))
                  << " are not proposed to each other again for a while.\n";
    if (!response.best_set_known()) return;
    ShowWouldPropose(session, response, response.match().receiver());
    ShowWouldPropose(session, response, response.match().giver());
  });
  session.SuggestNext(absl::StrCat("suggest ", session.people().Typed(response.match().receiver())));
  return absl::OkStatus();
}

absl::Status EndMatch(Session& session) {
  v1::EndMatchRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("matches", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  ASSIGN_OR_RETURN(const v1::EndMatchResponse response,
                   session.api().Call(&v1::MatchingService::Stub::EndMatch, request));
  session.Answer(response, [&] {
    session.out() << Printable(session.people().Called(response.match().giver())) << " and "
                  << Printable(session.people().Called(response.match().receiver())) << " are no longer buddies.\n";
  });
  session.SuggestNext(absl::StrCat("standing ", session.people().Typed(response.match().receiver())));
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> MatchVerbs() {
  const ArgumentSpec match{"match", "Its id."};
  const FlagSpec reason{"reason", "TEXT", "Why. The other person does not see it."};
  return {
      {.path = "matches list",
       .summary = "Who is proposed for whom, and who are buddies.",
       .example = "turnabout matches list --filter 'state = PROPOSED AND score > 500'",
       .flags = ListFlags("state, giver, receiver, round, score"),
       .run = ListMatches},
      {.path = "matches show",
       .summary = "One match, and why it was proposed.",
       .example = "turnabout matches show 01jd3v9k6t0000000000000000",
       .arguments = {match},
       .run = ShowOneMatch},
      {.path = "matches propose",
       .summary = "Propose one match by hand.",
       .example = "turnabout matches propose --from ben --to ana",
       .flags = {{"from", "GIVER", "Who would give."},
                 {"to", "RECEIVER", "Who would receive."},
                 {"dry-run", "", "Say whether it could be, and write nothing."},
                 AsFlag()},
       .run = ProposeMatch},
      {.path = "matches approve",
       .summary = "Say yes as coordinator: both people are asked.",
       .example = "turnabout matches approve --all-proposed",
       .arguments = {{"match", "One or more ids.", Takes::kMany}},
       .flags = {{"all-proposed", "", "Every match that waits for a coordinator."}, AsFlag()},
       .run = ApproveMatches},
      {.path = "matches accept",
       .summary = "One of the two says yes.",
       .example = "turnabout matches accept 01jd3v9k6t0000000000000000 --as ben",
       .arguments = {match},
       .flags = {AsFlag("nobody: it must be said")},
       .run = AcceptMatch},
      {.path = "matches decline",
       .summary = "Somebody says no.",
       .example = "turnabout matches decline 01jd3v9k6t0000000000000000 --reason \"they know each other\"",
       .arguments = {match},
       .flags = {reason, AsFlag()},
       .run = DeclineMatch},
      {.path = "matches end",
       .summary = "Two people stop being buddies.",
       .example = "turnabout matches end 01jd3v9k6t0000000000000000 --reason \"moved away\"",
       .arguments = {match},
       .flags = {reason, AsFlag()},
       .run = EndMatch},
  };
}

}  // namespace turnabout::cli
