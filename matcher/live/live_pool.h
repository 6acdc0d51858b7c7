// A LivePool keeps the best set of pairs for a pool that changes, and finds it again after each change by looking only
// nearby.
//
//   absl::StatusOr<std::unique_ptr<LivePool>> live = LivePool::Make(pool, settings, Seed{42});
//   live->Bar(ben, ana);                     // a decline: the pair rests
//   live->SetPerson(cas);                    // a new offer, a pledge made or lapsed, a place taken, somebody new
//   live->Balance();
//   live->GiversOf(ana)                      // who gives to her in the round that ProposeRound would propose now
//   live->Suggest(ana, 10)                   // they first, then whoever else could
//
// After Balance the pairs are those of ProposeRound for the same people, settings and seed, to the last one, without
// the floors of groups: what they ask for is found by doing a round several times. (And where a lottery ticket has
// fewer than 40 bits, in schemes of some tens of thousands: one that has shrunk since it was made may keep shorter ones
// than a round would, and break ties in another way.)
//
// How: as in a round, everyone has a price on a place to give and on a place to receive, and only few of the eligible
// pairs are held. For both of a person's prices there is a floor, and for every eligible pair that is not held
//
//   worth <= the giver's floor + the receiver's floor.
//
// While no price is below its floor, no pair that is not held would pay, so the best choice among those held is the
// best of all. When one falls below, the person's eligible pairs are gone through, some more are held, and the floor is
// what would make the next one pay.
#ifndef TURNABOUT_MATCHER_LIVE_LIVE_POOL_H_
#define TURNABOUT_MATCHER_LIVE_LIVE_POOL_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "matcher/assign/objective.h"
#include "matcher/clear/network.h"
#include "matcher/clear/repair.h"
#include "matcher/live/live_bounds.h"
#include "matcher/live/live_rows.h"
#include "matcher/matcher.h"

namespace turnabout {

// Who gives to whom.
struct LivePair {
  MemberId giver;
  MemberId receiver;
  friend auto operator<=>(const LivePair&, const LivePair&) = default;
};

// A pair that came into the best set, or went.
struct LiveMove {
  LivePair pair;
  bool came = false;
};

// Somebody who could give to a person.
struct LiveSuggestion {
  MemberId giver;
  bool in_best = false;  // the best set has the pair
  Proposal proposal;     // the score and the findings; the positions say nothing
};

// Not thread-safe.
class LivePool {
 public:
  // Errors: those of ProposeRound.
  static absl::StatusOr<std::unique_ptr<LivePool>> Make(const Pool& pool, const Settings& settings, Seed seed,
                                                        const Progress& progress = {});
  LivePool(const LivePool&) = delete;
  LivePool& operator=(const LivePool&) = delete;

  // Changes. What follows further down is right after the next Balance.

  // Somebody new, or as they are from now on. Who left has nothing to give or to receive. INVALID_ARGUMENT for a person
  // whom ProposeRound would refuse, or one too many; nothing has changed then.
  absl::Status SetPerson(const Person& person);
  // The pair rests, or they are buddies already; and no longer. Nothing happens when either is not in the pool, or when
  // it was so before.
  void Bar(const LivePair& pair);
  void Unbar(const LivePair& pair);

  // Makes the set the best again. Errors: CANCELLED when `progress` returned false; call it again to go on.
  absl::Status Balance(const Progress& progress = {});

  // How many people there are, those who left among them.
  int64_t size() const { return static_cast<int64_t>(people_.size()); }
  // Null when they are not in the pool. Valid until the next change.
  const Person* Find(const MemberId& id) const;

  // Of the best set, by the other's id; nobody for somebody who is not in the pool.
  std::vector<MemberId> GiversOf(const MemberId& receiver) const;
  std::vector<MemberId> ReceiversOf(const MemberId& giver) const;
  // All of it, by receiver, then giver.
  std::vector<LivePair> Pairs() const;
  // What came and went between the last two Balances, by receiver, then giver.
  const std::vector<LiveMove>& moves() const { return moves_; }

  // What ScorePair says of two people. REQUIRES: both are in the pool, and CheckPair is OK for them.
  Proposal ScoreOfPair(const LivePair& pair) const;

  // As SuggestGivers, but those of the best set first.
  std::vector<LiveSuggestion> Suggest(const MemberId& receiver, int32_t most);

  // Everything as it is now; who rests and who is paired are one list, that of those who rest.
  Pool PoolNow() const;

  // Pairs held, and how often a person's pairs were gone through; for measurements.
  int64_t held() const { return held_; }
  int64_t looks() const { return looks_; }

 private:
  using Network = clear::Network<int32_t>;

  // A pair that is not held, as one of the two sees it: the other's floor below which it pays at a price of 0.
  struct Unheld {
    Wide pays_below;
    int32_t person;
    int32_t score;
  };

  LivePool(const Settings& settings, Seed seed) : settings_(settings), seed_(seed) {}

  // Making it, and making it anew (live_pool_make.cc). Nothing has changed when it fails.
  absl::Status Build(const Pool& pool, const Progress& progress);
  absl::Status Rebuild(const Progress& progress);
  void TakePeople(const Pool& pool, std::vector<int32_t> order);
  void TakeSides(const std::vector<uint8_t>& priced);

  int32_t Add(const MemberId& id);
  // A person's numbers and sides as the person says.
  void Apply(int32_t person);
  void OpenGiving(int32_t giver);
  void OpenReceiving(int32_t receiver);
  void CloseGiving(int32_t giver);
  void CloseReceiving(int32_t receiver);
  void Drop(int32_t giver, int32_t receiver);

  // The other side of everybody's eligible pairs, of those whose side is open, in row_.
  void RowOfGiver(int32_t giver);
  void RowOfReceiver(int32_t receiver);
  // Holds some more pairs of the row, those that would pay first, and says where the floor is then.
  void HoldSome(bool of_giver, int32_t person, size_t most);
  // Goes through the pairs of those whose price is below its floor. False when there is nobody.
  bool LookAgain(size_t most);
  bool IsBelowFloor(int32_t node) const;

  Wide WorthOf(int32_t giver, int32_t receiver, int32_t score) const {
    return network_->WorthOf(giver, receiver, score);
  }
  bool IsUsed(int32_t giver, int32_t receiver) const;
  bool IsBarred(int32_t giver, int32_t receiver) const;
  int32_t PositionOf(const MemberId& id) const;
  void TellMoves();
  std::vector<LivePair> PairsBefore() const;
  LivePair PairAt(int32_t giver, int32_t receiver) const { return {people_[giver].id, people_[receiver].id}; }

  const Settings settings_;
  const Seed seed_;

  // By position, which is also the member of the network.
  std::deque<Person> people_;  // whose traits point into them
  std::vector<Traits> traits_;
  std::vector<std::vector<int32_t>> barred_;  // givers a receiver may not have, sorted
  std::vector<Wide> giving_floor_;
  std::vector<Wide> receiving_floor_;
  std::vector<uint8_t> gives_;     // has a place free: the side is open
  std::vector<uint8_t> receives_;  // would like a buddy and could have a turn
  absl::flat_hash_map<MemberId, int32_t> at_;

  LiveBounds bounds_;
  Objective::Bounds room_;  // what the objective is good for
  Objective objective_;
  std::unique_ptr<LiveRows> rows_;
  std::unique_ptr<Network> network_;
  std::vector<clear::Move<int32_t>> log_;  // since the last Balance
  std::vector<int32_t> fell_;              // nodes whose price fell since they were looked at
  std::unique_ptr<clear::Repair<int32_t>> repair_;
  bool outgrown_ = false;  // all must be made anew
  size_t arcs_most_ = 0;   // when the lists are longer than this, too
  std::vector<LiveMove> moves_;
  int64_t held_ = 0;
  int64_t looks_ = 0;

  // For one row at a time.
  std::vector<LivePartner> row_;
  std::vector<Unheld> unheld_;
  std::vector<int64_t> mark_;  // by position: the row in which they were marked last
  int64_t marked_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_LIVE_LIVE_POOL_H_
