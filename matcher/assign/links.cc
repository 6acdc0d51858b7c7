#include "matcher/assign/links.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace turnabout {
namespace {

// Disjoint sets of pairs.
class Groups {
 public:
  explicit Groups(size_t count) : parent_(count), size_(count, 1) { std::iota(parent_.begin(), parent_.end(), 0); }
  int32_t Of(int32_t pair) {
    while (parent_[pair] != pair) pair = parent_[pair] = parent_[parent_[pair]];
    return pair;
  }
  void Tie(int32_t a, int32_t b) {
    a = Of(a);
    b = Of(b);
    if (a == b) return;
    if (a > b) std::swap(a, b);
    parent_[b] = a;
    size_[a] += size_[b];
  }
  bool Tied(int32_t pair) { return size_[Of(pair)] > 1; }
  // How many more would stand or fall together if the two were tied.
  int64_t CostOfTie(int32_t a, int32_t b) {
    a = Of(a);
    b = Of(b);
    return a == b ? 0 : int64_t{size_[a]} + size_[b];
  }

 private:
  std::vector<int32_t> parent_;
  std::vector<int32_t> size_;
};

// A person with more pairs than this is not searched for the best choice.
constexpr size_t kChoicesMax = 16;

// The turns of one person in a round, as positions of pairs.
struct Turns {
  std::vector<int32_t> received;
  std::vector<int32_t> given;
  int64_t uncovered = 0;
};

// Ties one received to one given and takes both off the lists.
void TieBest(Turns& turns, Groups& groups) {
  size_t best_received = 0;
  size_t best_given = 0;
  if (turns.received.size() <= kChoicesMax && turns.given.size() <= kChoicesMax) {
    int64_t least = groups.CostOfTie(turns.received[0], turns.given[0]);
    for (size_t r = 0; r < turns.received.size(); ++r) {
      for (size_t g = 0; g < turns.given.size(); ++g) {
        const int64_t cost = groups.CostOfTie(turns.received[r], turns.given[g]);
        if (cost >= least) continue;
        least = cost;
        best_received = r;
        best_given = g;
      }
    }
  }
  groups.Tie(turns.received[best_received], turns.given[best_given]);
  turns.received.erase(turns.received.begin() + static_cast<int64_t>(best_received));
  turns.given.erase(turns.given.begin() + static_cast<int64_t>(best_given));
}

}  // namespace

std::vector<int32_t> LinksOf(const std::vector<PoolPair>& pairs, const std::vector<int32_t>& turns) {
  std::vector<Turns> people(turns.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    people[pairs[i].receiver].received.push_back(static_cast<int32_t>(i));
    people[pairs[i].giver].given.push_back(static_cast<int32_t>(i));
  }
  Groups groups(pairs.size());
  for (const bool choice : {false, true}) {  // who has no choice first
    for (size_t i = 0; i < people.size(); ++i) {
      Turns& person = people[i];
      if (!choice) person.uncovered = static_cast<int64_t>(person.received.size()) - turns[i];
      if (person.uncovered <= 0) continue;
      TURNABOUT_CHECK(person.uncovered <= static_cast<int64_t>(person.given.size()));
      if (!choice && (person.received.size() > 1 || person.given.size() > 1)) continue;
      for (; person.uncovered > 0; --person.uncovered) TieBest(person, groups);
    }
  }
  std::vector<int32_t> links(pairs.size(), 0);
  std::vector<int32_t> number(pairs.size(), 0);
  int32_t last = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (!groups.Tied(static_cast<int32_t>(i))) continue;
    int32_t& group = number[groups.Of(static_cast<int32_t>(i))];
    if (group == 0) group = ++last;
    links[i] = group;
  }
  return links;
}

}  // namespace turnabout
