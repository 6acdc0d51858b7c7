// A Target is what a benchmark's figure should reach, and the words that a report has for it.
//
//   const Target target = AtLeast(60);
//   TargetText(target)       // ">= 60"
//   Verdict(target, 48)      // "missed by 20 %"
#ifndef TURNABOUT_TESTS_BENCH_COMMON_TARGET_H_
#define TURNABOUT_TESTS_BENCH_COMMON_TARGET_H_

#include <cstdint>
#include <optional>
#include <string>

namespace turnabout::bench {

struct Target {
  enum class Wanted : uint8_t { kAtLeast, kAtMost, kToKnow };

  Wanted wanted = Wanted::kToKnow;
  double value = 0;
};

inline Target AtLeast(double value) { return {Target::Wanted::kAtLeast, value}; }
inline Target AtMost(double value) { return {Target::Wanted::kAtMost, value}; }

// Empty when there is none.
std::string TargetText(const Target& target);

// "met", or "missed by 12 %"; empty when there is no target.
std::string Verdict(const Target& target, double value);

// As many digits as there is any truth in.
std::string Short(double value);

// The head of a table of figures, and a line of it; a figure without a value was not measured.
std::string FigureHead();
std::string FigureRow(const std::string& what, const Target& target, std::optional<double> value);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_TARGET_H_
