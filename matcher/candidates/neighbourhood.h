// A Neighbourhood hands out the blocks around somebody, or around some people who live side by side, the nearest first
// and only as far as they are asked for. What it has found once serves everyone it was made for.
#ifndef TURNABOUT_MATCHER_CANDIDATES_NEIGHBOURHOOD_H_
#define TURNABOUT_MATCHER_CANDIDATES_NEIGHBOURHOOD_H_

#include <cstdint>
#include <vector>

#include "matcher/candidates/box.h"
#include "matcher/candidates/giver_blocks.h"

namespace turnabout {

// Where some receivers live, and how far any of them goes.
struct Area {
  Area() = default;
  explicit Area(const Traits& receiver) { Add(receiver); }
  void Add(const Traits& receiver) {
    if (!receiver.has_place) return;
    box.Add(receiver.place);
    limit = std::max(limit, SquaredLimit(receiver.reach_metres));
  }

  Box box;
  int64_t limit = 0;  // squared decimetres
};

class Neighbourhood {
 public:
  struct Near {
    int32_t block = 0;
    Cosines cosines;            // of every way from the people to the block
    int64_t squared_least = 0;  // of every such way, in decimetres
    int32_t score_most = 0;     // of every such way: what it scores for distance, in person
  };

  // REQUIRES: `blocks` outlive this.
  explicit Neighbourhood(const GiverBlocks& blocks) : blocks_(blocks) {}

  // Begins anew, for blocks within reach of the area.
  void Start(const Area& area, int32_t distance_metres_max);

  // The n-th block from the nearest, or null when there are not so many. REQUIRES: n is at most one more than before.
  const Near* At(size_t n) {
    while (n >= found_.size()) {
      if (!FindNext()) return nullptr;
    }
    return &found_[n];
  }

 private:
  // A box of the tree that has not been opened yet.
  struct Unopened {
    int64_t squared_least;
    int32_t level;
    int32_t at;
    // The heap has the largest on top.
    bool operator<(const Unopened& other) const {
      if (squared_least != other.squared_least) return squared_least > other.squared_least;
      return level != other.level ? level > other.level : at > other.at;
    }
  };

  bool FindNext();
  void Add(int level, int32_t at, int64_t cosine_least);

  const GiverBlocks& blocks_;
  Area area_;
  int32_t distance_metres_max_ = 0;
  std::vector<Unopened> heap_;
  std::vector<Near> found_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_NEIGHBOURHOOD_H_
