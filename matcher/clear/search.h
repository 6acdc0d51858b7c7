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

#include "matcher/clear/network.h"

namespace turnabout::clear {

// Not thread-safe. Two searches may work on one network, on members that no list connects.
template <typename Weight>
class Search {
 public:
  // `network` outlives it.
  explicit Search(Network<Weight>& network);

  // REQUIRES: the receiver, or giver, is missing a turn.
  void Backward(int32_t receiver);
  void Forward(int32_t giver);

  // To be called when the network has new members.
  void Grow();

  int64_t searches() const { return searches_; }
  int64_t visits() const { return visits_; }  // members whose list was gone through

 private:
  static constexpr int32_t kNone = -1;
  // A node is 2 * member for what the member receives, 2 * member + 1 for what they give.
  struct Label {
    Wide distance;
    int32_t node;
    int32_t from;  // the label it was reached from; kNone at the source
  };
  struct HeapItem {
    Wide distance;
    int32_t label;
  };
  // What happens where a way ends.
  enum class End : uint8_t { kTurnFound, kGivesMore, kGivesLess, kReceivesMore, kReceivesLess };

  void Begin(int32_t source);
  // Pops the nearest label that is still good and nearer than the best end; kNone when there is none.
  int32_t Next();
  // The node's label when this is the shortest way to it so far, else kNone.
  int32_t Improve(int32_t node, Wide distance, int32_t from);
  void Push(int32_t label);
  void EndAt(Wide distance, int32_t label, End end);

  void FromReceiver(int32_t label);  // backward, through the receiver's list
  void ToGiver(int32_t giver, Wide distance, int32_t from);
  void BackThroughUsed(int32_t label);  // from a giver to whom they give now
  void FromGiver(int32_t label);        // forward, through the giver's list
  void ToReceiver(int32_t receiver, Wide distance, int32_t from);
  void ForwardThroughUsed(int32_t label);
  void Finish(bool backward);

  Network<Weight>& network_;
  std::vector<int32_t> mark_;  // by node: its label, if that label is of this node
  std::vector<Label> labels_;
  std::vector<HeapItem> heap_;
  Wide best_ = 0;  // the shortest way to an end so far
  int32_t end_label_ = kNone;
  End end_ = End::kTurnFound;
  int64_t searches_ = 0;
  int64_t visits_ = 0;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_SEARCH_H_
