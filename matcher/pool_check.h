// What a pool and its settings must be before anything is worked out from them.
#ifndef TURNABOUT_MATCHER_POOL_CHECK_H_
#define TURNABOUT_MATCHER_POOL_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "matcher/matcher.h"

namespace turnabout {

inline constexpr int32_t kPoolPeopleMax = 1 << 20;
inline constexpr int32_t kPersonPlacesMax = 1'000'000;  // buddies at once, to give to or to receive from

// INVALID_ARGUMENT/BAD_FIELDS naming the first person, pair or setting that is not what person.h and matcher.h allow:
// an empty id or one that comes twice, a number out of range, a position outside the pool.
absl::Status CheckPool(const Pool& pool, const Settings& settings);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_POOL_CHECK_H_
