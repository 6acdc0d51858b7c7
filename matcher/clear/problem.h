// A Problem is a clearing in numbers alone: members, who could give to whom, and what each choice is worth.
//
//   Problem problem;                                   // a ring of two: each gives to the other
//   problem.ids = {1, 2};
//   problem.capacity = problem.need = {1, 1};          // one turn to give, one to receive
//   problem.allowance = {0, 0};                        // nobody receives without giving
//   problem.bonus = {0, 0};
//   problem.first = {0, 1, 2};                         // one edge into each
//   problem.giver = {1, 0};
//   problem.weight = {10, -3};
//
// A choice is a set of edges, each used at most once. Its limits, for every member: turns given <= capacity, turns
// received <= need, turns received - turns given <= allowance. It is worth the weights of its edges and, once for each
// member who receives at all, their bonus. The choice above that is worth most is both edges: 7.
#ifndef TURNABOUT_MATCHER_CLEAR_PROBLEM_H_
#define TURNABOUT_MATCHER_CLEAR_PROBLEM_H_

#include <cstdint>
#include <vector>

namespace turnabout::clear {

inline constexpr int32_t kMembersMax = 1 << 28;
inline constexpr int64_t kEdgesMax = int64_t{1} << 31;

// What is best.
enum class Objective : uint8_t {
  kWeight,       // the most weight and bonuses together
  kPeopleFirst,  // the most people who receive at all; among those choices, the most weight and bonuses
};

struct Problem {
  // By member; each at least 0.
  std::vector<int64_t> ids;  // ascending, none twice
  std::vector<int32_t> capacity;
  std::vector<int32_t> need;
  std::vector<int32_t> allowance;
  std::vector<int64_t> bonus;

  // Edges, by receiver, then by giver. Those into member v are edges first[v] to first[v + 1] - 1. Nobody gives to
  // themselves, and no pair comes twice.
  std::vector<int64_t> first;
  std::vector<int32_t> giver;
  std::vector<int64_t> weight;
  // Empty, or 1 for each edge that must be chosen, whatever it costs.
  std::vector<uint8_t> pinned;

  Objective objective = Objective::kWeight;

  int32_t members() const { return static_cast<int32_t>(ids.size()); }
  int64_t edges() const { return static_cast<int64_t>(giver.size()); }
};

// A chosen edge, by position among the members.
struct Choice {
  int32_t giver = 0;
  int32_t receiver = 0;
  friend auto operator<=>(const Choice&, const Choice&) = default;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_PROBLEM_H_
