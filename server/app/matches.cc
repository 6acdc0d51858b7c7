#include "server/app/matches.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/listing.h"
#include "server/app/masks.h"
#include "server/app/match_writer.h"
#include "server/app/member_filter.h"
#include "server/app/target.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

constexpr absl::string_view kFilterFields[] = {"state", "giver", "receiver", "round", "score"};

absl::StatusOr<rows::MatchRow> FindForUpdate(const SchemeView& scheme, const MatchId& id, absl::string_view etag,
                                             Txn& txn) {
  ASSIGN_OR_RETURN(rows::MatchRow row, FindRow<rows::MatchRow>(txn, scheme, id));
  RETURN_IF_ERROR(CheckEtag(etag, row.version(), NameOf(scheme.slug(), kMatches, id)));
  return row;
}

// How long a coordinator who says no waits to be told whom the best set has for the two.
constexpr absl::Duration kPatience = absl::Seconds(1);

void AddBestMatches(const LiveScheme& live, const std::string& slug, v1::DeclineMatchResponse& response) {
  const auto id_of = [](const std::string& name) { return MemberId::Parse(ParseChildName(name, kMembers)->id); };
  const auto giver = id_of(response.match().giver());
  const auto receiver = id_of(response.match().receiver());
  const auto add = [&](const MemberId& from, const MemberId& to) {
    *response.add_would_propose() = ToApi(slug, from, to, live.pool.ScoreOfPair({from, to}));
  };
  for (const MemberId& other : live.pool.GiversOf(*receiver)) add(other, *receiver);
  for (const MemberId& other : live.pool.ReceiversOf(*giver)) add(*giver, other);
  response.set_best_set_known(true);
}

absl::Status CheckParty(const Actor& actor, const rows::MatchRow& row) {
  const bool party = actor.member.view() == row.giver() || actor.member.view() == row.receiver();
  if (actor.is_coordinator() || party) return absl::OkStatus();
  return Refuse(Reason::kNotAParty, {{"actor", actor.text}});
}

}  // namespace

void Matches::ProposeMatch(const Call& call, const v1::ProposeMatchRequest& request,
                           Reply<v1::ProposeMatchResponse> reply) {
  Problems problems;
  std::string slug = problems.CheckScheme("parent", request.parent());
  const auto giver = problems.CheckName<MemberId>("match.giver", request.match().giver(), kMembers, slug);
  const auto receiver = problems.CheckName<MemberId>("match.receiver", request.match().receiver(), kMembers, slug);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::ProposeMatchResponse>(
      context_, call, slug, request, std::move(reply),
      [this, giver, receiver](const SchemeView& scheme, Txn& txn, v1::ProposeMatchResponse& response) -> absl::Status {
        const NewMatch match{.giver = giver, .receiver = receiver, .score = 0, .findings = {}, .round = {}};
        ASSIGN_OR_RETURN(const std::vector<MatchId> ids, ProposeMatches(context_, scheme, {match}, txn));
        ASSIGN_OR_RETURN(const rows::MatchRow row, FindRow<rows::MatchRow>(txn, scheme, ids.front()));
        *response.mutable_match() = ToApi(txn, scheme, ids.front(), row);
        return absl::OkStatus();
      });
}

void Matches::ApproveMatch(const Call& call, const v1::ApproveMatchRequest& request,
                           Reply<v1::ApproveMatchResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MatchId>(request, kMatches, ActorIs::kOptional, problems);
  if (!target.actor.member.empty()) problems.Add("actor", "Enter coordinators/ and a name: a coordinator approves");
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::ApproveMatchResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn, v1::ApproveMatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::MatchRow row, FindForUpdate(scheme, target.id, request.etag(), txn));
        RETURN_IF_ERROR(turnabout::ApproveMatch(context_, scheme, target.id, row, txn));
        *response.mutable_match() = ToApi(txn, scheme, target.id, row);
        return absl::OkStatus();
      });
}

void Matches::AcceptMatch(const Call& call, const v1::AcceptMatchRequest& request,
                          Reply<v1::AcceptMatchResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MatchId>(request, kMatches, ActorIs::kRequired, problems);
  if (target.actor.is_coordinator()) {
    problems.Add("actor", "Enter the giver's or the receiver's name: they accept themselves");
  }
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::AcceptMatchResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn, v1::AcceptMatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::MatchRow row, FindForUpdate(scheme, target.id, request.etag(), txn));
        RETURN_IF_ERROR(CheckParty(target.actor, row));
        const bool giver = target.actor.member.view() == row.giver();
        RETURN_IF_ERROR(turnabout::AcceptMatch(context_, scheme, target.id, giver, row, txn));
        *response.mutable_match() = ToApi(txn, scheme, target.id, row);
        return absl::OkStatus();
      });
}

void Matches::DeclineMatch(const Call& call, const v1::DeclineMatchRequest& request,
                           Reply<v1::DeclineMatchResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MatchId>(request, kMatches, ActorIs::kRequired, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  if (target.actor.is_coordinator() && request.reason().empty()) {
    return reply(Refuse(Reason::kReasonRequired, {{"what", "A coordinator's no"}}));
  }
  if (target.actor.is_coordinator() && !request.validate_only()) {
    // A member is told of nobody else.
    reply = [this, slug = target.slug, deadline = call.deadline,
             reply = std::move(reply)](absl::StatusOr<v1::DeclineMatchResponse> response) mutable {
      if (!response.ok()) return reply(std::move(response));
      live_.Ask(slug, std::min(kPatience, (deadline - context_.clock.Now()) / 2),
                [slug, response = *std::move(response), reply = std::move(reply)](LiveScheme* live) mutable {
                  if (live != nullptr) AddBestMatches(*live, slug, response);
                  reply(std::move(response));
                });
    };
  }
  RunSchemeWrite<v1::DeclineMatchResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn, v1::DeclineMatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::MatchRow row, FindForUpdate(scheme, target.id, request.etag(), txn));
        RETURN_IF_ERROR(CheckParty(target.actor, row));
        RETURN_IF_ERROR(FallMatch(context_, scheme, target.id, MatchVerb::kDecline, request.reason(), row, txn));
        *response.mutable_match() = ToApi(txn, scheme, target.id, row);
        return absl::OkStatus();
      });
}

void Matches::EndMatch(const Call& call, const v1::EndMatchRequest& request, Reply<v1::EndMatchResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<MatchId>(request, kMatches, ActorIs::kRequired, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::EndMatchResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn, v1::EndMatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::MatchRow row, FindForUpdate(scheme, target.id, request.etag(), txn));
        RETURN_IF_ERROR(CheckParty(target.actor, row));
        RETURN_IF_ERROR(
            turnabout::EndMatch(context_, scheme, target.id, target.actor.text, request.reason(), row, txn));
        *response.mutable_match() = ToApi(txn, scheme, target.id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetMatchResponse> Matches::GetMatch(const v1::GetMatchRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<MatchId>("name", request.name(), kMatches, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetMatchResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetMatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::MatchRow row, FindRow<rows::MatchRow>(snapshot, *scheme, id));
        *response.mutable_match() = ToApi(snapshot, *scheme, id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListMatchesResponse> Matches::ListMatches(const v1::ListMatchesRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListMatchesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListMatchesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const auto add = [&](absl::string_view key, absl::string_view value, const Filter& filter) {
          const v1::Match match = ToApi(snapshot, *scheme, MatchId(IdAtEnd(key)), ParseRow<rows::MatchRow>(value));
          const auto values = [&](absl::string_view field) -> std::vector<std::string> {
            if (field == "state") return {ShortEnumName(v1::Match::State_Name(match.state()), "STATE_")};
            if (field == "giver") return {match.giver()};
            if (field == "receiver") return {match.receiver()};
            if (field == "round") return {match.round()};
            return {absl::StrCat(match.score())};
          };
          if (!filter.Matches(values)) return false;
          *response.add_matches() = match;
          return true;
        };
        ASSIGN_OR_RETURN(
            *response.mutable_next_page_token(),
            ReadList(snapshot, SchemeRange(Table::kMatch, scheme->number()), QueryOf(request), kFilterFields, add));
        return absl::OkStatus();
      });
}

}  // namespace turnabout
