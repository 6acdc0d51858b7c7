// An Instance is a pool made ready for clearing: who may give, who would like to receive, in an order that depends on
// the people and not on how they were listed, with their traits packed and the forbidden pairs looked up.
#ifndef TURNABOUT_MATCHER_ASSIGN_INSTANCE_H_
#define TURNABOUT_MATCHER_ASSIGN_INSTANCE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "matcher/assign/objective.h"
#include "matcher/criteria/all.h"
#include "matcher/matcher.h"
#include "matcher/pool_check.h"

namespace turnabout {

inline constexpr int32_t kNobody = -1;

// Somebody with a place free. `receiver` is the same person among the receivers, or kNobody.
struct Giver {
  int32_t person = 0;
  int32_t capacity = 0;
  int32_t receiver = kNobody;
  uint64_t lottery = 0;
};

// Somebody who would like a buddy.
struct Receiver {
  int32_t person = 0;
  int32_t need = 0;
  int32_t turns = 0;
  int32_t capacity = 0;  // what they can give themselves
  int32_t giver = kNobody;
  bool urgent = false;
  int32_t waiting_days = 0;
  uint64_t lottery = 0;
  Wide worth = 0;                // of being served at all
  std::vector<int32_t> blocked;  // givers that rest, are paired or are themselves; sorted, once each
};

struct Instance {
  const Pool* pool = nullptr;
  const Settings* settings = nullptr;
  Seed seed;
  Means means;
  Objective objective;
  std::vector<Giver> givers;        // neighbours on the map are near in the list
  std::vector<Receiver> receivers;  // likewise
  std::vector<Traits> giver_traits;
  std::vector<Traits> receiver_traits;
};

// REQUIRES: CheckPool is OK; `pool` and `settings` outlive the instance.
absl::StatusOr<Instance> MakeInstance(const Pool& pool, const Settings& settings, Seed seed, const Means& means = {});

// Makes every worth anew by `objective`, with bonus_days[n] more for each person in group n. REQUIRES: it has room for
// them.
void SetObjective(const Objective& objective, const std::vector<int64_t>& bonus_days, Instance& instance);

// The same by an objective for these bonuses. Errors, with nothing changed: when the
// levels do not fit.
absl::Status SetBonusDays(const std::vector<int64_t>& bonus_days, Instance& instance);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_INSTANCE_H_
