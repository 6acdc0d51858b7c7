// GiverPrices are what a place of each giver costs, in units of score, laid out as the search comes by them.
#ifndef TURNABOUT_MATCHER_CANDIDATES_PRICES_H_
#define TURNABOUT_MATCHER_CANDIDATES_PRICES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/candidates/index.h"

namespace turnabout {

// Far beyond any sum of scores, and far enough from the end of the numbers that two may be added.
inline constexpr int64_t kPriceMost = int64_t{1} << 60;

// The prices of the givers in some blocks, lane by lane.
class BlockPrices {
 public:
  // `prices` and `fell` are by giver.
  BlockPrices(const GiverBlocks& blocks, absl::Span<const int64_t> prices, absl::Span<const uint8_t> fell);

  const int64_t* lanes(int32_t block) const { return prices_.data() + static_cast<size_t>(block) * kLanes; }
  // The least in a block.
  int64_t least(int32_t block) const { return least_[block]; }
  // Those in a block whose price fell, and whether there are any; and whether there are any at all.
  const Mask& fell(int32_t block) const { return fell_[block]; }
  bool any_fell(int32_t block) const { return any_fell_[block] != 0; }
  bool any_fell() const { return anywhere_fell_; }

 private:
  std::vector<int64_t> prices_;
  std::vector<int64_t> least_;
  std::vector<Mask> fell_;
  std::vector<uint8_t> any_fell_;
  bool anywhere_fell_ = false;
};

// Immutable. Threads: safe for concurrent use.
class GiverPrices {
 public:
  // `prices` by giver, each between -kPriceMost and kPriceMost; `fell[giver]` is not 0 where a price is lower than
  // before, and is looked at only for receivers who ask for that.
  GiverPrices(const CandidateIndex& index, absl::Span<const int64_t> prices, absl::Span<const uint8_t> fell);

  const BlockPrices& near() const { return near_; }
  const BlockPrices& remote() const { return remote_; }
  // The least of all.
  int64_t least() const { return least_; }

 private:
  const BlockPrices near_;
  const BlockPrices remote_;
  int64_t least_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_PRICES_H_
