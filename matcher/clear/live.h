// A Live keeps the best choice for a problem that changes, and finds it again after each change by looking only nearby.
//
//   absl::StatusOr<Live<int32_t>> live = Live<int32_t>::Make(problem, {});
//   live->RemoveEdge(ben, ana);             // a decline
//   live->SetMember(cas, {.capacity = 2});  // an offer
//   live->Balance({});
//   live->GiversOf(ana)                     // of the only best choice, as if everything had been solved anew
//   live->moves()                           // the edges that came and went
//
// Members keep their positions: those of the problem first, then others in the order in which they were added.
#ifndef TURNABOUT_MATCHER_CLEAR_LIVE_H_
#define TURNABOUT_MATCHER_CLEAR_LIVE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "matcher/clear/answer.h"
#include "matcher/clear/network.h"
#include "matcher/clear/problem.h"
#include "matcher/clear/repair.h"
#include "matcher/clear/solve.h"

namespace turnabout::clear {

// What a member can do and would like, as in Problem.
struct Terms {
  int32_t capacity = 0;
  int32_t need = 0;
  int32_t allowance = 0;
  int64_t bonus = 0;
};

// Weight is int32_t, or int64_t for larger weights. Not thread-safe.
template <typename Weight>
class Live {
 public:
  // Solves the problem. Errors: those of Solve. REQUIRES: its weights fit, and no edge is pinned.
  static absl::StatusOr<Live> Make(const Problem& problem, const SolveOptions& options);

  // Changes. Each may be refused, when the numbers would add up to more than 128 bits hold: INVALID_ARGUMENT, and
  // nothing has changed. REQUIRES: positions are those of members; no number of a member's terms is below 0.

  // A member with no edges yet, and their position. REQUIRES: the id is new.
  absl::StatusOr<int32_t> AddMember(int64_t id, const Terms& terms);
  absl::Status SetMember(int32_t member, const Terms& terms);
  // Takes all edges away and sets the terms to nothing. The id stays taken.
  void RemoveMember(int32_t member);
  // Adds an edge, or changes its weight. REQUIRES: giver != receiver.
  absl::Status SetEdge(int32_t giver, int32_t receiver, Weight weight);
  // Takes an edge away if it is there.
  void RemoveEdge(int32_t giver, int32_t receiver);

  // Makes the choice the best again. False when `keep_going` was: call it again to go on. What follows is right after a
  // Balance that was true.
  bool Balance(const KeepGoing& keep_going);

  int32_t members() const { return static_cast<int32_t>(ids_.size()); }
  int64_t id(int32_t member) const { return ids_[member]; }
  Terms TermsOf(int32_t member) const;
  bool HasEdge(int32_t giver, int32_t receiver) const;
  // Who gives to a member now, and to whom they give, in no order.
  std::vector<int32_t> GiversOf(int32_t receiver) const;
  std::vector<int32_t> ReceiversOf(int32_t giver) const;

  Wide weight() const { return weight_; }     // of the edges chosen
  Wide bonus() const { return bonus_; }       // of the members served
  int64_t served() const { return served_; }  // how many those are
  int64_t visits() const { return visits_ + repair_->search().visits(); }

  // What moved since the Balance before: an edge is there each time that it came or went. By position.
  const std::vector<Move<Weight>>& moves() const { return moves_; }

  // Everything as it is now, members by id, to be verified or solved anew.
  Problem ProblemNow() const;
  Answer AnswerNow() const;

 private:
  Live(const Problem& problem, const Levels& levels, const Totals& totals, const Totals& room,
       std::vector<int32_t> order, int threads);

  bool IsUsed(int32_t giver, int32_t receiver) const;  // in the network's members
  void BeginChange();
  // Counts `totals` as those from now on. When they exceed what there is room for, all worths are made anew.
  absl::Status Count(const Totals& totals);
  void MakeWorthsAnew(const Levels& levels);
  int64_t BonusOf(int32_t rank) const;
  int64_t TurnsOf(int32_t rank, int64_t count) const;
  void Tally();
  // Where each of the network's members is among all by id.
  std::vector<int32_t> PlaceById() const;

  std::vector<int64_t> ids_;    // by position
  std::vector<int32_t> rank_;   // by position: the member of the network
  std::vector<int32_t> order_;  // the other way round
  Objective objective_;
  Totals totals_;
  Totals room_;  // what the levels are good for
  std::unique_ptr<Network<Weight>> network_;
  std::unique_ptr<std::vector<Move<Weight>>> log_;  // since the last tally, in the network's members
  std::unique_ptr<Repair<Weight>> repair_;
  std::vector<Move<Weight>> moves_;
  bool balanced_ = true;
  int64_t visits_ = 0;
  Wide weight_ = 0;
  Wide bonus_ = 0;
  int64_t served_ = 0;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_LIVE_H_
