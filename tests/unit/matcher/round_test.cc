#include <gtest/gtest.h>

#include "matcher/assign/brute_force.h"
#include "matcher/assign/objective.h"
#include "matcher/matcher.h"
#include "tests/support/pool_generator.h"

namespace turnabout {
namespace {

std::vector<PoolPair> PairsOf(const Round& round) {
  std::vector<PoolPair> pairs;
  for (const Proposal& proposal : round.proposals) pairs.push_back({proposal.giver, proposal.receiver});
  return pairs;
}

// Compares rounds over `count` tiny pools with brute force.
void CompareWithBruteForce(const TinyPool& shape, uint64_t first_seed, uint64_t count) {
  const Settings settings;
  for (uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    const Pool pool = MakeTinyPool(shape, Seed{seed});
    if (AllEligiblePairs(pool, settings).size() > 14) continue;
    const absl::StatusOr<Round> round = ProposeRound(pool, settings, Seed{seed});
    ASSERT_TRUE(round.ok()) << round.status() << " seed " << seed;
    const int bits = Objective::Make(Objective::BoundsOf(pool))->ticket_bits();
    const BruteForceResult best = ClearByBruteForce(pool, settings, Seed{seed}, bits);
    ASSERT_EQ(round->value, best.value) << "seed " << seed;
    ASSERT_EQ(PairsOf(*round), best.pairs) << "seed " << seed;
    const absl::Status verified = VerifyRound(pool, settings, Seed{seed}, *round);
    ASSERT_TRUE(verified.ok()) << verified << " seed " << seed;
    ASSERT_LE(round->greedy, round->value) << "seed " << seed;
  }
}

TEST(Round, AgreesWithBruteForceWhenTurnsAreScarce) { CompareWithBruteForce({.turns_most = 0}, 1, 1500); }

TEST(Round, AgreesWithBruteForceWhenSomeHaveTurns) { CompareWithBruteForce({.turns_most = 1}, 10'001, 1500); }

TEST(Round, AgreesWithBruteForceWhenPlacesAreMany) {
  CompareWithBruteForce({.people = 5, .capacity_most = 3, .need_most = 4, .turns_most = 2}, 20'001, 1000);
}

TEST(Round, AgreesWithBruteForceWhenPairsAreFew) {
  CompareWithBruteForce({.people = 9, .capacity_most = 1, .need_most = 1, .turns_most = 1, .eligible_percent = 20},
                        30'001, 1000);
}

}  // namespace
}  // namespace turnabout
