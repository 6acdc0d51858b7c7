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

 private:
  std::vector<int32_t> parent_;
  std::vector<int32_t> size_;
};

}  // namespace

std::vector<int32_t> LinksOf(const std::vector<PoolPair>& pairs, const std::vector<int32_t>& turns) {
  std::vector<std::vector<int32_t>> received(turns.size());
  std::vector<std::vector<int32_t>> given(turns.size());
  for (size_t i = 0; i < pairs.size(); ++i) {
    received[pairs[i].receiver].push_back(static_cast<int32_t>(i));
    given[pairs[i].giver].push_back(static_cast<int32_t>(i));
  }
  Groups groups(pairs.size());
  for (size_t person = 0; person < turns.size(); ++person) {
    const int64_t uncovered = static_cast<int64_t>(received[person].size()) - turns[person];
    if (uncovered <= 0) continue;
    TURNABOUT_CHECK(uncovered <= static_cast<int64_t>(given[person].size()));
    const auto tied_first = [&](int32_t pair) { return groups.Tied(pair); };
    std::stable_partition(received[person].begin(), received[person].end(), tied_first);
    std::stable_partition(given[person].begin(), given[person].end(), tied_first);
    for (int64_t i = 0; i < uncovered; ++i) groups.Tie(received[person][i], given[person][i]);
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
