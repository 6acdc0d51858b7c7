// Where one more giver would help most: kinds of giver that many of those left without a buddy wait for, each tried in
// the pool, so that what they would change is exact: people who suit one may still lack a turn, and others may move up.
//
// A kind is what somebody left out would need: a category, a language, and a place, or the phone. Kinds that suit fewer
// people than `suited_least` are passed over, so that nobody can be told from one.
#ifndef TURNABOUT_MATCHER_EXPLAIN_RECRUIT_H_
#define TURNABOUT_MATCHER_EXPLAIN_RECRUIT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout {

struct Recruit {
  uint8_t category = 0;
  uint8_t language = 0;
  bool remote = false;  // by phone or online; then `place` says nothing
  Point place;
  int64_t suited = 0;       // people left out who pass every hard criterion with such a giver, but for a missing turn
  int64_t more_served = 0;  // people who would have a buddy beyond those of the round
};

struct RecruitOptions {
  int32_t capacity = 3;           // buddies that the giver could take on. DEFAULT: 3.
  int64_t suited_least = 5;       // DEFAULT: 5.
  int64_t most = 3;               // kinds in the answer. DEFAULT: 3.
  int64_t tried_most = 6;         // kinds tried, those that suit most people first. DEFAULT: 6.
  int64_t people_most = 200'000;  // in all pools tried together: large schemes try fewer kinds. DEFAULT: 200,000.
};

// Those who would let more people have a buddy, the most first. Errors: those of ProposeRound.
// REQUIRES: `round` is the round of this pool, settings and seed.
absl::StatusOr<std::vector<Recruit>> FindRecruits(const Pool& pool, const Settings& settings, Seed seed,
                                                  const Round& round, const RecruitOptions& options,
                                                  const Progress& progress = {});

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_EXPLAIN_RECRUIT_H_
