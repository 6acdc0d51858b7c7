#include "matcher/assign/clearing.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/assign/round_network.h"

namespace turnabout {
namespace {

// Chooses which pairs the network holds.
class PairLists {
 public:
  PairLists(const Instance& instance, EligibleRows& rows, const ClearingOptions& options)
      : instance_(instance), rows_(rows), options_(options), listed_by_(instance.givers.size(), kNobody) {}

  // The pairs that receivers[v] starts with, appended to `pairs`.
  void Start(int32_t v, int32_t need, std::vector<ScoredPair>& pairs) {
    List(v);
    const size_t best = static_cast<size_t>(options_.best_first) + 2 * static_cast<size_t>(need);
    const size_t mixed = static_cast<size_t>(options_.mixed_first);
    if (found_.size() > best + mixed) {
      std::nth_element(found_.begin(), found_.begin() + best, found_.end(),
                       [](const Found& a, const Found& b) { return a.worth > b.worth; });
      std::nth_element(found_.begin() + best, found_.begin() + best + mixed, found_.end(),
                       [](const Found& a, const Found& b) { return a.ticket > b.ticket; });
      found_.resize(best + mixed);
    }
    for (const Found& found : found_) pairs.push_back(found.pair);
  }

  // The pairs of receivers[v] that would pay at the network's prices and are not in it, the most paying ones.
  void AddPaying(const RoundNetwork& network, const std::vector<Wide>& giver_price, int32_t v, int32_t need,
                 std::vector<ScoredPair>& pairs) {
    const EligibleRows::Row row = rows_.At(v);
    if (static_cast<size_t>(network.PairCount(v)) == row.givers.size()) return;
    for (int32_t n = 0; n < network.PairCount(v); ++n) listed_by_[network.GiverOf(v, n)] = v;
    found_.clear();
    const Wide price = network.ReceiverPrice(v);
    const int shift = instance_.objective.score_shift();
    for (size_t i = 0; i < row.givers.size(); ++i) {
      const int32_t u = row.givers[i];
      const Wide both = price + giver_price[u];
      if (static_cast<Wide>(row.scores[i] + 1) << shift <= both || listed_by_[u] == v) continue;
      Found found = FoundOf(v, u, row.scores[i]);
      found.worth -= both;
      if (found.worth > 0) found_.push_back(found);
    }
    const size_t most = static_cast<size_t>(options_.added_most) + static_cast<size_t>(need);
    if (found_.size() > most) {
      std::nth_element(found_.begin(), found_.begin() + most, found_.end(),
                       [](const Found& a, const Found& b) { return a.worth > b.worth; });
      found_.resize(most);
    }
    for (const Found& found : found_) pairs.push_back(found.pair);
  }

 private:
  struct Found {
    ScoredPair pair;
    uint64_t ticket;
    Wide worth;  // of the pair, or what it is worth beyond its prices
  };

  void List(int32_t v) {
    const EligibleRows::Row row = rows_.At(v);
    found_.clear();
    for (size_t i = 0; i < row.givers.size(); ++i) found_.push_back(FoundOf(v, row.givers[i], row.scores[i]));
  }

  Found FoundOf(int32_t v, int32_t u, int32_t score) const {
    const uint64_t ticket =
        Ticket(instance_.givers[u].lottery, instance_.receivers[v].lottery, instance_.objective.ticket_bits());
    return {{u, v, score}, ticket, instance_.objective.PairWorth(score, ticket)};
  }

  const Instance& instance_;
  EligibleRows& rows_;
  const ClearingOptions& options_;
  std::vector<int32_t> listed_by_;  // the last receiver whose list was seen to hold this giver
  std::vector<Found> found_;
};

// Of looking through a row, in the meter's units.
int64_t WorkOf(int64_t row_size) { return 1 + row_size / 1000; }

// Every eligible pair, counted on both sides. CANCELLED when `meter` was.
absl::StatusOr<PairCounts> CountPairs(const Instance& instance, EligibleRows& rows, Meter& meter) {
  PairCounts counts;
  counts.of_giver.resize(instance.givers.size());
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    counts.of_receiver.push_back(rows.size(v));
    for (const int32_t u : rows.At(v).givers) ++counts.of_giver[u];
    if (!meter.Tick(0, 1, WorkOf(rows.size(v)))) return Refuse(Reason::kCancelled);
  }
  return counts;
}

// How many turns each receiver could have: their own, and one for each that they give.
int64_t TurnsOf(const Instance& instance, const PairCounts& counts, size_t v) {
  const Receiver& receiver = instance.receivers[v];
  const int64_t given = receiver.giver == kNobody ? 0 : counts.of_giver[receiver.giver];
  return receiver.turns + std::min<int64_t>(receiver.capacity, given);
}

// How many givers each receiver can have at most: never more than they wish, may have, or are there for them.
std::vector<int32_t> NeedsOf(const Instance& instance, const PairCounts& counts) {
  std::vector<int32_t> needs(instance.receivers.size());
  for (size_t v = 0; v < needs.size(); ++v) {
    needs[v] = static_cast<int32_t>(
        std::min({int64_t{instance.receivers[v].need}, TurnsOf(instance, counts, v), counts.of_receiver[v]}));
  }
  return needs;
}

Prices PricesOf(const Instance& instance, const PairCounts& counts, const RoundNetwork& network) {
  Prices prices;
  for (size_t u = 0; u < instance.givers.size(); ++u) {
    prices.giving.push_back(network.PricesOfGiver(static_cast<int32_t>(u)).giving);
  }
  // Whoever can have no turn at all has no pairs in the network. Their turns are too dear for any.
  Wide too_dear = instance.objective.AbovePair();
  for (const Wide giving : prices.giving) too_dear = std::max(too_dear, instance.objective.AbovePair() - giving);
  for (size_t v = 0; v < instance.receivers.size(); ++v) {
    const Receiver& receiver = instance.receivers[v];
    if (TurnsOf(instance, counts, v) > 0) {
      const clear::MemberPrices of_receiver = network.PricesOfReceiver(static_cast<int32_t>(v));
      prices.receiving.push_back(of_receiver.receiving);
      prices.turn.push_back(of_receiver.turn);
      continue;
    }
    prices.receiving.push_back(too_dear);
    prices.turn.push_back(too_dear + receiver.worth);
    if (receiver.giver != kNobody) prices.giving[receiver.giver] = -prices.turn.back();
  }
  return prices;
}

}  // namespace

absl::StatusOr<ClearingResult> Clear(const Instance& instance, EligibleRows& rows, const ClearingOptions& options,
                                     Meter& meter) {
  const int32_t count = static_cast<int32_t>(instance.receivers.size());
  ASSIGN_OR_RETURN(const PairCounts counts, CountPairs(instance, rows, meter));
  const std::vector<int32_t> needs = NeedsOf(instance, counts);
  RoundNetwork network(instance, counts);
  PairLists lists(instance, rows, options);
  ClearingResult result;
  std::vector<ScoredPair> pairs;
  for (int32_t v = 0; v < count; ++v) {
    if (needs[v] > 0) lists.Start(v, needs[v], pairs);
    if (!meter.Tick(0, 1, WorkOf(rows.size(v)))) return Refuse(Reason::kCancelled);
  }
  std::vector<Wide> giver_price(instance.givers.size());
  do {
    ++result.solves;
    result.listed_pairs += static_cast<int64_t>(pairs.size());
    network.AddPairs(pairs);
    pairs.clear();
    RETURN_IF_ERROR(meter.Report());
    if (!network.Balance(meter)) return Refuse(Reason::kCancelled);
    for (size_t u = 0; u < giver_price.size(); ++u) giver_price[u] = network.GiverPrice(static_cast<int32_t>(u));
    for (int32_t v = 0; v < count; ++v) {
      if (needs[v] > 0) lists.AddPaying(network, giver_price, v, needs[v], pairs);
      if (!meter.Tick(0, 1, WorkOf(rows.size(v)))) return Refuse(Reason::kCancelled);
    }
  } while (!pairs.empty());
  result.pairs = network.Used();
  result.prices = PricesOf(instance, counts, network);
  result.searches = network.searches();
  result.visits = network.visits();
  return result;
}

}  // namespace turnabout
