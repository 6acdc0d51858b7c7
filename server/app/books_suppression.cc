#include "server/app/books_suppression.h"

#include <algorithm>
#include <tuple>

namespace turnabout {

bool SuppressSmall(const std::vector<HoursPart*>& parts) {
  std::vector<HoursPart*> by_size = parts;
  std::stable_sort(by_size.begin(), by_size.end(), [](const HoursPart* a, const HoursPart* b) {
    return std::tuple(a->people.size(), a->minutes) < std::tuple(b->people.size(), b->minutes);
  });
  absl::flat_hash_set<OwnerId> hidden;
  size_t count = 0;
  for (HoursPart* part : by_size) {
    const bool small = part->people.size() < kPeopleMin;
    const bool would_tell = count > 0 && (count < 2 || hidden.size() < kPeopleMin);
    if (!small && !would_tell) break;
    part->suppressed = true;
    hidden.insert(part->people.begin(), part->people.end());
    ++count;
  }
  return count > 0 && (count < 2 || hidden.size() < kPeopleMin);
}

}  // namespace turnabout
