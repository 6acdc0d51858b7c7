// A Population is a made-up scheme across the United Kingdom, for measuring: the same for the same seed.
//
//   const Pool pool = MakePopulation({.people = 100'000}, Seed{1});
//   const Settings settings = PopulationSettings();
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_POPULATION_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_POPULATION_H_

#include <cstdint>

#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout::bench {

// Everybody gives and receives: 1 to 3 places to give, 1 to 2 to receive, no turn in half the cases and 1 or 2 in the
// others. 80 in 100 live in a city (one city below 5,000 people, three below 50,000, else 42 of them, by their size),
// 12 in a town, 8 in the country. 13 languages of very different size, 21 times, 12 kinds of help, 6 services, a wish
// about gender in 1 of 6, every check in date in 85 of 100, and 5 to 40 km that they go or are glad to have someone
// come from.
struct Population {
  int32_t people = 1000;
  int32_t remote_percent = 0;  // offers and needs that are also met by phone or online
};

Pool MakePopulation(const Population& shape, Seed seed);

// One required check, 40 km at most, weights as they are, words for every bit.
Settings PopulationSettings();

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_POPULATION_H_
