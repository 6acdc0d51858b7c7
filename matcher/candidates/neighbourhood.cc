#include "matcher/candidates/neighbourhood.h"

#include <algorithm>

namespace turnabout {

void Neighbourhood::Start(const Area& area, int32_t distance_metres_max) {
  area_ = area;
  distance_metres_max_ = distance_metres_max;
  heap_.clear();
  found_.clear();
  if (!area.box.empty() && blocks_.count() > 0) Add(blocks_.levels() - 1, 0, 0);
}

// `cosine_least` is one of the box that holds this one.
void Neighbourhood::Add(int level, int32_t at, int64_t cosine_least) {
  const Box& box = blocks_.boxes(level)[at];
  if (box.empty()) return;
  const int64_t least = SquaredAtLeast(area_.box, box, cosine_least);
  if (least >= area_.limit) return;
  heap_.push_back({least, level, at});
  std::push_heap(heap_.begin(), heap_.end());
}

bool Neighbourhood::FindNext() {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end());
    const Unopened next = heap_.back();
    heap_.pop_back();
    const Cosines cosines = CosinesBetween(area_.box, blocks_.boxes(next.level)[next.at]);
    if (next.level == 0) {
      found_.push_back(
          {next.at, cosines, next.squared_least, InPersonScoreOf(next.squared_least, distance_metres_max_)});
      return true;
    }
    const std::vector<Box>& below = blocks_.boxes(next.level - 1);
    const int32_t end = std::min<int32_t>((next.at + 1) * GiverBlocks::kFanOut, static_cast<int32_t>(below.size()));
    for (int32_t at = next.at * GiverBlocks::kFanOut; at < end; ++at) Add(next.level - 1, at, cosines.least);
  }
  return false;
}

}  // namespace turnabout
