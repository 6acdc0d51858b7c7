// Repair makes the books of a Network balance, after which its choice is the best there is and its prices prove it.
//
//   Repair<int32_t> repair(network);
//   for (int32_t i = 0; i < network.members(); ++i) repair.Settle(i);
//   repair.Run(keep_going);               // the best choice
//   network.allowance[i] = 3;             // whatever changed about a member or an edge ...
//   repair.Settle(i);
//   repair.Run(keep_going);               // ... the best choice again, at the cost of a few searches nearby
#ifndef TURNABOUT_MATCHER_CLEAR_REPAIR_H_
#define TURNABOUT_MATCHER_CLEAR_REPAIR_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "matcher/clear/network.h"
#include "matcher/clear/search.h"

namespace turnabout::clear {

// Told now and then how far a run is: done of how many members whose books did not balance. Returns false to stop it.
using KeepGoing = std::function<bool(int64_t done, int64_t of)>;

// Not thread-safe. Two may work on one network, on members that no list connects.
template <typename Weight>
class Repair {
 public:
  // `network` outlives it, and so do `moves` and `fell`, which are its Search's.
  explicit Repair(Network<Weight>& network, std::vector<Move<Weight>>* moves = nullptr,
                  std::vector<int32_t>* fell = nullptr)
      : network_(network), search_(network, moves, fell) {}

  // Raises the receiver's price until none of their unused edges pays, lets go of the used ones that no longer do, and
  // settles the receiver. Does nothing when none pays as it is.
  void Reopen(int32_t receiver);

  // Works out the member's limits and the targets that are best for them alone at their prices, lets go of turns beyond
  // the targets, and remembers whom a turn is missing now.
  void Settle(int32_t member);

  // Makes an edge not used, and remembers whom a turn is missing now. REQUIRES: it is used.
  void LetGo(int32_t giver, int32_t receiver);

  // Finds or places every missing turn. False when `keep_going` was: then some are missing still, and Run goes on with
  // them when it is called again.
  bool Run(const KeepGoing& keep_going);

  const Search<Weight>& search() const { return search_; }

 private:
  Network<Weight>& network_;
  Search<Weight> search_;
  std::vector<int32_t> receivers_;  // who may be missing turns
  std::vector<int32_t> givers_;
  std::vector<int32_t> paid_;  // receivers of whom an edge that was let go may pay still
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_REPAIR_H_
