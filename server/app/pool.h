// A scheme's people as matching sees them, at one revision.
#ifndef TURNABOUT_SERVER_APP_POOL_H_
#define TURNABOUT_SERVER_APP_POOL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "matcher/matcher.h"
#include "server/app/request.h"
#include "server/records/rows.h"

namespace turnabout {

struct SchemePool {
  std::shared_ptr<const SchemeView> scheme;
  Settings settings;
  Pool pool;  // people who have left are in it with nothing to give or to receive
  uint64_t revision = 0;
  std::map<std::pair<int32_t, int32_t>, std::string> place_codes;  // of people's places, by latitude and longitude
  absl::Time as_of;                                                // when waiting, checks and rests were looked at

  // The position of a member in pool.people, or -1.
  int32_t PositionOf(const MemberId& id) const;
};

// Errors: SCHEME_NOT_FOUND, REVISION_NOT_REACHED. The store is held only while rows are copied, not while they are
// read.
absl::StatusOr<SchemePool> ReadPool(const Context& context, const std::string& slug, uint64_t at_least_revision);

// Some of it: people, and pairs with whether they rest or are buddies already.
struct PoolPart {
  struct Pair {
    MemberId giver;
    MemberId receiver;
    bool barred = false;
  };
  std::vector<Person> people;
  std::vector<Pair> pairs;
  uint64_t revision = 0;
};

// The members and the pairs asked for as they are now, seen as of `as_of`. Members of whom there is nothing are left
// out. Errors: those of Store::Read. REQUIRES: the scheme's rules have not changed since.
absl::StatusOr<PoolPart> ReadPoolPart(const Context& context, const SchemeView& scheme, absl::Time as_of,
                                      const std::vector<MemberId>& members,
                                      const std::vector<std::pair<MemberId, MemberId>>& pairs);

// The giver and the receiver of a RestKey.
std::pair<MemberId, MemberId> PairOfRest(absl::string_view key);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_POOL_H_
