// Clearing finds the best set of pairs over every eligible pair, and the prices that prove it.
//
// It solves over a short list of pairs for each receiver, then lets the prices point out eligible pairs that the lists
// lack and that would pay, adds those, and solves on; when no pair would pay, the answer is best over all of them.
#ifndef TURNABOUT_MATCHER_ASSIGN_CLEARING_H_
#define TURNABOUT_MATCHER_ASSIGN_CLEARING_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/eligible_rows.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"
#include "matcher/assign/round_network.h"

namespace turnabout {

struct ClearingOptions {
  int32_t added_most = 12;  // pairs added for one receiver at a time. Above 0. DEFAULT: 12.
};

// The price of a place to give (u) and of a place to receive (v): worth <= giving[u] + receiving[v] for every eligible
// pair that is not in the round. `turn[v]` is what one more turn would be worth to v.
struct Prices {
  std::vector<Wide> giving;     // by giver
  std::vector<Wide> receiving;  // by receiver
  std::vector<Wide> turn;       // by receiver
};

struct ClearingResult {
  std::vector<PoolPair> pairs;  // positions among the instance's givers and receivers, by receiver, then giver
  Prices prices;
  int32_t solves = 0;
  int64_t listed_pairs = 0;
  int64_t searches = 0;
  int64_t visits = 0;
};

// How many givers each receiver can have at most: never more than they wish, may have, or are there for them. Those
// with none are left out of the clearing. REQUIRES: `rows` are built.
std::vector<int32_t> NeedsOf(const Instance& instance, const EligibleRows& rows);

// Balances a new network over every eligible pair: those that it lacks then would not pay at its prices. CANCELLED when
// `meter` was. REQUIRES: `rows` are built; `needs` are the NeedsOf.
absl::Status BalanceOverAll(const Instance& instance, const EligibleRows& rows, const std::vector<int32_t>& needs,
                            const ClearingOptions& options, RoundNetwork& network, ClearingResult& result,
                            Meter& meter);

// CANCELLED when `meter` was. REQUIRES: `rows` are built.
absl::StatusOr<ClearingResult> Clear(const Instance& instance, const EligibleRows& rows, const ClearingOptions& options,
                                     Meter& meter);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_CLEARING_H_
