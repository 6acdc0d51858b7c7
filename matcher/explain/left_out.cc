#include "matcher/explain/left_out.h"

#include <algorithm>

namespace turnabout {

absl::StatusOr<std::vector<LeftOut>> ExplainLeftOut(const Instance& instance, EligibleRows& rows,
                                                    const std::vector<PoolPair>& pairs, Meter& meter) {
  std::vector<uint8_t> served(instance.receivers.size(), 0);
  for (const PoolPair& pair : pairs) served[pair.receiver] = 1;
  std::vector<LeftOut> left_out;
  for (size_t v = 0; v < served.size(); ++v) {
    if (served[v]) continue;
    LeftOut one;
    one.person = instance.receivers[v].person;
    one.why = rows.size(static_cast<int32_t>(v)) == 0 ? LeftOutClass::kNobodyEligible : LeftOutClass::kContested;
    left_out.push_back(one);
    (void)meter;
  }
  const std::vector<Person>& people = instance.pool->people;
  std::sort(left_out.begin(), left_out.end(),
            [&](const LeftOut& a, const LeftOut& b) { return people[a.person].id < people[b.person].id; });
  return left_out;
}

}  // namespace turnabout
