#include "matcher/assign/eligible_rows.h"

#include <algorithm>
#include <numeric>

#include "base/crew.h"
#include "base/reason.h"

namespace turnabout {
namespace {

constexpr int32_t kBuddiesCountedMost = 16;

}  // namespace

EligibleRows::EligibleRows(const Instance& instance, const Kept& kept)
    : instance_(instance),
      kept_(kept),
      index_(instance.giver_traits, *instance.settings),
      groups_(instance),
      search_(index_, ScanFor(instance.means)) {}

size_t EligibleRows::BestCount(int32_t receiver) const {
  const int64_t buddies = std::min(instance_.receivers[receiver].need, kBuddiesCountedMost);
  return static_cast<size_t>(std::min<int64_t>(sizes_[receiver], kept_.best + 2 * buddies));
}

size_t EligibleRows::KeptCount(int32_t receiver) const {
  return std::min(static_cast<size_t>(sizes_[receiver]), BestCount(receiver) + static_cast<size_t>(kept_.mixed));
}

void EligibleRows::KeepStart(int32_t receiver, const std::vector<ScoredGiver>& row, std::vector<Found>& found,
                             Starts& starts) {
  found.clear();
  const int bits = instance_.objective.ticket_bits();
  const uint64_t lottery = instance_.receivers[receiver].lottery;
  for (const ScoredGiver& one : row) {
    found.push_back({one.giver, one.score, Ticket(instance_.givers[one.giver].lottery, lottery, bits)});
  }
  const auto best = found.begin() + static_cast<ptrdiff_t>(BestCount(receiver));
  const auto kept = found.begin() + static_cast<ptrdiff_t>(KeptCount(receiver));
  std::nth_element(found.begin(), best, found.end(), [](const Found& a, const Found& b) {
    return a.score != b.score ? a.score > b.score : a.ticket > b.ticket;
  });
  std::nth_element(best, kept, found.end(), [](const Found& a, const Found& b) { return a.ticket > b.ticket; });
  found.erase(kept, found.end());
  for (const Found& one : found) {
    starts.givers.push_back(one.giver);
    starts.scores.push_back(static_cast<uint16_t>(one.score));
  }
}

// The rows of one group belong to one thread, and nobody else looks at them meanwhile.
void EligibleRows::BuildGroup(int64_t group, Worker& worker) {
  const absl::Span<const int32_t> receivers = groups_.of(group);
  groups_.Begin(receivers, worker.search);
  worker.search.Scored(absl::MakeSpan(worker.rows));
  Starts& starts = starts_[group];
  for (size_t i = 0; i < receivers.size(); ++i) {
    const std::vector<ScoredGiver>& row = worker.rows[i];
    sizes_[receivers[i]] = static_cast<int64_t>(row.size());
    places_[receivers[i]] = {static_cast<int32_t>(group), static_cast<int32_t>(starts.givers.size())};
    for (const ScoredGiver& one : row) ++worker.giver_sizes[one.giver];
    KeepStart(receivers[i], row, worker.found, starts);
  }
}

absl::Status EligibleRows::Build(Meter& meter) {
  sizes_.assign(instance_.receivers.size(), 0);
  places_.assign(instance_.receivers.size(), Place{});
  starts_.assign(groups_.count(), Starts{});
  const int threads = instance_.means.threads;
  std::vector<Worker> workers(threads, Worker{CandidateSearch(index_, ScanFor(instance_.means)),
                                              std::vector<std::vector<ScoredGiver>>(CandidateSearch::kGroupMost),
                                              {},
                                              std::vector<int64_t>(instance_.givers.size(), 0)});
  const bool done = InParts(threads, groups_.count(), [&](int thread, int64_t group) {
    BuildGroup(group, workers[thread]);
    return thread != 0 || meter.Tick(group, groups_.count(), CandidateSearch::kGroupMost);
  });
  if (!done) return Refuse(Reason::kCancelled);
  pairs_ = std::accumulate(sizes_.begin(), sizes_.end(), int64_t{0});
  giver_sizes_.assign(instance_.givers.size(), 0);
  for (const Worker& worker : workers) {
    for (size_t u = 0; u < giver_sizes_.size(); ++u) giver_sizes_[u] += worker.giver_sizes[u];
  }
  return absl::OkStatus();
}

EligibleRows::Row EligibleRows::StartOf(int32_t receiver) const {
  const Place place = places_[receiver];
  const size_t count = KeptCount(receiver);
  return {absl::MakeConstSpan(starts_[place.group].givers).subspan(place.begin, count),
          absl::MakeConstSpan(starts_[place.group].scores).subspan(place.begin, count)};
}

EligibleRows::Row EligibleRows::At(int32_t receiver) {
  if (KeptCount(receiver) == static_cast<size_t>(sizes_[receiver])) return StartOf(receiver);
  groups_.Begin({&receiver, 1}, search_);
  search_.Scored({&row_, 1});
  whole_.givers.clear();
  whole_.scores.clear();
  for (const ScoredGiver& one : row_) {
    whole_.givers.push_back(one.giver);
    whole_.scores.push_back(static_cast<uint16_t>(one.score));
  }
  return {whole_.givers, whole_.scores};
}

}  // namespace turnabout
