// Groups are receivers parted so that those of one group live side by side, ready for a CandidateSearch each.
//
//   const Groups groups(instance);
//   InParts(CrewSize(), groups.count(), [&](int thread, int64_t group) {
//     groups.Begin(groups.of(group), searches[thread]);
//     searches[thread].Nearest(20, found);          // found[i] is about groups.of(group)[i]
//     return true;
//   });
#ifndef TURNABOUT_MATCHER_CANDIDATES_GROUPS_H_
#define TURNABOUT_MATCHER_CANDIDATES_GROUPS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/assign/instance.h"
#include "matcher/candidates/search.h"

namespace turnabout {

// Immutable. Threads: safe for concurrent use.
class Groups {
 public:
  // REQUIRES: `instance` outlives the groups.
  explicit Groups(const Instance& instance);

  int64_t count() const { return (static_cast<int64_t>(order_.size()) + kMost - 1) / kMost; }

  // The receivers of a group, as positions in the instance.
  absl::Span<const int32_t> of(int64_t group) const {
    return absl::MakeConstSpan(order_).subspan(static_cast<size_t>(group) * kMost, kMost);
  }

  // Makes `search` ready for some receivers of one group, or for any one receiver.
  void Begin(absl::Span<const int32_t> receivers, CandidateSearch& search) const;

 private:
  static constexpr int kMost = CandidateSearch::kGroupMost;

  const Instance& instance_;
  const std::vector<int32_t> order_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_GROUPS_H_
