// A Network is a clearing as a circulation of turns, with prices. It holds what is chosen so far and says which
// member's books do not balance; Repair makes them balance, and then the choice is the best there is and the prices
// prove it.
//
//   hub --> account of u --(capacity)--> giver u --(edge, worth, 1 each)--> receiver v --(need)--> account of v --> hub
//
// An account passes on what its receiver got: to its own giver, or to the hub, at most `allowance` more than it has
// from there. The first turn received brings the member's bonus.
//
// There is a price on a place to receive (q) and on a place to give (p) of each member, and an edge's slack is
// p + q - worth. The price of an account follows from its member's q and p. Always:
//
//   edges     not used: slack >= 0                  used: slack <= 0
//   members   the turns that each should give and receive (`target`) are the best for them alone at their own prices
//
// All that may be missing is turns: of a receiver who should have more (used < target), or of such a giver.
#ifndef TURNABOUT_MATCHER_CLEAR_NETWORK_H_
#define TURNABOUT_MATCHER_CLEAR_NETWORK_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "matcher/clear/levels.h"
#include "matcher/clear/parallel.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

// An edge, as a list of one of its ends holds it: the other end, and the weight with its pin.
template <typename Weight>
struct Arc {
  int32_t member = 0;
  Weight weight = 0;
};

// What a member receives, or what they give. Half a cache line: whoever looks at a neighbour needs all of it.
struct alignas(32) Side {
  uint64_t lot = 0;    // what their tickets are drawn from
  uint32_t at = 0;     // their list begins here
  int32_t count = 0;   // arcs in it
  int32_t used = 0;    // the first so many carry a turn each
  int32_t target = 0;  // so many should; used <= target <= limit
  int32_t limit = 0;   // so many could
  int32_t label = 0;   // left by the last search that came by
};

// An edge that became used, or not used.
template <typename Weight>
struct Move {
  int32_t giver = 0;
  int32_t receiver = 0;
  Weight weight = 0;
  bool used = false;
  int32_t received = 0;  // how many turns the receiver had then
};

// Weight is int32_t, or int64_t where that is too narrow. Not thread-safe, but for members that no list connects.
template <typename Weight>
struct Network {
  // Nobody gives or receives yet, prices are such that every edge has slack, and nothing is settled.
  // There is room for `spare` more arcs before lists have to move. REQUIRES: the weights fit; order[i] is who of the
  // problem's members is member i here, each once.
  Network(const Problem& problem, const Levels& levels, const std::vector<int32_t>& order, int threads,
          size_t spare = 0);

  int32_t members() const { return static_cast<int32_t>(receive.size()); }

  Arc<Weight>* InArcs(int32_t receiver) { return in.data() + receive[receiver].at; }
  Arc<Weight>* OutArcs(int32_t giver) { return out.data() + give[giver].at; }
  const Arc<Weight>* InArcs(int32_t receiver) const { return in.data() + receive[receiver].at; }
  const Arc<Weight>* OutArcs(int32_t giver) const { return out.data() + give[giver].at; }

  Wide WorthOf(int32_t giver, int32_t receiver, Weight weight) const {
    return levels.EdgeWorth(weight, give[giver].lot, receive[receiver].lot);
  }
  Wide SlackOf(int32_t giver, int32_t receiver, Weight weight) const {
    return give_price[giver] + receive_price[receiver] - WorthOf(giver, receiver, weight);
  }
  // What the next turn that the member should receive would bring by itself, and what the last one brought.
  Wide NextBonus(int32_t member) const { return receive[member].target == 0 ? bonus[member] : Wide{0}; }
  Wide LastBonus(int32_t member) const { return receive[member].target == 1 ? bonus[member] : Wide{0}; }
  // True when the member could receive one more turn without giving one.
  bool HasCredit(int32_t member) const { return receive[member].target - give[member].target < allowance[member]; }

  void Prefetch(int32_t member) const {
    const auto fetch = [](const auto* from, int64_t bytes) {
      for (int64_t at = 0; at < bytes; at += 64) __builtin_prefetch(reinterpret_cast<const char*>(from) + at, 1, 2);
    };
    fetch(&receive_price[member], 1);
    fetch(&give_price[member], 1);
    fetch(&bonus[member], 1);
    fetch(&receive[member], 1);
    fetch(&give[member], 1);
    fetch(in.data() + receive[member].at, receive[member].count * sizeof(Arc<Weight>));
    fetch(out.data() + give[member].at, give[member].count * sizeof(Arc<Weight>));
  }

  // Makes an edge used, or not used, and says what it weighs. REQUIRES: it is not, or is.
  Weight Use(int32_t giver, int32_t receiver);
  Weight Unuse(int32_t giver, int32_t receiver);

  // An edge's arc in the receiver's list; nullptr when there is no such edge.
  const Arc<Weight>* FindArc(int32_t giver, int32_t receiver) const;

  // Adds a member with no edges, who is the last one then.
  void AddMember(uint64_t lot, Wide bonus);
  // Adds an edge that is not used. REQUIRES: there is none between the two.
  void AddEdge(int32_t giver, int32_t receiver, Weight weight);
  // REQUIRES: the edge is there, and for removing, not used.
  void SetWeight(int32_t giver, int32_t receiver, Weight weight);
  void RemoveEdge(int32_t giver, int32_t receiver);

  Levels levels;
  // True when the lists hold every edge there is, so that nobody can do more than their list holds.
  bool complete = true;
  // By member.
  std::vector<Wide> receive_price;
  std::vector<Wide> give_price;
  std::vector<Wide> bonus;
  std::vector<Side> receive;
  std::vector<Side> give;
  std::vector<int32_t> capacity;  // as stated, like need and allowance
  std::vector<int32_t> need;
  std::vector<int32_t> allowance;
  // The lists, used arcs first.
  BareVector<Arc<Weight>> in;   // of receivers
  BareVector<Arc<Weight>> out;  // of givers

 private:
  // How long lists may grow where they are. Empty until the first edge is added: as long as they are.
  std::vector<int32_t> in_room_;
  std::vector<int32_t> out_room_;

  void FillIn(const Problem& problem, const std::vector<int32_t>& order, const std::vector<int32_t>& rank, Range range,
              std::vector<uint32_t>& out_count);
  void FillOut(Range range, std::vector<uint32_t>& next);
};

template <typename Weight>
Weight Network<Weight>::Use(int32_t giver, int32_t receiver) {
  const auto move = [](Arc<Weight>* arcs, Side& side, int32_t member) {
    int32_t at = side.used;
    while (arcs[at].member != member) ++at;
    std::swap(arcs[at], arcs[side.used]);
    return arcs[side.used++].weight;
  };
  move(OutArcs(giver), give[giver], receiver);
  return move(InArcs(receiver), receive[receiver], giver);
}

template <typename Weight>
Weight Network<Weight>::Unuse(int32_t giver, int32_t receiver) {
  const auto move = [](Arc<Weight>* arcs, Side& side, int32_t member) {
    int32_t at = 0;
    while (arcs[at].member != member) ++at;
    std::swap(arcs[at], arcs[--side.used]);
    return arcs[side.used].weight;
  };
  move(OutArcs(giver), give[giver], receiver);
  return move(InArcs(receiver), receive[receiver], giver);
}

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_NETWORK_H_
