#include "tests/bench/matcher/world.h"

#include "matcher/assign/meter.h"
#include "tests/bench/matcher/population.h"
#include "tests/support/problems.h"

namespace turnabout::bench {
namespace {

constexpr Seed kSeed{1};

}  // namespace

World::World(int32_t people)
    : settings_(PopulationSettings()),
      pool_(MakePopulation({.people = people}, kSeed)),
      instance_(*MakeInstance(pool_, settings_, kSeed)),
      index_(instance_.giver_traits, settings_),
      groups_(instance_) {
  const Progress none;
  Meter meter(none);
  nearest_ = *Pricing(instance_, index_, groups_).Start({.nearest = kNearest}, meter);
}

clear::Problem World::problem(clear::Objective objective) const { return ProblemOf(nearest_, objective); }

clear::Problem World::ProblemOf(const std::vector<EligiblePair>& pairs, clear::Objective objective) const {
  clear::Problem problem = clear::MakeMembers(people());
  for (int32_t i = 0; i < people(); ++i) {
    const Receiver& receiver = instance_.receivers[i];
    problem.capacity[i] = receiver.capacity;
    problem.need[i] = receiver.need;
    problem.allowance[i] = receiver.turns;
  }
  std::vector<clear::ProblemEdge> edges;
  edges.reserve(pairs.size());
  for (const EligiblePair& pair : pairs) edges.push_back({MemberOf(pair.giver), pair.receiver, pair.score});
  clear::SetEdges(problem, std::move(edges));
  problem.objective = objective;
  return problem;
}

}  // namespace turnabout::bench
