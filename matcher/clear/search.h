// A Search finds the shortest way by which one missing turn can come or go, and moves it.
//
// Backward, from a receiver v who should have one more: whose turn could come to v? A giver u of v's list at the edge's
// slack; through u, a receiver who has a turn of u's now. It ends at a giver who should give more or could, or at a
// receiver who does best without. Forward, from a giver, is the mirror image. A member's own two sides are connected
// too: who receives one less may give one less, and the other way round.
//
//   Search<int32_t> search(network);
//   search.Backward(v);   // v has one turn more, or should have one less; every price still fits
//
// Distances are sums of slacks, so none is below 0: this is Dijkstra's algorithm, with the network's prices as
// potentials. It stops at the first end. Prices move by as much as their nodes are nearer than that end, which leaves
// no slack on the way and none below 0 anywhere.
#ifndef TURNABOUT_MATCHER_CLEAR_SEARCH_H_
#define TURNABOUT_MATCHER_CLEAR_SEARCH_H_

#include <cstdint>
#include <vector>

#include "matcher/clear/near_heap.h"
#include "matcher/clear/network.h"

namespace turnabout::clear {

// Not thread-safe. Two searches may work on one network, on members that no list connects.
template <typename Weight>
class Search {
 public:
  // `network` outlives it, and so do, unless they are nullptr, `moves`, to which it adds what it moved, and `fell`, to
  // which it adds the nodes whose price fell: 2 * member for what the member receives, 2 * member + 1 for what they
  // give.
  explicit Search(Network<Weight>& network, std::vector<Move<Weight>>* moves = nullptr,
                  std::vector<int32_t>* fell = nullptr)
      : network_(network), moves_(moves), fell_(fell) {}

  // REQUIRES: the receiver, or giver, is missing a turn.
  void Backward(int32_t receiver);
  void Forward(int32_t giver);

  // Makes an edge used, or not used, and says what it weighs. REQUIRES: it is not, or is.
  Weight Use(int32_t giver, int32_t receiver, bool used);

  int64_t searches() const { return searches_; }
  int64_t visits() const { return visits_; }  // members whose list was gone through

 private:
  static constexpr int32_t kNone = -1;
  struct Label {
    Wide distance;
    int32_t node;
    int32_t from;  // the label it was reached from; kNone at the source
  };
  // What happens where a way ends.
  enum class End : uint8_t { kTurnFound, kGivesMore, kGivesLess, kReceivesMore, kReceivesLess };

  Wide WorthOf(int32_t giver, int32_t receiver, Weight weight) const {
    return network_.levels.EdgeWorth(weight, give_[giver].lot, receive_[receiver].lot);
  }

  void Begin(int32_t source);
  // Pops the nearest label; kNone when none is nearer than the best end.
  int32_t Next();
  // Remembers a way to the node: its label if that is the shortest so far, else kNone. `mark` is the node's.
  int32_t Improve(int32_t& mark, int32_t node, Wide distance, int32_t from);
  void Push(int32_t label) { heap_.Push({labels_.data()[label].distance, label}); }
  void EndAt(Wide distance, int32_t label, End end);

  // Calls visit(arc) for the arcs over which something could be nearer than the best end, the nearest of them first:
  // that brings a near end soon. `base` + the price at the arc's other end - its worth is how near it is, of which the
  // upper halves are looked at.
  template <typename Visit>
  void ForNearArcs(const Arc<Weight>* arc, const Arc<Weight>* last, const Wide* prices, Wide base, const Visit& visit);

  // Backward: from a receiver to the givers of their list, and from a giver to whom they give now. What lies no farther
  // is gone through at once, everything else waits in the heap.
  void FromReceiver(int32_t label);
  void ToGiver(int32_t giver, Wide distance, int32_t from);
  void BackFromGiver(int32_t label);
  // Forward: from a giver to the receivers of their list, and from a receiver to who gives to them now.
  void FromGiver(int32_t label);
  void ToReceiver(int32_t receiver, Wide distance, int32_t from);
  void OnFromReceiver(int32_t label);

  void MovePrices(bool backward);
  void MoveTurn(bool backward);

  Network<Weight>& network_;
  std::vector<Move<Weight>>* const moves_;
  std::vector<int32_t>* const fell_;
  // The network's, as they lie during one search.
  Wide* receive_price_ = nullptr;
  Wide* give_price_ = nullptr;
  Side* receive_ = nullptr;
  Side* give_ = nullptr;
  const Arc<Weight>* in_ = nullptr;
  const Arc<Weight>* out_ = nullptr;

  std::vector<Label> labels_;
  int32_t label_count_ = 0;
  NearHeap heap_;
  Wide best_ = 0;  // the shortest way to an end so far
  int32_t end_label_ = kNone;
  End end_ = End::kTurnFound;
  int64_t searches_ = 0;
  int64_t visits_ = 0;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_SEARCH_H_
