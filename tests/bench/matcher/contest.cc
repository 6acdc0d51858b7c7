#include "tests/bench/matcher/contest.h"

#include <lemon/config.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/bench/common/files.h"
#include "tests/bench/matcher/runs.h"

namespace turnabout::bench {
namespace {

using clear::LemonSolver;
using clear::Objective;

constexpr int32_t kWhyNotPeople = 100'000;

class Contest {
 public:
  explicit Contest(const ContestOptions& options) : options_(options), folder_(options.parent) {}

  Outcome Run() {
    outcome_.versions = {absl::StrCat("LEMON ", LEMON_VERSION)};
    for (const int32_t people : options_.sizes) {
      if (!AnyAskedFor(people)) continue;
      std::printf("%d people\n", people);
      std::fflush(stdout);
      const World world(people);
      for (const Objective objective : {Objective::kWeight, Objective::kPeopleFirst}) ClearAll(world, objective);
      if (people >= 10'000) {
        Take("repair", people, [&] { return RunRepair(world.problem(Objective::kPeopleFirst), options_.changes); });
      }
      if (people <= options_.all_pairs_most) {
        Take("all-pairs", people, [&] { return RunAllPairs(world); });
      }
      if (people == kWhyNotPeople) Take("why-not", people, [&] { return RunWhyNot(world, 2'000); });
      if (people >= 10'000 && people <= options_.live_pool_most) {
        Take("live-pool", people, [&] { return RunLivePool(world, options_.changes / 4); });
      }
      if (people == options_.peer_people) FindCandidates(world);
    }
    return outcome_;
  }

 private:
  bool AskedFor(const std::string& whole) const {
    return options_.only.empty() || absl::StrContains(whole, options_.only);
  }

  // A scheme is made for somebody only.
  bool AnyAskedFor(int32_t people) const {
    constexpr const char* kNames[] = {
        "clear-weight", "clear-people", "lemon-cos-weight", "lemon-cos-people", "lemon-ns-weight", "lemon-ns-people",
        "greedy",       "repair",       "all-pairs",        "live-pool",        "why-not",         "nearest",
        "s2",           "postgis"};
    return std::any_of(std::begin(kNames), std::end(kNames),
                       [&](const char* name) { return AskedFor(absl::StrCat(name, "-", people)); });
  }

  // Runs a contender, unless it was not asked for.
  void Take(const std::string& name, int32_t people, const std::function<Figures()>& run) {
    const std::string whole = absl::StrCat(name, "-", people);
    if (!AskedFor(whole)) return;
    outcome_.figures[whole] = run();
    outcome_.order.push_back(whole);
    const Figures& figures = outcome_.figures[whole];
    std::printf("  %-28s", whole.c_str());
    for (const auto& [figure, value] : figures) std::printf(" %s %.6g", figure.c_str(), value);
    std::printf("\n");
    std::fflush(stdout);
  }

  void ClearAll(const World& world, Objective objective) {
    const clear::Problem problem = world.problem(objective);
    const int32_t people = world.people();
    const std::string suffix = objective == Objective::kWeight ? "-weight" : "-people";
    const int times = people <= 10'000 ? 9 : people <= 100'000 ? 3 : 1;
    Take("clear" + suffix, people, [&] { return RunClear(problem, times); });
    if (objective == Objective::kWeight) Take("greedy", people, [&] { return RunGreedy(problem, times); });
    if (people <= options_.cost_scaling_most) {
      Take("lemon-cos" + suffix, people, [&] { return RunLemon(problem, LemonSolver::kCostScaling); });
    }
    if (people <= options_.network_simplex_most) {
      Take("lemon-ns" + suffix, people, [&] { return RunLemon(problem, LemonSolver::kNetworkSimplex); });
    }
    for (const char* lemon : {"lemon-cos", "lemon-ns"}) {
      Compare(absl::StrCat("clear", suffix, "-", people), absl::StrCat(lemon, suffix, "-", people), objective);
    }
  }

  // Both must have found the same worth. Where weight alone counts, as many may be served in another way.
  void Compare(const std::string& one, const std::string& other, Objective objective) const {
    const auto a = outcome_.figures.find(one);
    const auto b = outcome_.figures.find(other);
    if (a == outcome_.figures.end() || b == outcome_.figures.end()) return;
    const bool same = a->second.at("weight") == b->second.at("weight") &&
                      (objective == Objective::kWeight || a->second.at("served") == b->second.at("served"));
    if (same) return;
    std::fprintf(stderr, "bench_matcher: %s and %s disagree on what is best\n", one.c_str(), other.c_str());
    std::exit(1);
  }

  void FindCandidates(const World& world) {
    Take("nearest", world.people(), [&] { return RunNearest(world, 20 * options_.queries); });
    TakePeer("s2", world, [&] { return StartS2(world); });
    TakePeer("postgis", world, [&] { return StartPostgis(world, folder_.path()); });
  }

  void TakePeer(const char* name, const World& world,
                const std::function<absl::StatusOr<std::unique_ptr<CandidatePeer>>()>& start) {
    if (!AskedFor(absl::StrCat(name, "-", world.people()))) return;
    const absl::StatusOr<std::unique_ptr<CandidatePeer>> peer = start();
    if (!peer.ok()) {
      outcome_.skipped.push_back(std::string(peer.status().message()));
      return;
    }
    outcome_.versions.push_back((*peer)->Version());
    Take(name, world.people(), [&] { return RunPeer(world, **peer, options_.queries); });
  }

  const ContestOptions options_;
  const TemporaryFolder folder_;
  Outcome outcome_;
};

}  // namespace

Outcome RunContest(const ContestOptions& options) { return Contest(options).Run(); }

}  // namespace turnabout::bench
