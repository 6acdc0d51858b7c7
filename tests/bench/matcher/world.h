// A World is one made-up scheme that every contender is given: its people, ready for the search, and the clearing
// problem over each receiver's nearest eligible givers.
//
//   const World world(100'000);
//   Solve(world.problem(Objective::kWeight), {});
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_WORLD_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_WORLD_H_

#include <cstdint>
#include <vector>

#include "matcher/assign/instance.h"
#include "matcher/assign/pricing.h"
#include "matcher/candidates/groups.h"
#include "matcher/candidates/index.h"
#include "matcher/clear/problem.h"

namespace turnabout::bench {

inline constexpr int32_t kNearest = 20;

class World {
 public:
  explicit World(int32_t people);

  int32_t people() const { return static_cast<int32_t>(pool_.people.size()); }
  const Instance& instance() const { return instance_; }
  const CandidateIndex& index() const { return index_; }
  const Groups& groups() const { return groups_; }

  // The problem over each receiver's nearest 20 eligible givers: weights are scores, there are no bonuses. Members are
  // in the order of the map, which serves LEMON best: member i is receiver i of the instance.
  clear::Problem problem(clear::Objective objective) const;
  // Over these pairs instead.
  clear::Problem ProblemOf(const std::vector<EligiblePair>& pairs, clear::Objective objective) const;

  // The member who is giver `u` of the instance.
  int32_t MemberOf(int32_t giver) const { return instance_.givers[giver].receiver; }

 private:
  const Settings settings_;
  const Pool pool_;
  const Instance instance_;
  const CandidateIndex index_;
  const Groups groups_;
  std::vector<EligiblePair> nearest_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_WORLD_H_
