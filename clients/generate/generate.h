// A seeded scheme of as many invented people as asked for, living in towns of very different sizes and in between.
//
//   GeneratedScheme scheme = GenerateScheme({.people = 1000, .seed = Seed{42}});
//
// The same options give the same scheme on every machine. Dates are written "today+90", so that it never grows old.
#ifndef TURNABOUT_CLIENTS_GENERATE_GENERATE_H_
#define TURNABOUT_CLIENTS_GENERATE_GENERATE_H_

#include <string>
#include <vector>

#include "base/seed.h"
#include "turnabout/v1/member_service.pb.h"
#include "turnabout/v1/rule_set.pb.h"
#include "turnabout/v1/scheme.pb.h"

namespace turnabout::generate {

struct GenerateOptions {
  int people = 1000;  // from 1 to 5,000,000
  Seed seed;
};

struct GeneratedScheme {
  v1::RuleSet rule_set;
  std::vector<v1::Place> places;
  std::vector<v1::ImportedMember> members;  // excluded_members holds references; dates are "today+N" or "today-N"
};

// REQUIRES: options.people is in range.
GeneratedScheme GenerateScheme(const GenerateOptions& options);

}  // namespace turnabout::generate

#endif  // TURNABOUT_CLIENTS_GENERATE_GENERATE_H_
