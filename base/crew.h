// InParts does the parts of a large job on as many threads as the machine has processors for it.
//
//   std::vector<Search> searches(CrewSize());
//   InParts(CrewSize(), groups.count(), [&](int thread, int64_t group) { return searches[thread].Look(group); });
#ifndef TURNABOUT_BASE_CREW_H_
#define TURNABOUT_BASE_CREW_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace turnabout {

inline constexpr int kCrewMost = 8;

// As many threads as run side by side here.
inline int CrewSize() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kCrewMost); }

// Calls work(thread, part) once for each part from 0 to `parts`, on `threads` threads of which the caller is number 0.
// A thread whose work(...) returns false stops, and the others stop with it; then this returns false. Parts are handed
// out in order, and what they do must not depend on who does them.
template <typename Work>
bool InParts(int threads, int64_t parts, Work work) {
  std::atomic<int64_t> next{0};
  std::atomic<bool> going{true};
  const auto run = [&](int thread) {
    while (going.load(std::memory_order_relaxed)) {
      const int64_t part = next.fetch_add(1, std::memory_order_relaxed);
      if (part >= parts) return;
      if (!work(thread, part)) going.store(false, std::memory_order_relaxed);
    }
  };
  std::vector<std::thread> others;
  for (int thread = 1; thread < threads && thread < parts; ++thread) others.emplace_back(run, thread);
  run(0);
  for (std::thread& other : others) other.join();
  return going.load(std::memory_order_relaxed);
}

}  // namespace turnabout

#endif  // TURNABOUT_BASE_CREW_H_
