// An Ask is one receiver made ready for the search: what they ask of givers as rows, and the tables that turn what they
// share with a giver into the pair's score.
#ifndef TURNABOUT_MATCHER_CANDIDATES_ASK_H_
#define TURNABOUT_MATCHER_CANDIDATES_ASK_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "matcher/candidates/plan.h"
#include "matcher/candidates/row_book.h"
#include "matcher/criteria/all.h"

namespace turnabout {

// How people meet: a giver is looked for on the map, or anywhere for help by phone or online.
enum class Meet : uint8_t { kInPerson, kRemotely };

// A pair's score times the sum of the weights, so that nothing is rounded before the end.
using ScoreSum = int64_t;

class Ask {
 public:
  // Makes this the Ask of `receiver`. REQUIRES: the same settings as the traits of the receiver and of the givers.
  void Prepare(const RowBook& book, const Traits& receiver, const Settings& settings);

  // Sets what is asked to some hard criteria, those of them that are rows, for that way of meeting, with no regard to
  // the score. Without the needs, the way of meeting asks nothing.
  void AskHard(Meet meet, Criteria criteria = kEveryCriterion);

  // Asks besides for what every giver has who comes within `budget` of the best sum: nobody else is worth a look.
  // REQUIRES: AskHard came before; budget >= 0.
  void AskScore(Meet meet, ScoreSum budget);

  const Plan& plan() const { return plan_; }
  // Clauses of the plan that hold the rows to look at for one giver, whatever it asks for at the moment: the needs that
  // can be met so, one by one with what each counts; the needs that can be met in this way alone; times; languages;
  // services.
  int counted_clause(Meet meet) const { return sides_[static_cast<int>(meet)].counted_clause; }
  const uint8_t* need_weights(Meet meet) const { return sides_[static_cast<int>(meet)].weights.data(); }
  int reach_clause(Meet meet) const { return sides_[static_cast<int>(meet)].reach_clause; }
  int time_clause() const { return time_clause_; }
  int language_clause() const { return language_clause_; }
  int same_service_clause() const { return same_service_clause_; }
  int some_service_clause() const { return some_service_clause_; }
  bool wants(Meet meet) const { return wants_[static_cast<int>(meet)]; }

  // The most that any giver's sum can be, leaving out the distance.
  ScoreSum most(Meet meet) const { return sides_[static_cast<int>(meet)].most; }
  ScoreSum whole() const { return whole_; }
  // The sum that a score of at least `score` takes. No sum is above 1000 times the whole.
  ScoreSum SumFor(int64_t score) const { return std::clamp<int64_t>(score, 0, kScoreMax + 1) * whole_; }
  ScoreSum distance_weight() const { return distance_weight_; }

  // What deciding about one giver takes; see scan.h.
  Point place;        // somewhere on the earth even without one
  int64_t limit = 0;  // squared decimetres; 0: has no place
  int32_t distance_metres_max = 0;
  ScoreSum needs_sums[257] = {};  // by what the met needs count; 64 urgent ones count 256
  ScoreSum time_sums[kSlotCount + 1] = {};
  ScoreSum language_sums[65] = {};
  ScoreSum same_service_sum = 0;
  ScoreSum some_service_sum = 0;

 private:
  static constexpr int kRequiredMax = 6;  // needs that may be asked for one by one
  struct Side {
    int reach_clause = 0;    // somebody must offer something that is needed
    int counted_clause = 0;  // how many needs must be met
    int required_count = 0;
    int required_clause = 0;            // the first of that many
    std::array<uint8_t, 64> weights{};  // of the options of the counted clause
    ScoreSum most = 0;
    // By how much the sum falls short of `most` when only so many needs are met, and without each required one.
    std::array<ScoreSum, Plan::kCountedMax + 1> counted_short{};
    std::array<ScoreSum, kRequiredMax> required_short{};
  };

  void PrepareSums(const Traits& receiver, const Settings& settings);
  void AddHardClauses(const RowBook& book, const Traits& receiver, const Settings& settings);
  void AddNeeds(const RowBook& book, const Traits& receiver, Meet meet, Side& side);
  void AddServices(const RowBook& book, const Traits& receiver);
  void Set(int clause, int at_least) { plan_.clauses[clause].at_least = static_cast<uint16_t>(at_least); }

  Plan plan_;
  int journey_clauses_[2] = {};
  bool same_required_ = false;
  int language_clause_ = 0;
  int time_clause_ = 0;
  int preference_clauses_[2] = {};
  bool any_gender_ = true;
  int checks_clause_ = 0;
  bool wants_[2] = {};
  Side sides_[2];
  int same_service_clause_ = 0;
  int some_service_clause_ = 0;
  ScoreSum time_short_[kTimesCounted + 1] = {};
  ScoreSum language_short_[kLanguagesCounted + 1] = {};
  ScoreSum not_same_short_ = 0;
  ScoreSum not_some_short_ = 0;
  ScoreSum whole_ = 1;
  ScoreSum distance_weight_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_ASK_H_
