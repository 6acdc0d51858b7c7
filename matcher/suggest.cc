#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "matcher/criteria/all.h"
#include "matcher/matcher.h"

namespace turnabout {

std::vector<Proposal> SuggestGivers(const Pool& pool, const Settings& settings, int32_t receiver, int32_t most) {
  if (receiver < 0 || static_cast<size_t>(receiver) >= pool.people.size() || most <= 0) return {};
  const Person& asking = pool.people[receiver];
  const Traits asking_traits = TraitsOf(asking, settings);
  absl::flat_hash_set<int32_t> forbidden;
  for (const std::vector<PoolPair>* list : {&pool.resting, &pool.paired}) {
    for (const PoolPair& pair : *list) {
      if (pair.receiver == receiver) forbidden.insert(pair.giver);
    }
  }
  std::vector<std::pair<int32_t, int32_t>> found;  // score, position
  for (size_t i = 0; i < pool.people.size(); ++i) {
    const int32_t giver = static_cast<int32_t>(i);
    if (pool.people[i].give_capacity <= 0 || forbidden.contains(giver)) continue;
    const Traits traits = TraitsOf(pool.people[i], settings);
    if (Allowed(traits, asking_traits, settings)) found.emplace_back(ScoreOf(traits, asking_traits, settings), giver);
  }
  const size_t count = std::min(found.size(), static_cast<size_t>(most));
  std::partial_sort(found.begin(), found.begin() + count, found.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : pool.people[a.second].id < pool.people[b.second].id;
  });
  std::vector<Proposal> proposals;
  for (size_t i = 0; i < count; ++i) {
    proposals.push_back(ScorePair(pool.people[found[i].second], asking, settings));
    proposals.back().giver = found[i].second;
    proposals.back().receiver = receiver;
  }
  return proposals;
}

}  // namespace turnabout
