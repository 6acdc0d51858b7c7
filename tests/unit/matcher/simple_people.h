// People for tests who suit each other in every way, so that a test changes only what it is about.
#ifndef TURNABOUT_TESTS_UNIT_MATCHER_SIMPLE_PEOPLE_H_
#define TURNABOUT_TESTS_UNIT_MATCHER_SIMPLE_PEOPLE_H_

#include <cstdint>

#include "matcher/matcher.h"
#include "tests/support/pool_generator.h"

namespace turnabout {

// Offers shopping at home, needs shopping at home, speaks language 0, is free on Monday morning, lives in one place and
// goes 5 km. Neither gives nor receives until told.
inline Person Neighbour(uint64_t n) {
  Person person;
  person.id = MadeUpId(n);
  person.has_place = true;
  person.place = {53'400'000, -2'200'000};
  person.travel_metres = 5'000;
  person.languages = 1;
  person.slots = 1;
  person.offers = {{0, kHome}};
  person.needs = {{0, kHome, 0}};
  return person;
}

inline Person Gives(uint64_t n, int32_t capacity = 1) {
  Person person = Neighbour(n);
  person.give_capacity = capacity;
  return person;
}

inline Person Receives(uint64_t n, int32_t turns = 1, int32_t need = 1) {
  Person person = Neighbour(n);
  person.receive_need = need;
  person.turns = turns;
  return person;
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_UNIT_MATCHER_SIMPLE_PEOPLE_H_
