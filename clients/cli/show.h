// How the things of the API look to a person.
#ifndef TURNABOUT_CLIENTS_CLI_SHOW_H_
#define TURNABOUT_CLIENTS_CLI_SHOW_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/session.h"
#include "turnabout/v1/ledger.pb.h"
#include "turnabout/v1/match.pb.h"
#include "turnabout/v1/member.pb.h"

namespace google::protobuf {
class Timestamp;
}

namespace turnabout::cli {

// Labels and values, one a line; lines whose value is empty are left out, long values are wrapped.
void ShowFields(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& fields, int indent = 0);

// "2026-08-06", and "" for a time that is not set.
std::string DateOf(const google::protobuf::Timestamp& time);

// "STATE_ACCEPTED_BY_ONE" is "accepted by one", without the prefix that all names of the enum share.
std::string PlainState(absl::string_view name, absl::string_view prefix = "STATE_");

// "phone-calls, visiting at the ward (urgent)".
std::string OffersInWords(const v1::Member& member);
std::string NeedsInWords(const v1::Member& member);
std::string JourneysInWords(const v1::Member& member);

// An amount of a unit for a column ("1:30", "2") and for a sentence ("1 hour 30 minutes", "2 turns").
std::string AmountShort(v1::Unit unit, int64_t amount);
std::string AmountInWords(v1::Unit unit, int64_t amount);

// One match: who, where it stands, and why, sentence by sentence.
void ShowMatch(Session& session, const v1::Match& match);

// One match in a sentence: "Rhys could buddy Ana, with a score of 812 of 1000."
std::string MatchSentence(Session& session, const v1::Match& match);

// The flags --limit and --filter of every list, and the limit that was typed: 100 when none was, 0 for all.
std::vector<FlagSpec> ListFlags(absl::string_view fields);
absl::StatusOr<int64_t> LimitOf(const Session& session);

// Says on the side that a list goes on, when it does.
void NoteMore(Session& session, absl::string_view next_page_token);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_SHOW_H_
