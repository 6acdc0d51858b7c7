// Near finds, for somebody who would like a buddy, every giver with whom a pair could be worth more than its prices,
// and looks at few others. It belongs to the verifier, and like it knows the criteria and nothing of how a round is
// found.
//
//   const Near near(givers, prices, settings, worth);
//   near.Visit(ana, price_of_ana, [&](int32_t giver) { ... });   // each giver who is Allowed for ana and could pay
//
// Every giver is in a list for each category they help with, by phone or online and in person, and in each language
// they speak. What a pair has in common first (a category by phone or online, or else one in person; a language) names
// the one list in which it counts, so it comes up once. A list is a tree over the map: at the head of each branch
// stands its cheapest giver, with the box around all of the branch and every time at which any of it is free. Leaving a
// branch out is safe when its best could not pay, which needs no more than that each score grows with what it is given:
//   score   <= the score of somebody free at all those times, as near as the box is, with all the tree has in common
//   worth   <  what a pair of that score with any ticket is worth
//   beyond  <= worth - the head's price - the receiver's price, and the head is the cheapest.
// When help is in person only, so is a branch whose box begins beyond the receiver's reach.
#ifndef TURNABOUT_MATCHER_VERIFY_NEAR_H_
#define TURNABOUT_MATCHER_VERIFY_NEAR_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "matcher/criteria/all.h"

namespace turnabout {

// Positions in `people`, neighbours on the map near each other: in that order all that follows is quick.
std::vector<int32_t> ByPlace(const std::vector<Person>& people);

class Near {
 public:
  using Number = __int128;

  // A pair of score s is worth at least s << score_shift, and less than that and `above_ticket`.
  struct Worth {
    int score_shift = 0;
    Number above_ticket = 0;
  };

  // `prices` has one for each giver. REQUIRES: all but `worth` outlive it; weights from 0 to kWeightMax.
  Near(const std::vector<Traits>& givers, const std::vector<Number>& prices, const Settings& settings, Worth worth);

  // Calls `visit` once for each giver who is Allowed for `receiver` and whose pair is worth more than the two prices,
  // and for some others, until it returns false. Then this returns false.
  bool Visit(const Traits& receiver, Number price, absl::FunctionRef<bool(int32_t giver)> visit) const;

 private:
  // A piece of the map, with its edges: latitudes and longitudes in millionths of a degree.
  struct Box {
    int32_t south, north, west, east;
  };
  struct Node {
    Number price;  // of the head, the lowest of the branch
    Box branch, home;
    SlotSet branch_slots, slots;
    int32_t giver;
  };
  struct Tree {
    uint64_t services = 0;    // that anybody in it has used
    std::vector<Node> nodes;  // of each branch the head first, then one half of the others, then the other half
  };
  struct Question;

  static void Grow(Node* first, Node* last);
  bool CouldPay(const Box& box, SlotSet slots, Number price, const Question& question) const;
  bool Walk(const Node* first, const Node* last, const Question& question) const;

  const std::vector<Traits>& givers_;
  const Settings& settings_;
  const Worth worth_;
  int64_t whole_ = 0;                     // of the weights
  std::vector<std::vector<Tree>> lists_;  // by way of helping and language: a tree for each first service used
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_VERIFY_NEAR_H_
