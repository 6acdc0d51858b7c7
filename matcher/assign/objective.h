// The objective as one whole number: the levels of a round's value side by side in 128 bits, most important highest.
//
// A level's field is wide enough for the most that any round over this pool can add up to below it, so comparing two
// sums compares them level by level, and the sum over a whole round stays below 2^kObjectiveBits. A price or a path's
// length is a difference of such sums, which leaves room for adding up several of them.
#ifndef TURNABOUT_MATCHER_ASSIGN_OBJECTIVE_H_
#define TURNABOUT_MATCHER_ASSIGN_OBJECTIVE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/matcher.h"

namespace turnabout {

using Wide = __int128;

inline constexpr int kObjectiveBits = 122;
inline constexpr int kTicketBitsMax = 40;
inline constexpr int kScoreShiftMax = 64;  // the tickets of a round fit in a word
inline constexpr int32_t kWaitingDaysCounted = 730;

// What a person's groups add to their waiting days. REQUIRES: at most 32 bonuses.
inline int64_t BonusDaysOf(uint32_t groups, const std::vector<int64_t>& bonus_days) {
  int64_t days = 0;
  for (size_t n = 0; n < bonus_days.size(); ++n) days += (groups >> n & 1) != 0 ? bonus_days[n] : 0;
  return days;
}

class Objective {
 public:
  // What limits the sums: people with a need, the urgent among them, their counted days and the pairs of any round.
  struct Bounds {
    int64_t people = 0;
    int64_t urgent = 0;
    int64_t waiting_days = 0;
    int64_t pairs = 0;
  };

  // The bounds of `pool`; bonus_days[n] more for each person in group n.
  static Bounds BoundsOf(const Pool& pool, const std::vector<int64_t>& bonus_days = {});

  // INVALID_ARGUMENT/BAD_FIELDS when the levels do not fit side by side: millions of places that people would like.
  static absl::StatusOr<Objective> Make(const Bounds& bounds);

  // What one pair adds, without what its receiver adds by being served. `ticket` is below 2^ticket_bits().
  Wide PairWorth(int32_t score, uint64_t ticket) const {
    return (static_cast<Wide>(score) << score_shift_) + static_cast<Wide>(ticket);
  }
  // What a person adds by being served at all.
  Wide PersonWorth(bool urgent, int32_t waiting_days, int64_t bonus_days = 0) const;

  // More than any pair is worth.
  Wide AbovePair() const { return Wide{1} << waiting_shift_; }

  int ticket_bits() const { return ticket_bits_; }
  int score_shift() const { return score_shift_; }
  int total_bits() const { return total_bits_; }

 private:
  int ticket_bits_ = 1;
  int score_shift_ = 0;
  int waiting_shift_ = 0;
  int served_shift_ = 0;
  int urgent_shift_ = 0;
  int total_bits_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_OBJECTIVE_H_
