// LiveBounds keep an objective's bounds while people change, and say how much more an objective has room for.
#ifndef TURNABOUT_MATCHER_LIVE_LIVE_BOUNDS_H_
#define TURNABOUT_MATCHER_LIVE_LIVE_BOUNDS_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "absl/status/statusor.h"
#include "matcher/assign/objective.h"
#include "matcher/criteria/all.h"

namespace turnabout {

class LiveBounds {
 public:
  void Add(const Person& person) { Count(person, 1); }
  void Remove(const Person& person) { Count(person, -1); }

  // Those of Objective::BoundsOf, or more pairs where somebody would like more buddies than there are givers.
  Objective::Bounds Now() const {
    return {counted_.people, counted_.urgent, counted_.waiting_days, std::min(wanted_, offered_)};
  }

 private:
  void Count(const Person& person, int64_t by) {
    offered_ += by * person.give_capacity;
    if (person.receive_need <= 0) return;
    counted_.people += by;
    counted_.urgent += by * (IsUrgent(person) ? 1 : 0);
    counted_.waiting_days += by * std::min(person.waiting_days, kWaitingDaysCounted);
    wanted_ += by * std::min(int64_t{person.receive_need}, int64_t{person.turns} + person.give_capacity);
  }

  Objective::Bounds counted_;
  int64_t wanted_ = 0;
  int64_t offered_ = 0;
};

// The most that an objective for these bounds has room for.
inline Objective::Bounds RoomOf(const Objective::Bounds& bounds) {
  const auto full = [](int64_t largest) {
    return static_cast<int64_t>((uint64_t{1} << std::bit_width(static_cast<uint64_t>(largest))) - 1);
  };
  return {full(bounds.people), full(bounds.urgent), full(bounds.waiting_days),
          std::min(full(bounds.pairs), full(bounds.pairs * kScoreMax) / kScoreMax)};
}

inline bool Fits(const Objective::Bounds& bounds, const Objective::Bounds& room) {
  return bounds.people <= room.people && bounds.urgent <= room.urgent && bounds.waiting_days <= room.waiting_days &&
         bounds.pairs <= room.pairs;
}

// Bounds with room for twice the `counted`, or for those, where that leaves the lottery as it is with `exact` ones, and
// so the round the same; else `exact`.
inline Objective::Bounds WithHeadroom(const Objective::Bounds& exact, const Objective::Bounds& counted) {
  const Objective::Bounds twice{2 * counted.people + 1, 2 * counted.urgent + 1, 2 * counted.waiting_days + 1,
                                2 * counted.pairs + 1};
  const absl::StatusOr<Objective> as_is = Objective::Make(exact);
  for (const Objective::Bounds& wider : {twice, counted}) {
    const absl::StatusOr<Objective> made = Objective::Make(wider);
    if (as_is.ok() && made.ok() && made->ticket_bits() == as_is->ticket_bits()) return wider;
  }
  return exact;
}

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_LIVE_LIVE_BOUNDS_H_
