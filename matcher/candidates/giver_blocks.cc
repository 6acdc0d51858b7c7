#include "matcher/candidates/giver_blocks.h"

#include <algorithm>
#include <utility>

namespace turnabout {

GiverBlocks::GiverBlocks(absl::Span<const Traits> givers, const RowBook& book, std::vector<int32_t> order)
    : count_(static_cast<int32_t>((order.size() + kLanes - 1) / kLanes)),
      row_count_(static_cast<size_t>(book.size())),
      order_(std::move(order)),
      place_of_(givers.size(), -1),
      places_(static_cast<size_t>(count_)),
      rows_(static_cast<size_t>(count_) * row_count_) {
  for (size_t at = 0; at < order_.size(); ++at) {
    const Traits& traits = givers[order_[at]];
    place_of_[order_[at]] = static_cast<int32_t>(at);
    Places& places = places_[at / kLanes];
    places.latitude_e6[at % kLanes] = traits.has_place ? traits.place.latitude_e6 : 0;
    places.longitude_e6[at % kLanes] = traits.has_place ? traits.place.longitude_e6 : 0;
    places.reach_metres[at % kLanes] = traits.has_place ? traits.reach_metres : -1;
    book.SetRows(traits, rows_.data() + at / kLanes * row_count_, static_cast<int>(at % kLanes));
  }
  AddSummaries();
  AddBoxes();
}

void GiverBlocks::AddSummaries() {
  summaries_.resize(static_cast<size_t>(summary_count()) * row_count_);
  for (int32_t block = 0; block < count_; ++block) {
    Mask* over = summaries_.data() + static_cast<size_t>(block / kLanes) * row_count_;
    for (size_t row = 0; row < row_count_; ++row) {
      uint64_t any = 0;
      for (const uint64_t word : rows(block)[row].words) any |= word;
      if (any != 0) over[row].words[block % kLanes / 64] |= uint64_t{1} << (block % 64);
    }
  }
}

void GiverBlocks::AddBoxes() {
  boxes_.emplace_back(count_);
  for (size_t at = 0; at < order_.size(); ++at) {
    const Places& places = places_[at / kLanes];
    const int lane = static_cast<int>(at % kLanes);
    if (places.reach_metres[lane] >= 0) boxes_[0][at / kLanes].Add(places.at(lane));
  }
  while (boxes_.back().size() > 1) {
    const std::vector<Box>& below = boxes_.back();
    std::vector<Box> level((below.size() + kFanOut - 1) / kFanOut);
    for (size_t i = 0; i < below.size(); ++i) level[i / kFanOut].Add(below[i]);
    boxes_.push_back(std::move(level));
  }
}

}  // namespace turnabout
