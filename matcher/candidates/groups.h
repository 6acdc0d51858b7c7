// Groups are receivers parted so that those of one group live side by side, ready for a CandidateSearch each.
//
//   const Groups groups(instance);
//   InParts(CrewSize(), groups.count(), [&](int thread, int64_t group) {
//     groups.Begin(group, searches[thread]);
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

  // Makes `search` ready for the group, or for one receiver.
  void Begin(int64_t group, CandidateSearch& search) const { BeginWith(of(group), search); }
  void BeginAlone(int32_t receiver, CandidateSearch& search) const { BeginWith({&receiver, 1}, search); }

 private:
  static constexpr int kMost = CandidateSearch::kGroupMost;
  void BeginWith(absl::Span<const int32_t> receivers, CandidateSearch& search) const;

  const Instance& instance_;
  const std::vector<int32_t> order_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_GROUPS_H_
