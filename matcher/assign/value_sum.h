// A ValueSum adds up what pairs of a pool come to; whoever receives twice counts once.
#ifndef TURNABOUT_MATCHER_ASSIGN_VALUE_SUM_H_
#define TURNABOUT_MATCHER_ASSIGN_VALUE_SUM_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "matcher/assign/objective.h"
#include "matcher/criteria/all.h"
#include "matcher/matcher.h"

namespace turnabout {

class ValueSum {
 public:
  // REQUIRES: `pool` outlives the sum.
  explicit ValueSum(const Pool& pool) : pool_(pool), served_(pool.people.size(), 0) {}

  // Adds a pair of that score. `receiver` is a position in the pool.
  void Add(int32_t receiver, int32_t score) {
    value_.score += score;
    if (std::exchange(served_[receiver], 1) != 0) return;
    const Person& person = pool_.people[receiver];
    value_.urgent_served += IsUrgent(person);
    ++value_.served;
    value_.waiting_days += std::min(person.waiting_days, kWaitingDaysCounted);
  }

  const Value& value() const { return value_; }

 private:
  const Pool& pool_;
  std::vector<uint8_t> served_;
  Value value_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_VALUE_SUM_H_
