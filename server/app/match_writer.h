// Matches as they are written: proposed, taken, started, fallen, ended. Everything here runs inside a Txn, and either
// writes all of what it says or refuses and writes nothing.
#ifndef TURNABOUT_SERVER_APP_MATCH_WRITER_H_
#define TURNABOUT_SERVER_APP_MATCH_WRITER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "matcher/matcher.h"
#include "server/app/request.h"
#include "server/records/match_state.h"
#include "server/records/rows.h"

namespace turnabout {

// A match that somebody or a round would like to propose.
struct NewMatch {
  MemberId giver;
  MemberId receiver;
  int32_t score = 0;
  std::vector<Finding> findings;
  RoundId round;  // empty when a coordinator proposes it
};

// Proposes matches that stand or fall together: checks both people of each as they are now, holds the turns, writes the
// rows. Refuses with MEMBER_NOT_FOUND, MEMBER_LEFT, every hard criterion, ALREADY_PAIRED, PAIR_RESTING, CAPACITY_FULL,
// NEED_MET, PLEDGE_NEEDED or TURN_NEEDED. Findings are filled in for a match that has none.
absl::StatusOr<std::vector<MatchId>> ProposeMatches(const Context& context, const SchemeView& scheme,
                                                    absl::Span<const NewMatch> linked, Txn& txn);

// Checks a proposed match against both people as they are now, and takes their places. `row` is changed and saved.
absl::Status ApproveMatch(const Context& context, const SchemeView& scheme, const MatchId& id, rows::MatchRow& row,
                          Txn& txn);

// Notes that one of the two accepts; starts the match, and those linked with it, when nobody is left to ask.
absl::Status AcceptMatch(const Context& context, const SchemeView& scheme, const MatchId& id, bool giver,
                         rows::MatchRow& row, Txn& txn);

// Ends a pending match by `verb` (decline, expire or withdraw); those linked with it are withdrawn. A declined pair
// rests.
absl::Status FallMatch(const Context& context, const SchemeView& scheme, const MatchId& id, MatchVerb verb,
                       absl::string_view reason, rows::MatchRow& row, Txn& txn);

// Ends an active match. Before the rule set's minimum the turn is reversed.
absl::Status EndMatch(const Context& context, const SchemeView& scheme, const MatchId& id, absl::string_view actor,
                      absl::string_view reason, rows::MatchRow& row, Txn& txn);

// FORBIDDEN_MOVE, naming what may be done instead.
absl::Status ForbiddenMove(const SchemeView& scheme, const MatchId& id, v1::Match::State state);

// While a match of a pair is open, its pair rests until this day.
inline constexpr int32_t kWhilePaired = 2'000'000'000;

// A match as the matcher proposes it, of which nothing is written.
v1::Match ToApi(absl::string_view slug, const MemberId& giver, const MemberId& receiver, const Proposal& proposal);

v1::Match ToApi(const Snapshot& snapshot, const SchemeView& scheme, const MatchId& id, const rows::MatchRow& row);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MATCH_WRITER_H_
