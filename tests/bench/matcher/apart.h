// Apart runs one contender in a process of its own, so that its peak memory is its own, and hands back its figures.
//
//   const Figures figures = RunApart([&](Figures& out) { out["worth"] = Solve(...); });
//   figures.at("peak_mb")   // what it took beyond what was there when it began
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_APART_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_APART_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace turnabout::bench {

using Figures = std::map<std::string, double>;

// Sees everything that the caller made before, at no cost, and nothing that it makes is seen. "peak_mb" is added. Ends
// the program when the contender does not return. Called from one thread, while there is no other.
Figures RunApart(const std::function<void(Figures& out)>& contender);

// Wall time and this process's processor time of something, in seconds.
struct Took {
  double wall_s = 0;
  double cpu_s = 0;
};
Took TimeOf(const std::function<void()>& something);

// The value that a share of the sorted values is below. REQUIRES: there are some; 0 <= share < 1.
double Quantile(std::vector<double> values, double share);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_APART_H_
