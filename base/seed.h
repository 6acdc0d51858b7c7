// A Seed makes chance repeatable: the same Seed gives the same numbers on every machine.
#ifndef TURNABOUT_BASE_SEED_H_
#define TURNABOUT_BASE_SEED_H_

#include <cstdint>

namespace turnabout {

struct Seed {
  uint64_t value = 0;
  friend bool operator==(const Seed&, const Seed&) = default;
};

// A seed nobody can foresee, from the operating system. For ids; tests and rounds are given theirs.
Seed SeedFromSystem();

// Mixes two numbers into one; the finaliser of splitmix64 (Steele, Lea, Flood 2014).
constexpr uint64_t Mix(uint64_t a, uint64_t b) {
  uint64_t z = a + 0x9e3779b97f4a7c15ull * (b + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

// The splitmix64 sequence. Not for secrets. Not thread-safe.
class Random {
 public:
  explicit Random(Seed seed) : state_(seed.value) {}
  uint64_t Next() { return Mix(state_++, 0); }
  // Uniform in [0, limit) up to a bias below limit / 2^64. REQUIRES: limit > 0.
  uint64_t Below(uint64_t limit) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * limit) >> 64);
  }
  // Uniform in [low, high]. REQUIRES: low <= high.
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }
  // True in `part` of `whole` cases.
  bool OneIn(uint64_t part, uint64_t whole) { return Below(whole) < part; }

 private:
  uint64_t state_;
};

}  // namespace turnabout

#endif  // TURNABOUT_BASE_SEED_H_
