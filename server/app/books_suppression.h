// Which parts of a report say so little that they would tell on somebody.
#ifndef TURNABOUT_SERVER_APP_BOOKS_SUPPRESSION_H_
#define TURNABOUT_SERVER_APP_BOOKS_SUPPRESSION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "ledger/book/entry.h"

namespace turnabout {

// A number that fewer people than this are behind is not shown.
inline constexpr size_t kPeopleMin = 5;

// One part of a report, or its total.
struct HoursPart {
  int64_t minutes = 0;
  int64_t entries = 0;
  absl::flat_hash_set<OwnerId> people;  // members alone
  bool suppressed = false;
};

// Suppresses every part with fewer than kPeopleMin people, then the shown ones with the fewest, until what a reader
// gets by taking the shown from the total covers at least two parts and kPeopleMin people. Returns true when there are
// not that many, so that the total has to go too. Threads: safe for concurrent use.
bool SuppressSmall(const std::vector<HoursPart*>& parts);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_BOOKS_SUPPRESSION_H_
