// Pricing chooses which of all eligible pairs a solver looks at: some for each receiver to start with, and then those
// that would pay at the prices it has found. When none would, what it has is the best over every eligible pair.
//
//   Pricing pricing(instance, rows.index(), rows.groups());
//   pricing.Start({.nearest = 10, .best = 10}, meter);                         // solve over these ...
//   pricing.Paying(prices, score_shift, {.most = 12, .pays = exactly}, meter); // ... add these, solve again, until
//   none
#ifndef TURNABOUT_MATCHER_ASSIGN_PRICING_H_
#define TURNABOUT_MATCHER_ASSIGN_PRICING_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"
#include "matcher/candidates/groups.h"
#include "matcher/candidates/prices.h"
#include "matcher/candidates/search.h"

namespace turnabout {

// A pair as positions among the instance's givers and receivers.
struct EligiblePair {
  int32_t giver = 0;
  int32_t receiver = 0;
  int32_t score = 0;
};

// Prices of 128 bits for a search, which has 64: what is compared with a score stays exact, and of what is beyond any
// score only the order is kept.
class PriceScale {
 public:
  // A price of 1 << shift is one unit of score. REQUIRES: 0 <= shift < 120.
  PriceScale(absl::Span<const Wide> giving, int shift);

  // By giver.
  const std::vector<int64_t>& giving() const { return giving_; }
  // Every pair of worth above giving + receiving has a margin of at least this. Pairs with a lower one do not pay.
  int64_t MarginLeast(Wide receiving) const;

 private:
  // Whole units of score below 2^kLowBits, and what is above them.
  static constexpr int kLowBits = 34;
  static constexpr int kRankShift = 39;
  struct Parts {
    Wide high;
    int64_t low;
  };
  Parts PartsOf(Wide price) const;

  const int shift_;
  std::vector<Wide> highs_;  // of the givers' prices, each once, rising
  std::vector<int64_t> giving_;
};

class Pricing {
 public:
  // REQUIRES: all outlive this.
  Pricing(const Instance& instance, const CandidateIndex& index, const Groups& groups)
      : instance_(instance), index_(index), groups_(groups) {}

  // For each receiver the givers who live nearest, and those of the best scores, each pair once. Nearest keeps as many
  // people served as can be, best keeps the scores up.
  struct StartOptions {
    int32_t nearest = 0;
    int32_t best = 0;
  };
  absl::StatusOr<std::vector<EligiblePair>> Start(const StartOptions& options, Meter& meter) const;

  // Pairs that pay, for each receiver the `most` that pay best. `pays` says exactly whether one does and is not listed
  // yet; it is asked about few, from several threads. Receivers for whom `looks` is 0 are passed over, each time.
  //
  // The pairs of the answer count as listed from then on, and no pair that was listed is ever taken off. What the last
  // call left settled is looked at again only where a price fell; when nothing comes back, no eligible pair pays.
  struct PayingOptions {
    absl::Span<const Wide> giving;     // by giver
    absl::Span<const Wide> receiving;  // by receiver
    int shift = 0;                     // a price of 1 << shift is one unit of score
    int32_t most = 0;                  // above 0
    absl::FunctionRef<bool(const EligiblePair&)> pays;
    absl::Span<const uint8_t> looks;  // by receiver
  };
  absl::StatusOr<std::vector<EligiblePair>> Paying(const PayingOptions& options, Meter& meter);

 private:
  using Found = std::vector<EligiblePair>;
  using Job = absl::FunctionRef<void(int64_t group, CandidateSearch& search, Found& found)>;
  absl::StatusOr<Found> EachGroup(Meter& meter, Job job) const;

  void PriceGroup(const PayingOptions& options, const PriceScale& scale, const GiverPrices& prices, int64_t group,
                  CandidateSearch& search, Found& found);

  const Instance& instance_;
  const CandidateIndex& index_;
  const Groups& groups_;
  // Of the last call: the prices, and who had no more paying pairs than came back.
  std::vector<Wide> giving_;
  std::vector<Wide> receiving_;
  std::vector<uint8_t> settled_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_PRICING_H_
