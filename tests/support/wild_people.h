// People of any sort that a scheme might hold, and some that it should not: every field takes every kind of value, the
// ends of its range among them. For tests of what must hold for everyone.
#ifndef TURNABOUT_TESTS_SUPPORT_WILD_PEOPLE_H_
#define TURNABOUT_TESTS_SUPPORT_WILD_PEOPLE_H_

#include <cstdint>
#include <functional>

#include "matcher/matcher.h"

namespace turnabout {

// Something to choose by: a number below `limit`. A Random does, and so do a fuzzer's bytes.
using Choose = std::function<uint64_t(uint64_t limit)>;

// How wild. Narrow people have much in common, so that many pairs are eligible; wide ones use every bit there is.
struct Wildness {
  bool narrow = true;
  // Where the middle of everybody's place is: poles and the date line too.
  Point middle{53'000'000, -2'000'000};
  int32_t spread_e6 = 300'000;
};

// The n-th person of a pool, with some of those before them excluded.
Person WildPerson(uint64_t n, const Wildness& wildness, const Choose& choose);
Pool WildPool(int32_t people, const Wildness& wildness, const Choose& choose);
Settings WildSettings(const Choose& choose);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_WILD_PEOPLE_H_
