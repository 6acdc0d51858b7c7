#include "matcher/assign/pricing.h"

#include <algorithm>
#include <utility>

#include "base/crew.h"
#include "base/reason.h"

namespace turnabout {
namespace {

constexpr int64_t kBatch = 256;  // groups that are handed out before what was found is put together

int32_t ScoreOfPair(const Instance& instance, int32_t giver, int32_t receiver) {
  return ScoreOf(instance.giver_traits[giver], instance.receiver_traits[receiver], *instance.settings);
}

}  // namespace

PriceScale::PriceScale(absl::Span<const Wide> giving, int shift) : shift_(shift) {
  for (const Wide price : giving) highs_.push_back(PartsOf(price).high);
  std::sort(highs_.begin(), highs_.end());
  highs_.erase(std::unique(highs_.begin(), highs_.end()), highs_.end());
  for (const Wide price : giving) {
    const Parts parts = PartsOf(price);
    const int64_t rank = std::lower_bound(highs_.begin(), highs_.end(), parts.high) - highs_.begin();
    giving_.push_back((rank << kRankShift) + parts.low);
  }
}

// Rounded down, so that two prices together are never taken for more than they are.
PriceScale::Parts PriceScale::PartsOf(Wide price) const {
  const Wide units = price >> shift_;
  return {units >> kLowBits, static_cast<int64_t>(units & ((Wide{1} << kLowBits) - 1))};
}

// A pair pays only if the high parts add up to 0 and the low ones to a score at most, or the high parts to less. A
// giver of a lower rank than the receiver's opposite is therefore let through, one of a higher is not.
int64_t PriceScale::MarginLeast(Wide receiving) const {
  const Parts parts = PartsOf(receiving);
  const auto at = std::lower_bound(highs_.begin(), highs_.end(), -parts.high);
  const int64_t rank = at - highs_.begin();
  const bool opposite = at != highs_.end() && *at == -parts.high;
  return -(rank << kRankShift) + (opposite ? parts.low : int64_t{1} << (kRankShift - 1));
}

absl::StatusOr<Pricing::Found> Pricing::EachGroup(Meter& meter, Job job) const {
  const int threads = instance_.means.threads;
  std::vector<CandidateSearch> searches(threads, CandidateSearch(index_, ScanFor(instance_.means)));
  std::vector<Found> found(kBatch);
  Found all;
  for (int64_t begin = 0; begin < groups_.count(); begin += kBatch) {
    const int64_t count = std::min(kBatch, groups_.count() - begin);
    const bool done = InParts(threads, count, [&](int thread, int64_t at) {
      job(begin + at, searches[thread], found[at]);
      return thread != 0 || meter.Tick(begin + at, groups_.count(), CandidateSearch::kGroupMost);
    });
    if (!done) return Refuse(Reason::kCancelled);
    for (int64_t at = 0; at < count; ++at) {
      all.insert(all.end(), found[at].begin(), found[at].end());
      found[at].clear();
    }
  }
  return all;
}

absl::StatusOr<Pricing::Found> Pricing::Start(const StartOptions& options, Meter& meter) const {
  return EachGroup(meter, [&](int64_t group, CandidateSearch& search, Found& found) {
    const absl::Span<const int32_t> receivers = groups_.of(group);
    std::vector<std::vector<ScoredGiver>> best(receivers.size());
    std::vector<std::vector<NearGiver>> nearest(receivers.size());
    const std::vector<Wanted> wanted(receivers.size(), Wanted{options.best, 0});
    groups_.Begin(receivers, search);
    search.Best(
        wanted, nullptr, [](int, const ScoredGiver&) { return true; }, absl::MakeSpan(best));
    search.Nearest(options.nearest, absl::MakeSpan(nearest));
    for (size_t i = 0; i < receivers.size(); ++i) {
      for (const ScoredGiver& one : best[i]) found.push_back({one.giver, receivers[i], one.score});
      for (const NearGiver& one : nearest[i]) {
        const bool listed = std::any_of(best[i].begin(), best[i].end(),
                                        [&](const ScoredGiver& other) { return other.giver == one.giver; });
        if (listed) continue;
        found.push_back({one.giver, receivers[i], ScoreOfPair(instance_, one.giver, receivers[i])});
      }
    }
  });
}

void Pricing::PriceGroup(const PayingOptions& options, const PriceScale& scale, const GiverPrices& prices,
                         int64_t group, CandidateSearch& search, Found& found) {
  std::vector<int32_t> receivers;
  std::vector<Wanted> wanted;
  for (const bool only_fell : {false, true}) {
    Area area;
    const size_t before = receivers.size();
    for (const int32_t receiver : groups_.of(group)) {
      const bool settled = settled_[receiver] != 0 && options.receiving[receiver] >= receiving_[receiver];
      if (options.looks[receiver] == 0 || settled != only_fell) continue;
      area.Add(instance_.receiver_traits[receiver]);
      receivers.push_back(receiver);
      wanted.push_back({options.most, scale.MarginLeast(options.receiving[receiver]), only_fell});
    }
    if (!only_fell) continue;
    search.Begin(area);
    if (!search.AnyFell(prices)) {
      receivers.resize(before);
      wanted.resize(before);
    }
  }
  if (receivers.empty()) return;
  std::vector<std::vector<ScoredGiver>> best(receivers.size());
  groups_.Begin(receivers, search);
  search.Best(
      wanted, &prices,
      [&](int n, const ScoredGiver& one) {
        return options.pays({one.giver, receivers[n], one.score});
      },
      absl::MakeSpan(best));
  for (size_t i = 0; i < receivers.size(); ++i) {
    for (const ScoredGiver& one : best[i]) found.push_back({one.giver, receivers[i], one.score});
    settled_[receivers[i]] = static_cast<int32_t>(best[i].size()) < options.most ? 1 : 0;
  }
}

absl::StatusOr<Pricing::Found> Pricing::Paying(const PayingOptions& options, Meter& meter) {
  settled_.resize(options.receiving.size(), 0);
  receiving_.resize(options.receiving.size(), 0);
  std::vector<uint8_t> fell(options.giving.size(), 0);
  for (size_t u = 0; u < giving_.size(); ++u) fell[u] = options.giving[u] < giving_[u] ? 1 : 0;
  const PriceScale scale(options.giving, options.shift);
  const GiverPrices prices(index_, scale.giving(), fell);
  absl::StatusOr<Found> found = EachGroup(meter, [&](int64_t group, CandidateSearch& search, Found& some) {
    PriceGroup(options, scale, prices, group, search, some);
  });
  giving_.assign(options.giving.begin(), options.giving.end());
  receiving_.assign(options.receiving.begin(), options.receiving.end());
  // Whoever was passed over, or was not come to, has not been held to these prices.
  for (size_t v = 0; v < settled_.size(); ++v) settled_[v] &= found.ok() && options.looks[v] != 0 ? 1 : 0;
  return found;
}

}  // namespace turnabout
