#include "matcher/candidates/prices.h"

#include <algorithm>

namespace turnabout {

BlockPrices::BlockPrices(const GiverBlocks& blocks, absl::Span<const int64_t> prices, absl::Span<const uint8_t> fell)
    : prices_(static_cast<size_t>(blocks.count()) * kLanes, kPriceMost),
      least_(blocks.count(), kPriceMost),
      fell_(blocks.count()),
      any_fell_(blocks.count(), 0) {
  for (size_t at = 0; at < blocks.size(); ++at) {
    const int32_t giver = blocks.giver_at(at);
    const size_t block = at / kLanes;
    prices_[at] = prices[giver];
    least_[block] = std::min(least_[block], prices[giver]);
    if (fell[giver] == 0) continue;
    fell_[block].words[at % kLanes / 64] |= uint64_t{1} << (at % 64);
    any_fell_[block] = 1;
    anywhere_fell_ = true;
  }
}

GiverPrices::GiverPrices(const CandidateIndex& index, absl::Span<const int64_t> prices, absl::Span<const uint8_t> fell)
    : near_(index.near(), prices, fell), remote_(index.remote(), prices, fell) {
  if (!prices.empty()) least_ = *std::min_element(prices.begin(), prices.end());
}

}  // namespace turnabout
