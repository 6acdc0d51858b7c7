// The seed of a random test: TURNABOUT_SEED when it is set, so that a failure can be run again, else the test's own.
//
//   const Seed seed = TestSeed(1);
//   SCOPED_TRACE(RerunWith(seed));
#ifndef TURNABOUT_TESTS_SUPPORT_SEED_H_
#define TURNABOUT_TESTS_SUPPORT_SEED_H_

#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/seed.h"

namespace turnabout {

inline Seed TestSeed(uint64_t otherwise) {
  const char* text = std::getenv("TURNABOUT_SEED");
  uint64_t value = 0;
  if (text != nullptr && absl::SimpleAtoi(text, &value)) return Seed{value};
  return Seed{otherwise};
}

inline bool HasTestSeed() { return std::getenv("TURNABOUT_SEED") != nullptr; }

// True when TURNABOUT_FULL asks for the long form of a random test.
inline bool IsFullRun() { return std::getenv("TURNABOUT_FULL") != nullptr; }

inline std::string RerunWith(Seed seed) { return absl::StrCat("rerun with TURNABOUT_SEED=", seed.value); }

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_SEED_H_
