#include "server/records/match_state.h"

namespace turnabout {

using v1::Match;

bool IsPending(Match::State state) {
  return state == Match::STATE_PROPOSED || state == Match::STATE_APPROVED || state == Match::STATE_ACCEPTED_BY_ONE ||
         state == Match::STATE_ACCEPTED;
}

bool IsTaken(Match::State state) {
  return state != Match::STATE_PROPOSED && (IsPending(state) || state == Match::STATE_ACTIVE);
}

std::optional<Match::State> NextState(Match::State state, MatchVerb verb) {
  const auto from = [&](Match::State only, Match::State to) {
    return state == only ? std::make_optional(to) : std::nullopt;
  };
  const auto from_pending = [&](Match::State to) { return IsPending(state) ? std::make_optional(to) : std::nullopt; };
  switch (verb) {
    case MatchVerb::kApprove:
      return from(Match::STATE_PROPOSED, Match::STATE_APPROVED);
    case MatchVerb::kAcceptFirst:
      return from(Match::STATE_APPROVED, Match::STATE_ACCEPTED_BY_ONE);
    case MatchVerb::kAcceptSecond:
      return from(Match::STATE_ACCEPTED_BY_ONE, Match::STATE_ACCEPTED);
    case MatchVerb::kStart:
      return from(Match::STATE_ACCEPTED, Match::STATE_ACTIVE);
    case MatchVerb::kEnd:
      return from(Match::STATE_ACTIVE, Match::STATE_ENDED);
    case MatchVerb::kDecline:
      return from_pending(Match::STATE_DECLINED);
    case MatchVerb::kExpire:
      return from_pending(Match::STATE_EXPIRED);
    case MatchVerb::kWithdraw:
      return from_pending(Match::STATE_WITHDRAWN);
  }
  return std::nullopt;
}

std::string AllowedVerbs(Match::State state) {
  switch (state) {
    case Match::STATE_PROPOSED:
      return "approve, decline";
    case Match::STATE_APPROVED:
    case Match::STATE_ACCEPTED_BY_ONE:
      return "accept, decline";
    case Match::STATE_ACCEPTED:
      return "decline";
    case Match::STATE_ACTIVE:
      return "end";
    default:
      return "nothing";
  }
}

}  // namespace turnabout
