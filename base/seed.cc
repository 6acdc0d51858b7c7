#include "base/seed.h"

#include <random>

namespace turnabout {

Seed SeedFromSystem() {
  std::random_device device;
  return Seed{(static_cast<uint64_t>(device()) << 32) | device()};
}

}  // namespace turnabout
