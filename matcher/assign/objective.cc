#include "matcher/assign/objective.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "matcher/criteria/all.h"

namespace turnabout {
namespace {

int BitsFor(int64_t largest) { return std::bit_width(static_cast<uint64_t>(largest)); }

}  // namespace

Objective::Bounds Objective::BoundsOf(const Pool& pool, const std::vector<int64_t>& bonus_days) {
  Bounds bounds;
  int64_t givers = 0;
  for (const Person& person : pool.people) givers += person.give_capacity > 0;
  int64_t wanted = 0;
  int64_t offered = 0;
  for (const Person& person : pool.people) {
    offered += person.give_capacity;
    if (person.receive_need <= 0) continue;
    ++bounds.people;
    bounds.urgent += IsUrgent(person);
    bounds.waiting_days += std::min(person.waiting_days, kWaitingDaysCounted) + BonusDaysOf(person.groups, bonus_days);
    const int64_t in_turn = int64_t{person.turns} + person.give_capacity;
    wanted += std::min({int64_t{person.receive_need}, in_turn, givers});
  }
  bounds.pairs = std::min(wanted, offered);
  return bounds;
}

absl::StatusOr<Objective> Objective::Make(const Bounds& bounds) {
  const int pair_bits = BitsFor(bounds.pairs);
  const int score_bits = BitsFor(bounds.pairs * kScoreMax);
  const int waiting_bits = BitsFor(bounds.waiting_days);
  const int served_bits = BitsFor(bounds.people);
  const int urgent_bits = BitsFor(bounds.urgent);
  const int rest = pair_bits + score_bits + waiting_bits + served_bits + urgent_bits;
  if (rest + 1 > kObjectiveBits) {
    return RefuseFields({{"people", absl::StrCat("the pool has room for ", bounds.pairs,
                                                 " pairs at once; lower how many buddies people may have")}});
  }
  Objective objective;
  objective.ticket_bits_ = std::min({kTicketBitsMax, kObjectiveBits - rest, kScoreShiftMax - pair_bits});
  objective.score_shift_ = objective.ticket_bits_ + pair_bits;
  objective.waiting_shift_ = objective.score_shift_ + score_bits;
  objective.served_shift_ = objective.waiting_shift_ + waiting_bits;
  objective.urgent_shift_ = objective.served_shift_ + served_bits;
  objective.total_bits_ = objective.urgent_shift_ + urgent_bits;
  return objective;
}

Wide Objective::PersonWorth(bool urgent, int32_t waiting_days, int64_t bonus_days) const {
  return (static_cast<Wide>(urgent ? 1 : 0) << urgent_shift_) + (Wide{1} << served_shift_) +
         (static_cast<Wide>(std::min(waiting_days, kWaitingDaysCounted) + bonus_days) << waiting_shift_);
}

}  // namespace turnabout
