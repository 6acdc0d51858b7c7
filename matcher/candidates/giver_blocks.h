// GiverBlocks hold givers 256 to a block, each block with its rows of bits and where its people live. Over the blocks
// stands a tree of boxes on the map, and over every 256 blocks one block of their own rows, in which a bit says that
// somebody in that block has it.
#ifndef TURNABOUT_MATCHER_CANDIDATES_GIVER_BLOCKS_H_
#define TURNABOUT_MATCHER_CANDIDATES_GIVER_BLOCKS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/candidates/box.h"
#include "matcher/candidates/row_book.h"

namespace turnabout {

// Where the givers of one block live, and how far they go; -1: they have no place, and any point stands for it.
struct Places {
  alignas(32) int32_t latitude_e6[kLanes];
  int32_t longitude_e6[kLanes];
  int32_t reach_metres[kLanes];

  Point at(int lane) const { return {latitude_e6[lane], longitude_e6[lane]}; }
};

// Immutable once built. Threads: safe for concurrent use.
class GiverBlocks {
 public:
  static constexpr int kFanOut = 16;  // boxes under one box

  // `order` says which giver stands at each place, the first 256 of them in the first block.
  GiverBlocks(absl::Span<const Traits> givers, const RowBook& book, std::vector<int32_t> order);

  int32_t count() const { return count_; }  // blocks
  const Mask* rows(int32_t block) const { return rows_.data() + static_cast<size_t>(block) * row_count_; }
  const Places& places(int32_t block) const { return places_[block]; }
  const int32_t* givers(int32_t block) const { return order_.data() + static_cast<size_t>(block) * kLanes; }
  size_t size() const { return order_.size(); }  // givers
  int32_t giver_at(size_t place) const { return order_[place]; }
  // Where a giver stands, or -1.
  int32_t place_of(int32_t giver) const { return count_ == 0 ? -1 : place_of_[giver]; }

  // The rows over blocks [256 n, 256 n + 256).
  int32_t summary_count() const { return (count_ + kLanes - 1) / kLanes; }
  const Mask* summary(int32_t n) const { return summaries_.data() + static_cast<size_t>(n) * row_count_; }

  // Level 0 holds the blocks' boxes; each box of a level holds kFanOut of the level below; the last level has one.
  int levels() const { return static_cast<int>(boxes_.size()); }
  const std::vector<Box>& boxes(int level) const { return boxes_[level]; }

 private:
  void AddSummaries();
  void AddBoxes();

  int32_t count_ = 0;
  size_t row_count_ = 0;
  std::vector<int32_t> order_;
  std::vector<int32_t> place_of_;
  std::vector<Places> places_;
  std::vector<Mask> rows_;
  std::vector<Mask> summaries_;
  std::vector<std::vector<Box>> boxes_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_GIVER_BLOCKS_H_
