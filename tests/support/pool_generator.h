// Made-up pools of people for tests and measurements: clustered towns, languages, times, needs and turns, always the
// same for the same seed.
#ifndef TURNABOUT_TESTS_SUPPORT_POOL_GENERATOR_H_
#define TURNABOUT_TESTS_SUPPORT_POOL_GENERATOR_H_

#include <cstdint>

#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout {

// The id of the n-th made-up person. Ids of different n differ, and are in no particular order.
MemberId MadeUpId(uint64_t n);

struct TownPool {
  int32_t people = 1000;
  int32_t cities = 3;            // 80 in 100 people live in one, 12 in a town, 8 anywhere
  int32_t cleared_percent = 85;  // givers with every check
  int32_t no_turn_percent = 50;  // receivers who must give first or in the same round
  int32_t remote_percent = 25;   // offers and needs that are also met by phone or online
};

// People as a scheme across a country might have them: everyone gives or receives, many do both; 13 languages of very
// different size, 12 kinds of help, 21 times, a journey with one of 6 services, some with a wish about gender.
Pool MakeTownPool(const TownPool& shape, Seed seed);

// The settings such pools are meant for: one required check, weights as they are, words for every bit.
Settings TownSettings();

struct TinyPool {
  int32_t people = 6;
  int32_t capacity_most = 2;
  int32_t need_most = 2;
  int32_t turns_most = 1;
  int32_t eligible_percent = 40;  // of all ordered pairs, about
};

// A few people next door to each other, of whom about eligible_percent of pairs are possible and the rest rest. For
// comparing with brute force: everything that decides is small and collides often.
Pool MakeTinyPool(const TinyPool& shape, Seed seed);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_POOL_GENERATOR_H_
