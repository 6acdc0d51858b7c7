#include "matcher/clear/repair.h"

#include <algorithm>

namespace turnabout::clear {
namespace {

constexpr int64_t kVisitsBetweenAsks = 10'000;
// So many members later, what lies around a member will be needed: about as much as a core's cache holds half of.
constexpr size_t kAhead = 512;

}  // namespace

template <typename Weight>
void Repair<Weight>::LetGo(int32_t giver, int32_t receiver) {
  const Weight weight = search_.Use(giver, receiver, /*used=*/false);
  if (network_.give[giver].used < network_.give[giver].target) givers_.push_back(giver);
  if (network_.receive[receiver].used < network_.receive[receiver].target) receivers_.push_back(receiver);
  if (network_.SlackOf(giver, receiver, weight) < 0) paid_.push_back(receiver);
}

template <typename Weight>
void Repair<Weight>::Reopen(int32_t receiver) {
  const Side& side = network_.receive[receiver];
  const Arc<Weight>* const arcs = network_.InArcs(receiver);
  Wide most = 0;
  for (int32_t i = side.used; i < side.count; ++i) {
    most = std::max(most, -network_.SlackOf(arcs[i].member, receiver, arcs[i].weight));
  }
  if (most == 0) return;
  network_.receive_price[receiver] += most;
  for (int32_t i = side.used; i-- > 0;) {
    if (network_.SlackOf(arcs[i].member, receiver, arcs[i].weight) > 0) LetGo(arcs[i].member, receiver);
  }
  Settle(receiver);
}

template <typename Weight>
void Repair<Weight>::Settle(int32_t member) {
  Side& receive = network_.receive[member];
  Side& give = network_.give[member];
  const Wide q = network_.receive_price[member];
  const Wide p = network_.give_price[member];
  const int64_t allowance = network_.allowance[member];
  give.limit = network_.complete ? std::min(network_.capacity[member], give.count) : network_.capacity[member];
  receive.limit = network_.complete ? std::min(network_.need[member], receive.count) : network_.need[member];
  receive.limit = static_cast<int32_t>(std::min<int64_t>(receive.limit, give.limit + allowance));

  // Receiving one turn more brings q, the first one the bonus as well; beyond the allowance it takes giving, which
  // brings p. Bringing less and less, turns are worth having up to `least`, and no loss up to `most`.
  const Wide given = std::min(p, Wide{0});
  const int64_t free = std::min<int64_t>(allowance, receive.limit);
  int64_t least = 0;
  int64_t most = 0;
  const auto extend = [&](int64_t to, Wide brings) {
    if (brings > 0) least = std::max(least, to);
    if (brings >= 0) most = std::max(most, to);
  };
  if (receive.limit > 0) extend(1, q + network_.bonus[member] + (allowance == 0 ? given : Wide{0}));
  if (free > 1 && most == 1) extend(free, q);
  if (receive.limit > free && most == std::max<int64_t>(free, 1)) extend(receive.limit, q + given);
  receive.target = static_cast<int32_t>(std::clamp<int64_t>(receive.used, least, most));

  const int64_t owed = std::max<int64_t>(0, receive.target - allowance);
  give.target = p > 0   ? give.limit
                : p < 0 ? static_cast<int32_t>(owed)
                        : static_cast<int32_t>(std::clamp<int64_t>(give.used, owed, give.limit));
  while (receive.used > receive.target) LetGo(network_.InArcs(member)[receive.used - 1].member, member);
  while (give.used > give.target) LetGo(member, network_.OutArcs(member)[give.used - 1].member);
  if (receive.used < receive.target) receivers_.push_back(member);
  if (give.used < give.target) givers_.push_back(member);
}

template <typename Weight>
bool Repair<Weight>::Run(const KeepGoing& keep_going) {
  for (size_t i = 0; i < paid_.size(); ++i) Reopen(paid_[i]);
  paid_.clear();
  const int64_t of = static_cast<int64_t>(receivers_.size() + givers_.size());
  int64_t ask_at = search_.visits() + kVisitsBetweenAsks;
  const auto run = [&](std::vector<int32_t>& members, const std::vector<Side>& sides, auto search) {
    size_t done = 0;
    for (; done < members.size(); ++done) {
      if (done + kAhead < members.size()) network_.Prefetch(members[done + kAhead]);
      const Side& side = sides[members[done]];
      while (side.used < side.target) {
        if (search_.visits() >= ask_at) {
          const int64_t left = static_cast<int64_t>(receivers_.size() + givers_.size() - done);
          if (keep_going && !keep_going(std::max<int64_t>(0, of - left), of)) break;
          ask_at = search_.visits() + kVisitsBetweenAsks;
        }
        search(members[done]);
      }
      if (side.used < side.target) break;
    }
    members.erase(members.begin(), members.begin() + static_cast<ptrdiff_t>(done));
    return members.empty();
  };
  return run(receivers_, network_.receive, [&](int32_t v) { search_.Backward(v); }) &&
         run(givers_, network_.give, [&](int32_t u) { search_.Forward(u); });
}

template class Repair<int32_t>;
template class Repair<int64_t>;

}  // namespace turnabout::clear
