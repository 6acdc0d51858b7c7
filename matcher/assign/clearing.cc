#include "matcher/assign/clearing.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/assign/network.h"

namespace turnabout {
namespace {

// Chooses which pairs the network holds.
class PairLists {
 public:
  PairLists(const Instance& instance, EligibleRows& rows, const ClearingOptions& options)
      : instance_(instance), rows_(rows), options_(options), listed_by_(instance.givers.size(), kNobody) {}

  // The pairs that receivers[v] starts with, appended to `pairs`.
  void Start(int32_t v, int32_t need, std::vector<NetworkPair>& pairs) {
    const EligibleRows::Row row = rows_.At(v);
    found_.clear();
    for (size_t i = 0; i < row.givers.size(); ++i) found_.push_back(PairOf(v, row.givers[i], row.scores[i]));
    const size_t best = static_cast<size_t>(options_.best_first) + 2 * static_cast<size_t>(need);
    const size_t mixed = static_cast<size_t>(options_.mixed_first);
    if (found_.size() > best + mixed) {
      std::nth_element(found_.begin(), found_.begin() + best, found_.end(), kDearer);
      std::nth_element(found_.begin() + best, found_.begin() + best + mixed, found_.end(),
                       [&](const NetworkPair& a, const NetworkPair& b) { return TicketOf(a) > TicketOf(b); });
      found_.resize(best + mixed);
    }
    pairs.insert(pairs.end(), found_.begin(), found_.end());
  }

  // The pairs of receivers[v] that would pay at the network's prices and are not in it, the most paying ones.
  void AddPaying(const Network& network, const std::vector<Wide>& giver_price, int32_t v, int32_t need,
                 std::vector<NetworkPair>& pairs) {
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
      const NetworkPair pair = PairOf(v, u, row.scores[i]);
      if (pair.worth > both) found_.push_back(pair);
    }
    const size_t most = static_cast<size_t>(options_.added_most) + static_cast<size_t>(need);
    if (found_.size() > most) {
      std::nth_element(found_.begin(), found_.begin() + most, found_.end(),
                       [&](const NetworkPair& a, const NetworkPair& b) {
                         return a.worth - giver_price[a.giver] > b.worth - giver_price[b.giver];
                       });
      found_.resize(most);
    }
    pairs.insert(pairs.end(), found_.begin(), found_.end());
  }

 private:
  static constexpr auto kDearer = [](const NetworkPair& a, const NetworkPair& b) { return a.worth > b.worth; };

  uint64_t TicketOf(const NetworkPair& pair) const {
    return Ticket(instance_.givers[pair.giver].lottery, instance_.receivers[pair.receiver].lottery,
                  instance_.objective.ticket_bits());
  }

  NetworkPair PairOf(int32_t v, int32_t u, int32_t score) const {
    NetworkPair pair{u, v, 0};
    pair.worth = instance_.objective.PairWorth(score, TicketOf(pair));
    return pair;
  }

  const Instance& instance_;
  EligibleRows& rows_;
  const ClearingOptions& options_;
  std::vector<int32_t> listed_by_;  // the last receiver whose list was seen to hold this giver
  std::vector<NetworkPair> found_;
};

// How many givers each receiver can have at most: never more than they wish, may have, or are there for them.
std::vector<int32_t> NeedsOf(const Instance& instance, const EligibleRows& rows) {
  std::vector<int32_t> needs(instance.receivers.size());
  for (size_t v = 0; v < needs.size(); ++v) {
    const Receiver& receiver = instance.receivers[v];
    needs[v] = static_cast<int32_t>(std::min(
        {int64_t{receiver.need}, int64_t{receiver.turns} + receiver.capacity, rows.size(static_cast<int32_t>(v))}));
  }
  return needs;
}

// The network knows tighter limits than the pool states. Prices here are for the limits as stated: what the tighter
// limit is worth moves to the turns, or to the pairs themselves.
Prices PricesOf(const Instance& instance, const EligibleRows& rows, const Network& network) {
  Prices prices;
  for (size_t u = 0; u < instance.givers.size(); ++u)
    prices.giving.push_back(network.GiverPrice(static_cast<int32_t>(u)));
  for (int32_t v = 0; v < static_cast<int32_t>(instance.receivers.size()); ++v) {
    const Receiver& receiver = instance.receivers[v];
    Wide price = network.ReceiverPrice(v);
    Wide turn = network.TurnPrice(v);
    const int64_t in_turn = int64_t{receiver.turns} + receiver.capacity;
    if (price > turn && rows.size(v) < std::min<int64_t>(receiver.need, in_turn)) {
      price = turn;
    } else if (price > turn && in_turn < receiver.need) {
      turn = price;
    }
    prices.receiving.push_back(price);
    prices.turn.push_back(turn);
    // A place that nobody uses may be as dear as its owner's turn.
    if (receiver.giver != kNobody) prices.giving[receiver.giver] = std::max(prices.giving[receiver.giver], -turn);
  }
  for (size_t u = 0; u < instance.givers.size(); ++u) {
    if (instance.givers[u].receiver == kNobody) prices.giving[u] = std::max(prices.giving[u], Wide{0});
  }
  // Whoever can have no turn at all is not in the network. Their turns are too dear for any pair.
  Wide too_dear = instance.objective.AbovePair();
  for (const Wide giving : prices.giving) too_dear = std::max(too_dear, instance.objective.AbovePair() - giving);
  for (size_t v = 0; v < instance.receivers.size(); ++v) {
    const Receiver& receiver = instance.receivers[v];
    if (receiver.turns != 0 || receiver.capacity != 0) continue;
    prices.receiving[v] = too_dear;
    prices.turn[v] = too_dear + receiver.worth;
  }
  return prices;
}

// Of looking through a row, in the meter's units.
int64_t WorkOf(int64_t row_size) { return 1 + row_size / 1000; }

}  // namespace

absl::StatusOr<ClearingResult> Clear(const Instance& instance, EligibleRows& rows, const ClearingOptions& options,
                                     Meter& meter) {
  const int32_t count = static_cast<int32_t>(instance.receivers.size());
  const std::vector<int32_t> needs = NeedsOf(instance, rows);
  Network network(instance, needs);
  PairLists lists(instance, rows, options);
  ClearingResult result;
  std::vector<NetworkPair> pairs;
  for (int32_t v = 0; v < count; ++v) {
    if (needs[v] > 0) lists.Start(v, needs[v], pairs);
    if (!meter.Tick(0, 1, WorkOf(rows.size(v)))) return Refuse(Reason::kCancelled);
  }
  std::vector<Wide> giver_price(instance.givers.size());
  while (!pairs.empty()) {
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
  }
  result.pairs = network.Used();
  result.prices = PricesOf(instance, rows, network);
  result.searches = network.searches();
  result.visits = network.visits();
  return result;
}

}  // namespace turnabout
