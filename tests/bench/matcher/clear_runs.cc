#include <thread>
#include <vector>

#include "base/check.h"
#include "base/crew.h"
#include "matcher/clear/solve.h"
#include "matcher/clear/verify.h"
#include "tests/bench/matcher/edge_greedy.h"
#include "tests/bench/matcher/runs.h"
#include "tests/support/lemon_twin.h"

namespace turnabout::bench {
namespace {

// Runs something some times; the median wall time and the processor time of that run's neighbour.
void TimeMany(int times, const std::function<void()>& something, Figures& out) {
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < times; ++i) {
    const Took took = TimeOf(something);
    wall.push_back(took.wall_s);
    cpu.push_back(took.cpu_s);
  }
  out["wall_s"] = Quantile(wall, 0.5);
  out["cpu_s"] = Quantile(cpu, 0.5);
}

}  // namespace

Figures RunClear(const clear::Problem& problem, int times) {
  return RunApart([&](Figures& out) {
    absl::StatusOr<clear::Answer> answer = absl::UnknownError("not solved");
    TimeMany(
        times, [&] { answer = clear::Solve(problem, {.threads = CrewSize()}); }, out);
    TURNABOUT_CHECK(answer.ok());
    out["weight"] = static_cast<double>(answer->weight);
    out["served"] = static_cast<double>(answer->served);
    absl::Status verified;
    const Took verifying = TimeOf([&] { verified = clear::Verify(problem, *answer); });
    out["verify_s"] = verifying.wall_s;
    out["verify_cpu_s"] = verifying.cpu_s;
    TURNABOUT_CHECK(verified.ok());
  });
}

Figures RunLemon(const clear::Problem& problem, clear::LemonSolver solver) {
  return RunApart([&](Figures& out) {
    const clear::LemonAnswer answer = clear::SolveByLemon(problem, solver);
    out["wall_s"] = answer.wall_s;
    out["cpu_s"] = answer.cpu_s;
    out["weight"] = static_cast<double>(answer.worth);
    if (problem.objective == clear::Objective::kPeopleFirst) out["served"] = static_cast<double>(answer.served);
  });
}

Figures RunGreedy(const clear::Problem& problem, int times) {
  return RunApart([&](Figures& out) {
    GreedyAnswer answer;
    TimeMany(
        times, [&] { answer = ClearEdgesGreedily(problem); }, out);
    out["weight"] = static_cast<double>(answer.weight);
    out["served"] = static_cast<double>(answer.served);
  });
}

}  // namespace turnabout::bench
