// Which verb leads from which state of a match to which: total, and the only place that knows.
#ifndef TURNABOUT_SERVER_RECORDS_MATCH_STATE_H_
#define TURNABOUT_SERVER_RECORDS_MATCH_STATE_H_

#include <optional>
#include <string>

#include "turnabout/v1/match.pb.h"

namespace turnabout {

enum class MatchVerb { kApprove, kAcceptFirst, kAcceptSecond, kStart, kEnd, kDecline, kExpire, kWithdraw };

// The state that `verb` leads to; nothing when it is not allowed there.
std::optional<v1::Match::State> NextState(v1::Match::State state, MatchVerb verb);

// The verbs that people may use in `state`, in words: "approve, decline".
std::string AllowedVerbs(v1::Match::State state);

// Waits for somebody: proposed, approved, or accepted without having started. Holds a turn.
bool IsPending(v1::Match::State state);

// Counts against the giver's capacity and the receiver's need as taken, not only as proposed.
bool IsTaken(v1::Match::State state);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_MATCH_STATE_H_
