// EligibleRows are every eligible pair of an instance with its score: one row of givers for each receiver. All of them
// are looked at once, to count them and to keep the start of each row; a whole row is worked out again when it is asked
// for. So what is held grows with the people, not with the pairs.
//
//   EligibleRows rows(instance);
//   RETURN_IF_ERROR(rows.Build(meter));
//   rows.size(v)      // how many givers could help receivers[v]
//   rows.StartOf(v)   // the best of them, and some by lot
//   rows.At(v)        // all of them
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

// Threads: one at a time, because At works in a scratch of its own.
class EligibleRows {
 public:
  struct Row {
    absl::Span<const int32_t> givers;
    absl::Span<const uint16_t> scores;  // of the same givers
  };

  // What is kept of each row.
  struct Kept {
    int32_t best = 16;  // pairs of highest worth, and two more for each buddy wished, up to 32. DEFAULT: 16.
    int32_t mixed = 8;  // and pairs by lot, so that not everyone starts with the same givers. DEFAULT: 8.
  };

  // REQUIRES: `instance` outlives the rows.
  EligibleRows(const Instance& instance, const Kept& kept);
  explicit EligibleRows(const Instance& instance) : EligibleRows(instance, Kept{}) {}

  // Looks at every pair. CANCELLED when `meter` was.
  absl::Status Build(Meter& meter);

  // What follows REQUIRES: Build was OK.

  // The row of receivers[receiver], in no order. Valid until the next call.
  Row At(int32_t receiver);

  // What is kept of it: the best first, BestCount of them, in no order either.
  Row StartOf(int32_t receiver) const;
  size_t BestCount(int32_t receiver) const;

  // The givers of receivers[receiver], and the receivers of givers[giver].
  int64_t size(int32_t receiver) const { return sizes_[receiver]; }
  int64_t size_of_giver(int32_t giver) const { return giver_sizes_[giver]; }
  // Every eligible pair.
  int64_t pairs() const { return pairs_; }
  const CandidateIndex& index() const { return index_; }
  const Groups& groups() const { return groups_; }

 private:
  // A pair of the row that is being looked at.
  struct Found {
    int32_t giver;
    int32_t score;
    uint64_t ticket;
  };
  // The starts of one group of receivers, one after the other.
  struct Starts {
    std::vector<int32_t> givers;
    std::vector<uint16_t> scores;
  };
  struct Place {
    int32_t group = 0;
    int32_t begin = 0;  // among the group's
  };
  // What one thread works with.
  struct Worker {
    CandidateSearch search;
    std::vector<std::vector<ScoredGiver>> rows;
    std::vector<Found> found;
    std::vector<int64_t> giver_sizes;
  };

  void BuildGroup(int64_t group, Worker& worker);
  void KeepStart(int32_t receiver, const std::vector<ScoredGiver>& row, std::vector<Found>& found, Starts& starts);
  size_t KeptCount(int32_t receiver) const;

  const Instance& instance_;
  const Kept kept_;
  CandidateIndex index_;
  Groups groups_;
  int64_t pairs_ = 0;
  std::vector<int64_t> sizes_;
  std::vector<int64_t> giver_sizes_;
  std::vector<Place> places_;
  std::vector<Starts> starts_;
  // For whole rows.
  CandidateSearch search_;
  std::vector<ScoredGiver> row_;
  Starts whole_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_ELIGIBLE_ROWS_H_
