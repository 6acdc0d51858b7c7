// What is done to one block of givers at a time, in two ways that give the same answers: with 256 bits at once where
// the processor can (AVX2), and with 64 where it cannot.
#ifndef TURNABOUT_MATCHER_CANDIDATES_SCAN_H_
#define TURNABOUT_MATCHER_CANDIDATES_SCAN_H_

#include <cstdint>

#include "matcher/candidates/ask.h"
#include "matcher/candidates/giver_blocks.h"
#include "matcher/candidates/plan.h"

namespace turnabout {

inline constexpr int kNoClause = -1;

// The givers of a block that came through with what was measured about them, in the order of their lanes.
struct Hits {
  int count = 0;
  int32_t lanes[kLanes];
  int64_t squared[kLanes];  // decimetres
  int32_t scores[kLanes];
};

// What a score is held against: only a giver whose score is at least `floor` plus their price is a hit. `prices` are by
// lane; null: all 0.
struct ScoreBar {
  int64_t floor = 0;
  const int64_t* prices = nullptr;
};

struct ScanOps {
  const char* name;

  // For each of some blocks, by their rows, the lanes that meet every clause of the plan; but for those that meet
  // clause `but`, unless that is kNoClause.
  void (*filter)(const Mask* const* blocks, int count, const Plan& plan, int but, Mask* lanes);

  // How many bits are set.
  int (*count)(const Mask& lanes);

  // Keeps of `lanes` those within their own reach and within the reach of `ask`.
  void (*within)(const Places& places, const Ask& ask, Mask& lanes);

  // The lanes that are within both reaches and nearer than `below`, with the squares of their distances.
  void (*measure)(const Places& places, const Ask& ask, const Mask& lanes, int64_t below, Hits& hits);

  // The lanes that get over the bar, with their scores: in person those within both reaches, remotely those who are not
  // also there in person. `most_distance` is the most that the score for the distance can be. REQUIRES: the lanes
  // passed the plan's hard clauses for that way of meeting.
  void (*score)(const Mask* rows, const Places& places, const Ask& ask, Meet meet, const Mask& lanes,
                const ScoreBar& bar, int32_t most_distance, Hits& hits);
};

const ScanOps& PlainScan();
// Null where the processor has no AVX2.
const ScanOps* VectorScan();
// The quicker of the two that works here.
const ScanOps& FastScan();

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_SCAN_H_
