// Needs: the giver offers something that the receiver would like a hand with, in a setting that suits both.
#ifndef TURNABOUT_MATCHER_CRITERIA_NEEDS_H_
#define TURNABOUT_MATCHER_CRITERIA_NEEDS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/distance.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline bool NeedsAllow(const Traits& giver, const Traits& receiver) {
  return (SharedRemotely(giver, receiver) | SharedInPerson(giver, receiver)) != 0;
}

// NOT_WAITING, NOTHING_IN_COMMON or NO_SHARED_SETTING when NeedsAllow is false.
absl::Status CheckNeeds(const Traits& giver, const Traits& receiver);

// The share of the receiver's needs that the giver can meet from where both are, out of 1000. A need counts 1, 2 or 4
// by how urgent it is. It is a share, so listing more needs does not raise it.
int32_t NeedsScore(const Meeting& meeting, const Traits& receiver);

// What `categories` count among the receiver's needs, and the score for meeting needs that count `met` of `all`.
int32_t WeightOfNeeds(const Traits& receiver, CategorySet categories);
inline int32_t NeedsScoreOf(int32_t met, int32_t all) { return all == 0 ? 0 : 1000 * met / all; }

// "The giver can help with shopping, which the receiver would like."
std::string NeedsSentence(const Meeting& meeting, const Words& words);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_NEEDS_H_
