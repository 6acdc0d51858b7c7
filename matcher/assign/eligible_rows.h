// EligibleRows are every eligible pair of an instance with its score: one row of givers for each receiver. Rows are
// kept while they fit in memory and worked out again when asked for otherwise, so a pool in which everyone may help
// everyone is slow, not impossible.
#ifndef TURNABOUT_MATCHER_ASSIGN_ELIGIBLE_ROWS_H_
#define TURNABOUT_MATCHER_ASSIGN_ELIGIBLE_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "matcher/assign/instance.h"
#include "matcher/assign/meter.h"
#include "matcher/candidates/groups.h"
#include "matcher/candidates/index.h"
#include "matcher/candidates/search.h"

namespace turnabout {

inline constexpr int64_t kKeptPairsMax = 40'000'000;  // 240 MB

// Threads: one at a time, because Row works in a scratch of its own.
class EligibleRows {
 public:
  struct Row {
    absl::Span<const int32_t> givers;   // in an order of the map
    absl::Span<const uint16_t> scores;  // of the same givers
  };

  // Keeps rows until they hold `kept_max` pairs. REQUIRES: `instance` outlives the rows.
  explicit EligibleRows(const Instance& instance, int64_t kept_max = kKeptPairsMax);

  // Looks at every pair. CANCELLED when `meter` was.
  absl::Status Build(Meter& meter);

  // The row of receivers[receiver]. Valid until the next call. REQUIRES: Build was OK.
  Row At(int32_t receiver);

  // The givers of receivers[receiver].
  int64_t size(int32_t receiver) const { return sizes_[receiver]; }
  // Every eligible pair.
  int64_t pairs() const { return pairs_; }
  const CandidateIndex& index() const { return index_; }
  const Groups& groups() const { return groups_; }

 private:
  // The rows of one group of receivers, one after the other; empty when they are not kept.
  struct Kept {
    std::vector<int32_t> givers;
    std::vector<uint16_t> scores;
    void Append(const std::vector<ScoredGiver>& row);
  };
  struct Place {
    int32_t group = -1;  // -1: not kept
    int64_t begin = 0;   // among the group's
  };

  void BuildGroup(int64_t group, bool keeps, CandidateSearch& search, std::vector<std::vector<ScoredGiver>>& rows);

  const Instance& instance_;
  const int64_t kept_max_;
  CandidateIndex index_;
  Groups groups_;
  int64_t pairs_ = 0;
  std::vector<int64_t> sizes_;
  std::vector<Place> places_;
  std::vector<Kept> kept_;
  // For rows that are not kept.
  CandidateSearch search_;
  std::vector<ScoredGiver> row_;
  Kept scratch_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_ELIGIBLE_ROWS_H_
