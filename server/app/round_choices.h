// Pairs that coordinators decide on before a round: read, checked as if they were proposed by hand, and what they cost.
#ifndef TURNABOUT_SERVER_APP_ROUND_CHOICES_H_
#define TURNABOUT_SERVER_APP_ROUND_CHOICES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/choices.h"
#include "server/app/pool.h"
#include "server/app/problems.h"
#include "server/app/request.h"
#include "turnabout/v1/matching_service.pb.h"

namespace turnabout {

// One choice of a request.
struct ChosenPair {
  v1::PairChoice::Kind kind = v1::PairChoice::KIND_UNSPECIFIED;
  MemberId giver;
  MemberId receiver;
};

// The choices of a request for a round of scheme `slug`. Adds what is wrong with them.
std::vector<ChosenPair> ReadChoices(const v1::RunRoundRequest& request, const std::string& slug, Problems& problems);

// Where they are in the pool. Refuses what ProposeMatch would refuse, for all pinned pairs together, and
// MEMBER_NOT_FOUND for a forbidden pair.
absl::StatusOr<Choices> PlaceChoices(const Context& context, const Call& call, const SchemePool& pool,
                                     const std::vector<ChosenPair>& chosen);

// Counts the pinned pairs among the proposals and in both values of a round found beside them. REQUIRES: it was made
// from WithChoices(pool.pool, choices).
void AddPinned(const SchemePool& pool, const Choices& choices, Round& found);

// Fills in choices, choices_cost and choices_sentence, and with `each` what every choice costs by itself, for a round
// to which AddPinned was done. Errors: those of ProposeRound.
absl::Status PriceChoices(const SchemePool& pool, const std::vector<ChosenPair>& chosen, const Round& found, Seed seed,
                          bool each, const Progress& progress, v1::Round& round);

void FillValue(const Value& value, v1::Round::Value& api);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ROUND_CHOICES_H_
