#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "matcher/assign/clearing.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/fair_clearing.h"
#include "matcher/assign/greedy.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/links.h"
#include "matcher/assign/meter.h"
#include "matcher/assign/value_sum.h"
#include "matcher/certificate.h"
#include "matcher/digest.h"
#include "matcher/explain/left_out.h"
#include "matcher/matcher.h"
#include "matcher/pool_check.h"

namespace turnabout {
namespace {

// How many of the meter's steps are done when a phase ends.
constexpr int64_t kPairsFound = 250;
constexpr int64_t kCleared = 750;
constexpr int64_t kTwinDone = 800;
constexpr int64_t kExplained = 950;

Value ValueOf(const Instance& instance, const std::vector<PoolPair>& pairs) {
  ValueSum sum(*instance.pool);
  for (const PoolPair& pair : pairs) {
    sum.Add(instance.receivers[pair.receiver].person,
            ScoreOf(instance.giver_traits[pair.giver], instance.receiver_traits[pair.receiver], *instance.settings));
  }
  return sum.value();
}

// The pairs as proposals with their findings and links, by receiver's id, then giver's.
std::vector<Proposal> ProposalsOf(const Instance& instance, const std::vector<int32_t>& by_id,
                                  const std::vector<PoolPair>& pairs, Meter& meter) {
  const std::vector<Person>& people = instance.pool->people;
  std::vector<int32_t> rank(people.size());
  std::vector<int32_t> turns(people.size());
  for (size_t i = 0; i < by_id.size(); ++i) {
    rank[by_id[i]] = static_cast<int32_t>(i);
    turns[i] = people[by_id[i]].turns;
  }
  std::vector<PoolPair> ranked;
  for (const PoolPair& pair : pairs) {
    ranked.push_back({rank[instance.givers[pair.giver].person], rank[instance.receivers[pair.receiver].person]});
  }
  std::sort(ranked.begin(), ranked.end(), [](const PoolPair& a, const PoolPair& b) {
    return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
  });
  const std::vector<int32_t> links = LinksOf(ranked, turns);
  std::vector<Proposal> proposals;
  proposals.reserve(ranked.size());
  for (size_t i = 0; i < ranked.size() && meter.Tick(static_cast<int64_t>(i), static_cast<int64_t>(ranked.size()));
       ++i) {
    const int32_t giver = by_id[ranked[i].giver];
    const int32_t receiver = by_id[ranked[i].receiver];
    proposals.push_back(ScorePair(people[giver], people[receiver], *instance.settings));
    proposals.back().giver = giver;
    proposals.back().receiver = receiver;
    proposals.back().link = links[i];
  }
  return proposals;
}

std::string EncodePrices(const Instance& instance, const std::vector<int32_t>& by_id, const Prices& prices) {
  struct Sides {
    int32_t giver = kNobody;
    int32_t receiver = kNobody;
  };
  std::vector<Sides> sides(by_id.size());
  for (size_t u = 0; u < instance.givers.size(); ++u) sides[instance.givers[u].person].giver = static_cast<int32_t>(u);
  for (size_t v = 0; v < instance.receivers.size(); ++v) {
    sides[instance.receivers[v].person].receiver = static_cast<int32_t>(v);
  }
  std::string out;
  for (const int32_t at : by_id) {
    const auto [giver, receiver] = sides[at];
    if (giver == kNobody && receiver == kNobody) continue;
    PutPrice(out, giver == kNobody ? Wide{0} : prices.giving[giver]);
    PutPrice(out, receiver == kNobody ? Wide{0} : prices.receiving[receiver]);
    PutPrice(out, receiver == kNobody ? Wide{0} : prices.turn[receiver]);
  }
  return out;
}

}  // namespace

absl::StatusOr<Round> ProposeRound(const Pool& pool, const Settings& settings, Seed seed, const Progress& progress,
                                   const Means& means) {
  Meter meter(progress);
  RETURN_IF_ERROR(CheckPool(pool, settings));
  RETURN_IF_ERROR(meter.Report());
  ASSIGN_OR_RETURN(Instance instance, MakeInstance(pool, settings, seed, means));
  RETURN_IF_ERROR(meter.Report());
  const std::vector<int32_t> by_id = ById(pool);
  Round round;
  round.waiting = static_cast<int64_t>(instance.receivers.size());
  round.certificate.instance_digest = DigestOf(pool, settings, seed);
  RETURN_IF_ERROR(meter.Report());

  meter.Phase(kPairsFound);
  EligibleRows rows(instance);
  RETURN_IF_ERROR(rows.Build(meter));
  round.eligible_pairs = rows.pairs();

  meter.Phase(kCleared);
  ASSIGN_OR_RETURN(const FairResult fair, ClearFairly(instance, rows, FairOptions{}, meter));
  const ClearingResult& cleared = fair.cleared;
  round.groups = fair.groups;
  round.waiting_days_bound = fair.waiting_days_bound;
  round.value = ValueOf(instance, cleared.pairs);
  round.certificate.prices = EncodePrices(instance, by_id, cleared.prices);

  meter.Phase(kTwinDone);
  ASSIGN_OR_RETURN(const std::vector<PoolPair> greedy, ClearGreedily(instance, rows, meter));
  round.greedy = ValueOf(instance, greedy);

  meter.Phase(kExplained);
  ASSIGN_OR_RETURN(round.left_out, ExplainLeftOut(instance, rows, cleared.pairs, meter));

  meter.Phase(kMeterSteps);
  round.proposals = ProposalsOf(instance, by_id, cleared.pairs, meter);
  RETURN_IF_ERROR(meter.Finish());
  return round;
}

}  // namespace turnabout
