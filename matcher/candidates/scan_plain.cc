#include "matcher/candidates/scan_body.h"

namespace turnabout {
namespace {

// 256 bits as four words.
struct Words {
  uint64_t words[kMaskWords];

  static Words Load(const Mask& mask) { return {mask.words[0], mask.words[1], mask.words[2], mask.words[3]}; }
  static Words None() { return {0, 0, 0, 0}; }
  static Words Every() { return {~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}}; }
  void Store(Mask& mask) const {
    for (int i = 0; i < kMaskWords; ++i) mask.words[i] = words[i];
  }
  Words operator&(const Words& other) const {
    Words both = *this;
    for (int i = 0; i < kMaskWords; ++i) both.words[i] &= other.words[i];
    return both;
  }
  Words operator|(const Words& other) const {
    Words either = *this;
    for (int i = 0; i < kMaskWords; ++i) either.words[i] |= other.words[i];
    return either;
  }
  static void Squares(const Places& places, const Ask& ask, const int32_t* lanes, int count, int64_t* squared) {
    for (int i = 0; i < count; ++i) squared[i] = scan::SquareOf(places, ask, lanes[i]);
  }
  Words Without(const Words& other) const {
    Words rest = *this;
    for (int i = 0; i < kMaskWords; ++i) rest.words[i] &= ~other.words[i];
    return rest;
  }
};

__attribute__((flatten)) void Filter(const Mask* const* blocks, int count, const Plan& plan, int but, Mask* lanes) {
  scan::Filter<Words>(blocks, count, plan, but, lanes);
}

__attribute__((flatten)) int Count(const Mask& lanes) { return scan::Count(lanes); }

__attribute__((flatten)) void Within(const Places& places, const Ask& ask, Mask& lanes) {
  scan::Within<Words>(places, ask, lanes);
}

__attribute__((flatten)) void Measure(const Places& places, const Ask& ask, const Mask& lanes, int64_t below,
                                      Hits& hits) {
  scan::Measure<Words>(places, ask, lanes, below, hits);
}

__attribute__((flatten)) void Score(const Mask* rows, const Places& places, const Ask& ask, Meet meet,
                                    const Mask& lanes, const ScoreBar& bar, int32_t most_distance, Hits& hits) {
  scan::Score<Words>(rows, places, ask, meet, lanes, bar, most_distance, hits);
}

}  // namespace

const ScanOps& PlainScan() {
  static constexpr ScanOps kOps = {"64 bits", Filter, Count, Within, Measure, Score};
  return kOps;
}

const ScanOps& FastScan() { return VectorScan() != nullptr ? *VectorScan() : PlainScan(); }

}  // namespace turnabout
