// GiverPrices are what a place of each giver costs, in units of score, laid out for the search.
#ifndef TURNABOUT_MATCHER_CANDIDATES_PRICES_H_
#define TURNABOUT_MATCHER_CANDIDATES_PRICES_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "matcher/candidates/index.h"

namespace turnabout {

// Far beyond any sum of scores, and far enough from the end of the numbers that two may be added.
inline constexpr int64_t kPriceMost = int64_t{1} << 60;

// Threads: safe for concurrent use once set.
class GiverPrices {
 public:
  // REQUIRES: `index` outlives this.
  explicit GiverPrices(const CandidateIndex& index) : index_(index) {}

  // `prices` by giver, each between -kPriceMost and kPriceMost.
  void Set(std::vector<int64_t> prices) {
    prices_ = std::move(prices);
    SetLeast(index_.near(), near_least_);
    SetLeast(index_.remote(), remote_least_);
    least_ = near_least_.empty() ? 0 : *std::min_element(near_least_.begin(), near_least_.end());
  }

  const int64_t* by_giver() const { return prices_.data(); }
  // Of the givers of a block; of all givers.
  int64_t near_least(int32_t block) const { return near_least_[block]; }
  int64_t remote_least(int32_t block) const { return remote_least_[block]; }
  int64_t least() const { return least_; }

 private:
  void SetLeast(const GiverBlocks& blocks, std::vector<int64_t>& least) const {
    least.assign(blocks.count(), kPriceMost);
    for (size_t at = 0; at < blocks.size(); ++at) {
      int64_t& of_block = least[at / kLanes];
      of_block = std::min(of_block, prices_[blocks.giver_at(at)]);
    }
  }

  const CandidateIndex& index_;
  std::vector<int64_t> prices_;
  std::vector<int64_t> near_least_;
  std::vector<int64_t> remote_least_;
  int64_t least_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_PRICES_H_
