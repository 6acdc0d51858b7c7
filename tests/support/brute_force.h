// The slow, obvious twin of Solve: every set of edges is tried. For problems of a dozen edges or so.
#ifndef TURNABOUT_TESTS_SUPPORT_BRUTE_FORCE_H_
#define TURNABOUT_TESTS_SUPPORT_BRUTE_FORCE_H_

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "base/seed.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

// The best choice there is, its weight without bonuses, and how many members it serves.
struct BruteForceAnswer {
  std::vector<Choice> choices;  // by giver, then receiver
  __int128 weight = 0;
  int64_t served = 0;
};

inline BruteForceAnswer SolveByBruteForce(const Problem& problem, int ticket_bits) {
  struct Value {
    int64_t first = 0;  // people, when they come first
    __int128 worth = 0;
    __int128 tickets = 0;
    bool operator<(const Value& other) const {
      return std::tie(first, worth, tickets) < std::tie(other.first, other.worth, other.tickets);
    }
  };
  const int64_t edges = problem.edges();
  std::vector<int32_t> receiver;
  for (int32_t v = 0; v < problem.members(); ++v) receiver.resize(problem.first[v + 1], v);
  BruteForceAnswer best;
  Value best_value;
  std::vector<int32_t> given, received;
  for (uint32_t set = 0; set < (uint32_t{1} << edges); ++set) {
    given.assign(problem.ids.size(), 0);
    received.assign(problem.ids.size(), 0);
    BruteForceAnswer answer;
    Value value;
    for (int64_t e = 0; e < edges; ++e) {
      if ((set >> e & 1) == 0) continue;
      const int32_t u = problem.giver[e];
      const int32_t v = receiver[e];
      ++given[u];
      ++received[v];
      answer.weight += problem.weight[e];
      answer.choices.push_back({u, v});
      value.tickets +=
          Mix(Mix(static_cast<uint64_t>(problem.ids[u]), 0x7461), Mix(static_cast<uint64_t>(problem.ids[v]), 0x7461)) >>
          (64 - ticket_bits);
    }
    bool allowed = true;
    value.worth = answer.weight;
    for (size_t i = 0; i < given.size(); ++i) {
      allowed = allowed && given[i] <= problem.capacity[i] && received[i] <= problem.need[i] &&
                received[i] - given[i] <= problem.allowance[i];
      if (received[i] == 0) continue;
      ++answer.served;
      value.worth += problem.bonus[i];
    }
    if (problem.objective == Objective::kPeopleFirst) value.first = answer.served;
    if (!allowed || !(best_value < value)) continue;
    best_value = value;
    std::sort(answer.choices.begin(), answer.choices.end());
    best = answer;
  }
  return best;
}

}  // namespace turnabout::clear

#endif  // TURNABOUT_TESTS_SUPPORT_BRUTE_FORCE_H_
