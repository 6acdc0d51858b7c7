#include "matcher/clear/network.h"

#include <algorithm>
#include <limits>

#include "base/crew.h"

namespace turnabout::clear {
namespace {

constexpr int32_t kRoomAtLeast = 4;

}  // namespace

template <typename Weight>
Network<Weight>::Network(const Problem& problem, const Levels& levels, const std::vector<int32_t>& order, int threads,
                         size_t spare)
    : levels(levels),
      receive_price(problem.ids.size()),
      give_price(problem.ids.size()),
      bonus(problem.ids.size()),
      receive(problem.ids.size()),
      give(problem.ids.size()),
      capacity(problem.ids.size()),
      need(problem.ids.size()),
      allowance(problem.ids.size()) {
  for (BareVector<Arc<Weight>>* lists : {&in, &out}) {
    lists->reserve(problem.giver.size() + spare);
    lists->resize(problem.giver.size());
  }
  std::vector<int32_t> rank(order.size());
  uint32_t at = 0;
  for (int32_t v = 0; v < members(); ++v) {
    const int32_t member = order[v];
    rank[member] = v;
    receive[v].at = at;
    receive[v].count = static_cast<int32_t>(problem.first[member + 1] - problem.first[member]);
    at += static_cast<uint32_t>(receive[v].count);
  }
  // By part of the receivers and giver: how many arcs go out, then where the next one of them is put.
  std::vector<std::vector<uint32_t>> next(threads);
  InParts(threads, threads, [&](int, int64_t part) {
    next[part].resize(order.size());
    FillIn(problem, order, rank, PartOf(members(), threads, part), next[part]);
    return true;
  });
  at = 0;
  for (int32_t u = 0; u < members(); ++u) {
    give[u].at = at;
    for (std::vector<uint32_t>& of_part : next) at += std::exchange(of_part[u], at);
    give[u].count = static_cast<int32_t>(at - give[u].at);
  }
  InParts(threads, threads, [&](int, int64_t part) {
    FillOut(PartOf(members(), threads, part), next[part]);
    return true;
  });
}

// The members of a range and the arcs into them; counts those arcs by giver.
template <typename Weight>
void Network<Weight>::FillIn(const Problem& problem, const std::vector<int32_t>& order,
                             const std::vector<int32_t>& rank, Range range, std::vector<uint32_t>& out_count) {
  for (int32_t v = range.begin; v < range.end; ++v) {
    const int32_t member = order[v];
    bonus[v] = levels.MemberWorth(problem.bonus[member]);
    receive[v].lot = give[v].lot = LotOf(problem.ids[member]);
    capacity[v] = problem.capacity[member];
    need[v] = problem.need[member];
    allowance[v] = problem.allowance[member];
    int64_t most = std::numeric_limits<int64_t>::min();
    Arc<Weight>* arc = InArcs(v);
    for (int64_t e = problem.first[member]; e < problem.first[member + 1]; ++e, ++arc) {
      const int32_t giver = rank[problem.giver[e]];
      const int64_t weight = problem.weight[e] + (!problem.pinned.empty() && problem.pinned[e] != 0 ? levels.pin : 0);
      *arc = {giver, static_cast<Weight>(weight)};
      most = std::max(most, weight);
      ++out_count[giver];
    }
    if (receive[v].count > 0) receive_price[v] = (static_cast<Wide>(most) + 1) << levels.shift;
  }
}

template <typename Weight>
void Network<Weight>::FillOut(Range range, std::vector<uint32_t>& next) {
  for (int32_t v = range.begin; v < range.end; ++v) {
    const Arc<Weight>* arc = InArcs(v);
    for (const Arc<Weight>* const end = arc + receive[v].count; arc != end; ++arc) {
      out[next[arc->member]++] = {v, arc->weight};
    }
  }
}

template <typename Weight>
const Arc<Weight>* Network<Weight>::FindArc(int32_t giver, int32_t receiver) const {
  const Arc<Weight>* const arcs = InArcs(receiver);
  const Arc<Weight>* const end = arcs + receive[receiver].count;
  const Arc<Weight>* const arc = std::find_if(arcs, end, [&](const Arc<Weight>& a) { return a.member == giver; });
  return arc == end ? nullptr : arc;
}

template <typename Weight>
void Network<Weight>::AddMember(uint64_t lot, Wide bonus) {
  receive_price.push_back(0);
  give_price.push_back(0);
  this->bonus.push_back(bonus);
  for (std::vector<Side>* sides : {&receive, &give}) {
    sides->emplace_back();
    sides->back().lot = lot;
  }
  for (std::vector<int32_t>* terms : {&capacity, &need, &allowance}) terms->push_back(0);
}

template <typename Weight>
void Network<Weight>::AddEdge(int32_t giver, int32_t receiver, Weight weight) {
  const auto add = [](BareVector<Arc<Weight>>& lists, const std::vector<Side>& sides, Side& side,
                      std::vector<int32_t>& rooms, const Arc<Weight>& arc) {
    for (size_t i = rooms.size(); i < sides.size(); ++i) rooms.push_back(sides[i].count);
    int32_t& room = rooms[static_cast<size_t>(&side - sides.data())];
    if (side.count == room) {
      // The list moves to the end, where it has room to grow.
      const size_t at = lists.size();
      room += room / 2 + kRoomAtLeast;
      lists.resize(at + static_cast<size_t>(room));
      std::copy_n(lists.begin() + side.at, side.count, lists.begin() + static_cast<ptrdiff_t>(at));
      side.at = static_cast<uint32_t>(at);
    }
    lists[side.at + side.count++] = arc;
  };
  add(in, receive, receive[receiver], in_room_, {giver, weight});
  add(out, give, give[giver], out_room_, {receiver, weight});
}

template <typename Weight>
void Network<Weight>::SetWeight(int32_t giver, int32_t receiver, Weight weight) {
  const auto set = [&](Arc<Weight>* arc, int32_t member) {
    while (arc->member != member) ++arc;
    arc->weight = weight;
  };
  set(InArcs(receiver), giver);
  set(OutArcs(giver), receiver);
}

template <typename Weight>
void Network<Weight>::RemoveEdge(int32_t giver, int32_t receiver) {
  const auto remove = [](Arc<Weight>* arcs, Side& side, int32_t member) {
    int32_t at = side.used;
    while (arcs[at].member != member) ++at;
    arcs[at] = arcs[--side.count];
  };
  remove(InArcs(receiver), receive[receiver], giver);
  remove(OutArcs(giver), give[giver], receiver);
}

template struct Network<int32_t>;
template struct Network<int64_t>;

}  // namespace turnabout::clear
