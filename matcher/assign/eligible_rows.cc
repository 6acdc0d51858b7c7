#include "matcher/assign/eligible_rows.h"

#include <atomic>
#include <numeric>

#include "base/reason.h"
#include "matcher/candidates/crew.h"

namespace turnabout {

EligibleRows::EligibleRows(const Instance& instance, int64_t kept_max)
    : instance_(instance),
      kept_max_(kept_max),
      index_(instance.giver_traits, *instance.settings),
      groups_(instance),
      search_(index_) {}

void EligibleRows::Kept::Append(const std::vector<ScoredGiver>& row) {
  for (const ScoredGiver& one : row) {
    givers.push_back(one.giver);
    scores.push_back(static_cast<uint16_t>(one.score));
  }
}

// Rows of one group belong to one thread, and nobody else looks at them meanwhile.
void EligibleRows::BuildGroup(int64_t group, bool keeps, CandidateSearch& search,
                              std::vector<std::vector<ScoredGiver>>& rows) {
  const absl::Span<const int32_t> receivers = groups_.of(group);
  groups_.Begin(receivers, search);
  if (!keeps) {
    std::vector<int64_t> counts(receivers.size());
    search.Count(absl::MakeSpan(counts));
    for (size_t i = 0; i < receivers.size(); ++i) sizes_[receivers[i]] = counts[i];
    return;
  }
  search.Scored(absl::MakeSpan(rows));
  for (size_t i = 0; i < receivers.size(); ++i) {
    sizes_[receivers[i]] = static_cast<int64_t>(rows[i].size());
    places_[receivers[i]] = {static_cast<int32_t>(group), static_cast<int64_t>(kept_[group].givers.size())};
    kept_[group].Append(rows[i]);
  }
}

absl::Status EligibleRows::Build(Meter& meter) {
  sizes_.assign(instance_.receivers.size(), 0);
  places_.assign(instance_.receivers.size(), Place{});
  kept_.assign(groups_.count(), Kept{});
  const int threads = CrewSize();
  std::vector<CandidateSearch> searches(threads, CandidateSearch(index_));
  std::vector<std::vector<std::vector<ScoredGiver>>> rows(
      threads, std::vector<std::vector<ScoredGiver>>(CandidateSearch::kGroupMost));
  std::atomic<int64_t> kept{0};
  const bool done = InParts(threads, groups_.count(), [&](int thread, int64_t group) {
    const bool keeps = kept.load(std::memory_order_relaxed) < kept_max_;
    BuildGroup(group, keeps, searches[thread], rows[thread]);
    kept.fetch_add(static_cast<int64_t>(kept_[group].givers.size()), std::memory_order_relaxed);
    return thread != 0 || meter.Tick(group, groups_.count(), CandidateSearch::kGroupMost);
  });
  if (!done) return Refuse(Reason::kCancelled);
  pairs_ = std::accumulate(sizes_.begin(), sizes_.end(), int64_t{0});
  return absl::OkStatus();
}

EligibleRows::Row EligibleRows::At(int32_t receiver) {
  const Place place = places_[receiver];
  const Kept* rows = place.group < 0 ? &scratch_ : &kept_[place.group];
  if (place.group < 0) {
    groups_.Begin({&receiver, 1}, search_);
    search_.Scored({&row_, 1});
    scratch_.givers.clear();
    scratch_.scores.clear();
    scratch_.Append(row_);
  }
  const size_t begin = static_cast<size_t>(place.begin);
  const size_t size = static_cast<size_t>(sizes_[receiver]);
  return {absl::MakeConstSpan(rows->givers).subspan(begin, size),
          absl::MakeConstSpan(rows->scores).subspan(begin, size)};
}

}  // namespace turnabout
