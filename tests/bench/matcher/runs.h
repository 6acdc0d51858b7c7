// What each contender does, each in a process of its own, and the figures that it hands back: wall_s, cpu_s and peak_mb
// for all, and what is said below. Every answer is proven or compared in the same run.
#ifndef TURNABOUT_TESTS_BENCH_MATCHER_RUNS_H_
#define TURNABOUT_TESTS_BENCH_MATCHER_RUNS_H_

#include <cstdint>

#include "matcher/clear/problem.h"
#include "tests/bench/matcher/apart.h"
#include "tests/bench/matcher/candidate_peers.h"
#include "tests/bench/matcher/world.h"
#include "tests/support/lemon_flow.h"

namespace turnabout::bench {

// weight, served; verify_s and verify_cpu_s of the verifier. Solves `times` times, and takes the median.
Figures RunClear(const clear::Problem& problem, int times);

// weight, and served when people come first.
Figures RunLemon(const clear::Problem& problem, clear::LemonSolver solver);

// weight, served.
Figures RunGreedy(const clear::Problem& problem, int times);

// The optimum kept while `changes` changes are made, a quarter each: a buddy declines, somebody makes or uses up a
// pledge, can give more or less, or is new with the candidates of a neighbour. p50_us, p99_us, mean_us; then what one
// pledge would change for each of some people who are served by nobody, and back again: pledge_p50_ms, pledge_p99_ms.
// What is left is proven.
Figures RunRepair(const clear::Problem& problem, int changes);

// The optimum over every eligible pair: solved over a few pairs for each, then over those that would pay at its prices
// as well, until none would. weight, served, rounds, listed; start_s, solve_s, price_s, and the same of the processors:
// start_cpu_s ...
Figures RunAllPairs(const World& world);

// A whole round's clearing, and then why some people who are left out have no buddy, in both sentences, one person at a
// time: why_not_p50_ms, why_not_p99_ms, why_not_most_ms.
Figures RunWhyNot(const World& world, int people);

// A LivePool, which holds the optimum over every eligible pair: build_s, build_cpu_s; then `changes` changes, a fifth
// each: decline_p50_us, decline_p99_us and the same of a place, a turn, traits (other offers and needs), and new
// (somebody); and of ten suggestions. What is left is that of a round done anew.
Figures RunLivePool(const World& world, int changes);

// Everybody's nearest 20 at once, on all processors: wall_s, with the index built; then one at a time: p50_us, p99_us.
Figures RunNearest(const World& world, int queries);

// The same of a peer for some receivers by lot: both_us, the time for each with two at once; p50_us, p99_us one at a
// time; agreement, the share of its answers that are ours. Not in a process of its own.
Figures RunPeer(const World& world, CandidatePeer& peer, int queries);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_MATCHER_RUNS_H_
