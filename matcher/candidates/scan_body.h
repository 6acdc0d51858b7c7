// The work of scan.h, written once for words of any width. Included by scan_plain.cc and scan_vector.cc, which compile
// it for different processors: everything here is always inlined, so that no copy for one can be linked into the other.
#ifndef TURNABOUT_MATCHER_CANDIDATES_SCAN_BODY_H_
#define TURNABOUT_MATCHER_CANDIDATES_SCAN_BODY_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "matcher/candidates/scan.h"

#define TURNABOUT_INLINE __attribute__((always_inline)) inline

namespace turnabout::scan {

// A mask in registers. Wide has: static Load(const Mask&), None(), Every(), Store(Mask&), Empty(), &, | and Without.
// N of them, from N blocks: what is done for one is done for all, so that a row is looked up and a loop gone through
// once.
template <typename Wide, int N>
struct Wides {
  Wide at[N];
};

template <typename Wide, int N>
TURNABOUT_INLINE Wides<Wide, N> AnyOf(const Mask* const* blocks, const uint16_t* row, const uint16_t* end) {
  Wides<Wide, N> any;
#pragma GCC unroll 4
  for (int n = 0; n < N; ++n) any.at[n] = Wide::None();
  for (; row < end; ++row) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) any.at[n] = any.at[n] | Wide::Load(blocks[n][*row]);
  }
  return any;
}

// The lanes that have at least so many of the clause's options: a ladder on which a lane climbs a step for each.
template <typename Wide, int N>
TURNABOUT_INLINE Wides<Wide, N> AtLeast(const Mask* const* blocks, const Plan& plan, const Plan::Clause& clause) {
  Wides<Wide, N> steps[Plan::kCountedMax];
  for (Wides<Wide, N>& step : steps) {
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) step.at[n] = Wide::None();
  }
  const uint16_t* row = plan.rows + clause.row_begin;
  for (int i = clause.option_begin; i < clause.option_end; ++i) {
    const uint16_t* end = plan.rows + plan.option_ends[i];
    const Wides<Wide, N> option = AnyOf<Wide, N>(blocks, row, end);
    row = end;
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) {
      for (int k = Plan::kCountedMax - 1; k > 0; --k) {
        steps[k].at[n] = steps[k].at[n] | (steps[k - 1].at[n] & option.at[n]);
      }
      steps[0].at[n] = steps[0].at[n] | option.at[n];
    }
  }
  return steps[clause.at_least - 1];
}

template <typename Wide, int N>
TURNABOUT_INLINE void FilterSome(const Mask* const* blocks, const Plan& plan, int but, Mask* lanes) {
  Wides<Wide, N> all;
#pragma GCC unroll 4
  for (int n = 0; n < N; ++n) all.at[n] = Wide::Every();
  for (int i = 0; i < plan.clause_count; ++i) {
    const Plan::Clause& clause = plan.clauses[i];
    if (clause.at_least == 0) continue;
    const Wides<Wide, N> met = clause.at_least == 1
                                   ? AnyOf<Wide, N>(blocks, plan.rows + clause.row_begin, plan.rows + clause.row_end)
                                   : AtLeast<Wide, N>(blocks, plan, clause);
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) all.at[n] = all.at[n] & met.at[n];
  }
  if (but != kNoClause) {
    const Plan::Clause& clause = plan.clauses[but];
    const Wides<Wide, N> out = AnyOf<Wide, N>(blocks, plan.rows + clause.row_begin, plan.rows + clause.row_end);
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) all.at[n] = all.at[n].Without(out.at[n]);
  }
#pragma GCC unroll 4
  for (int n = 0; n < N; ++n) all.at[n].Store(lanes[n]);
}

template <typename Wide>
TURNABOUT_INLINE void Filter(const Mask* const* blocks, int count, const Plan& plan, int but, Mask* lanes) {
  int n = 0;
  for (; n + 4 <= count; n += 4) FilterSome<Wide, 4>(blocks + n, plan, but, lanes + n);
  if (n + 2 <= count) {
    FilterSome<Wide, 2>(blocks + n, plan, but, lanes + n);
    n += 2;
  }
  if (n < count) FilterSome<Wide, 1>(blocks + n, plan, but, lanes + n);
}

TURNABOUT_INLINE int Count(const Mask& lanes) {
  int count = 0;
  for (int i = 0; i < kMaskWords; ++i) count += std::popcount(lanes.words[i]);
  return count;
}

// Room for all lanes, and for what an operation on eight of them at once does beyond the last.
inline constexpr int kRoom = kLanes + 8;

// The lanes of a mask one by one, in order. Returns how many.
TURNABOUT_INLINE int ListLanes(const Mask& mask, int32_t* lanes) {
  int count = 0;
  for (int i = 0; i < kMaskWords; ++i) {
    for (uint64_t rest = mask.words[i]; rest != 0; rest &= rest - 1) {
      lanes[count++] = i * 64 + std::countr_zero(rest);
    }
  }
  return count;
}

// The square of the distance of one lane. Wide has: static Squares(places, ask, lanes, count, squared), for some of
// them; it may write to the room beyond.
TURNABOUT_INLINE int64_t SquareOf(const Places& places, const Ask& ask, int lane) {
  return SquareOfWay(NorthBetween(places.latitude_e6[lane], ask.place.latitude_e6),
                     EastBetween(places.longitude_e6[lane], ask.place.longitude_e6),
                     CosineOfHalf(int64_t{places.latitude_e6[lane]} + ask.place.latitude_e6));
}

TURNABOUT_INLINE int64_t LimitOf(const Places& places, const Ask& ask, int lane) {
  const int64_t beyond = int64_t{10} * (places.reach_metres[lane] + 1);  // 0 without a place
  return std::min(ask.limit, beyond * beyond);
}

template <typename Wide>
TURNABOUT_INLINE void Within(const Places& places, const Ask& ask, Mask& lanes) {
  int32_t list[kRoom];
  int64_t squared[kRoom];
  const int count = ListLanes(lanes, list);
  Wide::Squares(places, ask, list, count, squared);
  lanes = Mask{};
  for (int i = 0; i < count; ++i) {
    const uint64_t within = squared[i] < LimitOf(places, ask, list[i]) ? 1 : 0;
    lanes.words[list[i] / 64] |= within << (list[i] % 64);
  }
}

template <typename Wide>
TURNABOUT_INLINE void Measure(const Places& places, const Ask& ask, const Mask& lanes, int64_t below, Hits& hits) {
  int32_t list[kRoom];
  int64_t squared[kRoom];
  const int listed = ListLanes(lanes, list);
  Wide::Squares(places, ask, list, listed, squared);
  int count = 0;
  for (int i = 0; i < listed; ++i) {
    hits.lanes[count] = list[i];
    hits.squared[count] = squared[i];
    count += squared[i] < std::min(below, LimitOf(places, ask, list[i])) ? 1 : 0;
  }
  hits.count = count;
}

// What one lane has of some rows: a bit of 1 or 0, and any of them, and how many.
TURNABOUT_INLINE int Bit(const Mask* rows, int row, int lane) {
  return static_cast<int>((rows[row].words[lane / 64] >> (lane % 64)) & 1);
}
TURNABOUT_INLINE int AnyBit(const Mask* rows, const uint16_t* row, const uint16_t* end, int lane) {
  int any = 0;
  for (; row < end; ++row) any |= Bit(rows, *row, lane);
  return any;
}
TURNABOUT_INLINE int AnyBit(const Mask* rows, const Plan& plan, int clause, int lane) {
  return AnyBit(rows, plan.rows + plan.clauses[clause].row_begin, plan.rows + plan.clauses[clause].row_end, lane);
}
TURNABOUT_INLINE int CountBits(const Mask* rows, const Plan& plan, int clause, int lane) {
  int count = 0;
  for (int i = plan.clauses[clause].row_begin; i < plan.clauses[clause].row_end; ++i) {
    count += Bit(rows, plan.rows[i], lane);
  }
  return count;
}

// What the needs count that a lane meets.
TURNABOUT_INLINE int NeedsMet(const Mask* rows, const Ask& ask, Meet meet, int lane) {
  const Plan& plan = ask.plan();
  const Plan::Clause& clause = plan.clauses[ask.counted_clause(meet)];
  const uint8_t* weight = ask.need_weights(meet);
  const uint16_t* row = plan.rows + clause.row_begin;
  int met = 0;
  for (int i = clause.option_begin; i < clause.option_end; ++i) {
    const uint16_t* end = plan.rows + plan.option_ends[i];
    met += *weight++ * AnyBit(rows, row, end, lane);
    row = end;
  }
  return met;
}

// The sum of everything but the distance. The rows are close at hand, because the plan has just gone through them.
TURNABOUT_INLINE ScoreSum SumBesides(const Mask* rows, const Ask& ask, Meet meet, int lane) {
  const Plan& plan = ask.plan();
  const int same = AnyBit(rows, plan, ask.same_service_clause(), lane);
  const int some = AnyBit(rows, plan, ask.some_service_clause(), lane);
  return ask.needs_sums[NeedsMet(rows, ask, meet, lane)] +
         ask.time_sums[CountBits(rows, plan, ask.time_clause(), lane)] +
         ask.language_sums[CountBits(rows, plan, ask.language_clause(), lane)] +
         (same != 0   ? ask.same_service_sum
          : some != 0 ? ask.some_service_sum
                      : 0);
}

TURNABOUT_INLINE int32_t ScoreOfSum(ScoreSum sum, const Ask& ask) {
  // A division of 32 bits where it will do takes a third of the time.
  if (sum <= INT32_MAX) return static_cast<int32_t>(static_cast<uint32_t>(sum) / static_cast<uint32_t>(ask.whole()));
  return static_cast<int32_t>(sum / ask.whole());
}

template <typename Wide>
TURNABOUT_INLINE void Score(const Mask* rows, const Places& places, const Ask& ask, Meet meet, const Mask& lanes,
                            const ScoreBar& bar, int32_t most_distance, Hits& hits) {
  const ScoreSum distance_most = ask.distance_weight() * most_distance;
  int32_t list[kRoom];
  ScoreSum besides[kLanes];
  ScoreSum wanted[kLanes];
  const int listed = ListLanes(lanes, list);
  // Most are too dear for any score that there could be, which needs no look at them.
  int affordable = 0;
  for (int i = 0; i < listed; ++i) {
    list[affordable] = list[i];
    wanted[affordable] = ask.SumFor(bar.prices == nullptr ? bar.floor : bar.floor + bar.prices[list[i]]);
    affordable += ask.most(meet) + distance_most >= wanted[affordable] ? 1 : 0;
  }
  int likely = 0;
  for (int i = 0; i < affordable; ++i) {
    list[likely] = list[i];
    wanted[likely] = wanted[i];
    besides[likely] = SumBesides(rows, ask, meet, list[i]);
    likely += besides[likely] + distance_most >= wanted[likely] ? 1 : 0;
  }
  int64_t squared[kRoom];
  Wide::Squares(places, ask, list, likely, squared);
  int count = 0;
  for (int i = 0; i < likely; ++i) {
    const int lane = list[i];
    const bool within = AnyBit(rows, ask.plan(), ask.reach_clause(Meet::kInPerson), lane) != 0 &&
                        squared[i] < LimitOf(places, ask, lane);
    if (within != (meet == Meet::kInPerson)) continue;
    int32_t distance = AnyBit(rows, ask.plan(), ask.reach_clause(Meet::kRemotely), lane) != 0 ? kRemoteScore : 0;
    if (within) distance = std::max(distance, InPersonScoreOf(squared[i], ask.distance_metres_max));
    const ScoreSum sum = besides[i] + ask.distance_weight() * distance;
    hits.lanes[count] = lane;
    hits.scores[count] = ScoreOfSum(sum, ask);
    count += sum >= wanted[i] ? 1 : 0;
  }
  hits.count = count;
}

}  // namespace turnabout::scan

#endif  // TURNABOUT_MATCHER_CANDIDATES_SCAN_BODY_H_
