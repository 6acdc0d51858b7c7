// Where generated people live: cities, towns and the country between them.
#ifndef TURNABOUT_CLIENTS_GENERATE_TOWNS_H_
#define TURNABOUT_CLIENTS_GENERATE_TOWNS_H_

#include <vector>

#include "base/seed.h"
#include "turnabout/v1/scheme.pb.h"

namespace turnabout::generate {

// A place and how many people live there, as a share of the sum of all.
struct Settlement {
  v1::Place place;
  uint64_t people = 0;
};

// Places for a scheme of `people`: about one for every 40, from 12 to 3000. Four people in five live in at most 42
// cities, whose sizes fall off like 1, 1/2, 1/3 …; one in eight in towns; the rest in the country.
std::vector<Settlement> MakeSettlements(int people, Random& random);

}  // namespace turnabout::generate

#endif  // TURNABOUT_CLIENTS_GENERATE_TOWNS_H_
