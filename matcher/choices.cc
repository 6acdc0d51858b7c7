#include "matcher/choices.h"

#include "base/status_macros.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/fair_clearing.h"
#include "matcher/assign/value_sum.h"
#include "matcher/criteria/all.h"
#include "matcher/pool_check.h"

namespace turnabout {
namespace {

// How many of the meter's steps are done when the pairs are found.
constexpr int64_t kPairsFound = 300;

}  // namespace

Pool WithChoices(const Pool& pool, const Choices& choices) {
  Pool left = pool;
  left.resting.insert(left.resting.end(), choices.forbidden.begin(), choices.forbidden.end());
  for (const PoolPair& pair : choices.pinned) {
    --left.people[pair.giver].give_capacity;
    --left.people[pair.receiver].receive_need;
    --left.people[pair.receiver].turns;
    left.paired.push_back(pair);
  }
  return left;
}

Value ValueOfPairs(const Pool& pool, const Settings& settings, const std::vector<PoolPair>& pairs) {
  ValueSum sum(pool);
  for (const PoolPair& pair : pairs) {
    sum.Add(pair.receiver, ScoreOf(TraitsOf(pool.people[pair.giver], settings),
                                   TraitsOf(pool.people[pair.receiver], settings), settings));
  }
  return sum.value();
}

absl::StatusOr<Value> BestValue(const Pool& pool, const Settings& settings, Seed seed, const Choices& choices,
                                const Progress& progress) {
  Meter meter(progress);
  Pool changed;
  if (!choices.empty()) changed = WithChoices(pool, choices);
  const Pool& left = choices.empty() ? pool : changed;
  RETURN_IF_ERROR(CheckPool(left, settings));
  ASSIGN_OR_RETURN(Instance instance, MakeInstance(left, settings, seed));
  RETURN_IF_ERROR(meter.Report());
  meter.Phase(kPairsFound);
  EligibleRows rows(instance);
  RETURN_IF_ERROR(rows.Build(meter));
  meter.Phase(kMeterSteps);
  ASSIGN_OR_RETURN(const FairResult fair, ClearFairly(instance, rows, FairOptions{}, meter));
  std::vector<PoolPair> pairs = choices.pinned;
  for (const PoolPair& pair : fair.cleared.pairs) {
    pairs.push_back({instance.givers[pair.giver].person, instance.receivers[pair.receiver].person});
  }
  return ValueOfPairs(pool, settings, pairs);
}

}  // namespace turnabout
