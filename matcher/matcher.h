// A round proposes who could buddy whom, for a whole scheme at once, as well as it can be done, and proves it.
//
//   Pool pool;                                    // ben offers gardening, ana would like it, and ben has a place free
//   pool.people = {ana, ben};
//   absl::StatusOr<Round> round = ProposeRound(pool, settings, Seed{42});
//   round->proposals[0].giver                     // ben's position in pool.people
//   round->proposals[0].findings[0].sentence      // "Ben ... gardening, which Ana would like" - without names
//   VerifyRound(pool, settings, Seed{42}, *round) // OK: allowed, within every limit, and nothing better exists
//
// What a round maximises, in this order: urgent people served; people served; waiting days of the people served (each
// counted to 730); total score; and a seeded lottery that leaves exactly one best answer. What it obeys: every hard
// criterion; give_capacity and receive_need; and for each person turns received <= turns + turns given in the round.
//
// Where a group is below its floor, its people count as having waited some whole number of days longer, and the round
// is the best for days counted that way. So floors come after urgent people and people served, and before waiting.
//
// Everything here is pure and in whole numbers: the same pool, settings and seed give the same bytes on every machine,
// in whatever order the people come. Threads: no state; call it from as many threads as you like.
#ifndef TURNABOUT_MATCHER_MATCHER_H_
#define TURNABOUT_MATCHER_MATCHER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/crew.h"
#include "base/seed.h"
#include "matcher/person.h"
#include "matcher/settings.h"

namespace turnabout {

// A pair by position in Pool::people.
struct PoolPair {
  int32_t giver = 0;
  int32_t receiver = 0;
  friend auto operator<=>(const PoolPair&, const PoolPair&) = default;
};

struct Pool {
  std::vector<Person> people;     // no id twice
  std::vector<PoolPair> resting;  // declined, ended or forbidden: not proposed
  std::vector<PoolPair> paired;   // buddies already: not proposed again
};

// What a criterion found for one pair.
struct Finding {
  std::string criterion;  // "distance"
  int32_t score = 0;      // 0 to 1000
  int32_t weight = 0;     // its share in the pair's score
  std::string sentence;   // "They live 2.1 km apart." Names nobody.
};

struct Proposal {
  int32_t giver = 0;
  int32_t receiver = 0;
  int32_t score = 0;  // weighted mean of the findings, 0 to 1000, rounded down
  std::vector<Finding> findings;
  // Proposals with the same link number above 0 stand or fall together: someone among them receives a turn only because
  // they give one in the same round. 0: stands alone.
  int32_t link = 0;
};

// Why somebody who would like a buddy has none in a round.
enum class LeftOutClass : uint8_t {
  kNobodyEligible,  // no giver passes every hard criterion; `blocking` says which one relaxed would change it
  kTurnNeeded,      // an eligible giver has room, or would if others moved up, and this person has no turn: a pledge,
                    // or a turn given, would do it
  kContested,       // eligible givers exist, and all are needed by people the round puts first
  kShortage,        // fewer places than people, for a whole group of people who can only be met by the same givers
};

struct LeftOut {
  int32_t person = 0;
  LeftOutClass why = LeftOutClass::kNobodyEligible;
  std::string blocking;                  // criterion, for kNobodyEligible; else ""
  std::string sentence_for_person;       // own facts only: "No one within 5 km speaks Somali yet. ..."
  std::string sentence_for_coordinator;  // may count people, never names them
};

// One step of what a round maximises, most important first.
struct Value {
  int64_t urgent_served = 0;
  int64_t served = 0;
  int64_t waiting_days = 0;
  int64_t score = 0;
  friend auto operator<=>(const Value&, const Value&) = default;
};

// What a round does for one of Settings::groups.
struct GroupShare {
  int64_t people = 0;      // in the pool
  int64_t waiting = 0;     // of those, with receive_need above 0
  int64_t served = 0;      // of those, given a buddy
  int64_t floor = 0;       // of those waiting, how many should be: the floor's share of them, rounded up
  int64_t bonus_days = 0;  // each of them counts as having waited so much longer; 0 without a floor
  friend bool operator==(const GroupShare&, const GroupShare&) = default;
};

// The proof that nothing better exists: a price for each person's place to receive, account and place to give, in the
// levels of the objective. Opaque outside matcher/; VerifyRound reads it.
struct Certificate {
  std::string instance_digest;  // SHA-256, hexadecimal, of what the round was computed from
  std::string prices;           // a fixed encoding
};

struct Round {
  std::vector<Proposal> proposals;  // by receiver's id, then giver's
  std::vector<LeftOut> left_out;    // by id
  Value value;
  Value greedy;         // what taking the best remaining pair again and again would have reached
  int64_t waiting = 0;  // people with receive_need above 0
  int64_t eligible_pairs = 0;
  std::vector<GroupShare> groups;  // one for each of Settings::groups
  // A bound that the certificate proves: no round that serves as many people, as many of them urgent, and meets every
  // floor has more waiting days. So it is value.waiting_days itself when no round that meets the floors does better,
  // and below 0 when there is no such round at all. (The Lagrangian bound: waiting days, and for each group its bonus
  // times the people served beyond its floor.)
  int64_t waiting_days_bound = 0;
  Certificate certificate;
};

// Told how far a round is: done of how many steps. Returns false to cancel.
using Progress = std::function<bool(int64_t done, int64_t of)>;

// How the work is done, which never changes what comes of it.
struct Means {
  int threads = CrewSize();          // above 0. DEFAULT: as many as run side by side here.
  bool plain_scan_required = false;  // not the vector instructions that the processor may have. DEFAULT: false.
};

// Errors: CANCELLED when `progress` returned false; INVALID_ARGUMENT when an id comes twice, a position is outside the
// pool or a number is outside what person.h allows.
absl::StatusOr<Round> ProposeRound(const Pool& pool, const Settings& settings, Seed seed, const Progress& progress = {},
                                   const Means& means = {});

// OK when every proposal is allowed, every limit holds, the value is what the proposals add up to, and the certificate
// proves that nothing better exists. DATA_LOSS/BOOKS_DISAGREE with what is wrong otherwise, INVALID_ARGUMENT for a pool
// that ProposeRound would refuse. Shares no code with the solver.
absl::Status VerifyRound(const Pool& pool, const Settings& settings, Seed seed, const Round& round);

// The hard criteria for one pair, in their written order; the first that fails is the refusal (JOURNEY_MISMATCH,
// NOTHING_IN_COMMON, NO_SHARED_LANGUAGE, ...). Capacity and turns are not looked at here: those are counts, and the
// caller holds them.
absl::Status CheckPair(const Person& giver, const Person& receiver, const Settings& settings);

// The findings of one pair and its score. REQUIRES: CheckPair is OK for it.
Proposal ScorePair(const Person& giver, const Person& receiver, const Settings& settings);

// Givers for `receiver`, best score first, at most `most` of those with capacity who pass every hard criterion.
// Each is what ScorePair says, with positions in `pool`.
std::vector<Proposal> SuggestGivers(const Pool& pool, const Settings& settings, int32_t receiver, int32_t most);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_MATCHER_H_
