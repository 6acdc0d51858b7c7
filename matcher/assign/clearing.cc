#include "matcher/assign/clearing.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/assign/pricing.h"

namespace turnabout {
namespace {

// Whoever wishes for very many buddies is offered more at a time when it goes on for long.
constexpr int32_t kSolvesBeforeDoubling = 6;
constexpr int kDoublingsMost = 8;

// What each receiver starts with. CANCELLED when `meter` was.
absl::StatusOr<std::vector<EligiblePair>> StartOf(const EligibleRows& rows, const std::vector<int32_t>& needs,
                                                  Meter& meter) {
  std::vector<EligiblePair> pairs;
  for (int32_t v = 0; v < static_cast<int32_t>(needs.size()); ++v) {
    if (!meter.Tick(0, 1)) return Refuse(Reason::kCancelled);
    if (needs[v] == 0) continue;
    const EligibleRows::Row row = rows.StartOf(v);
    for (size_t i = 0; i < row.givers.size(); ++i) pairs.push_back({row.givers[i], v, row.scores[i]});
  }
  return pairs;
}

// Points out pairs that would pay at the network's prices and that it lacks.
class Pricer {
 public:
  Pricer(const Instance& instance, const EligibleRows& rows, const std::vector<int32_t>& needs)
      : instance_(instance), pricing_(instance, rows.index(), rows.groups()) {
    for (const int32_t need : needs) looks_.push_back(need > 0 ? 1 : 0);
  }

  // By receiver, at most `most` for each.
  absl::StatusOr<std::vector<EligiblePair>> Paying(const RoundNetwork& network, int32_t most, Meter& meter) {
    giving_.clear();
    receiving_.clear();
    for (size_t u = 0; u < instance_.givers.size(); ++u) giving_.push_back(network.GiverPrice(static_cast<int32_t>(u)));
    for (size_t v = 0; v < looks_.size(); ++v) receiving_.push_back(network.ReceiverPrice(static_cast<int32_t>(v)));
    const Objective& objective = instance_.objective;
    const auto pays = [&](const EligiblePair& pair) {
      const uint64_t ticket = Ticket(instance_.givers[pair.giver].lottery, instance_.receivers[pair.receiver].lottery,
                                     objective.ticket_bits());
      return objective.PairWorth(pair.score, ticket) > giving_[pair.giver] + receiving_[pair.receiver] &&
             !network.Has(pair.giver, pair.receiver);
    };
    ASSIGN_OR_RETURN(std::vector<EligiblePair> pairs,
                     pricing_.Paying({giving_, receiving_, objective.score_shift(), most, pays, looks_}, meter));
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const EligiblePair& a, const EligiblePair& b) { return a.receiver < b.receiver; });
    return pairs;
  }

 private:
  const Instance& instance_;
  Pricing pricing_;
  std::vector<uint8_t> looks_;
  std::vector<Wide> giving_;
  std::vector<Wide> receiving_;
};

// How many turns each receiver could have: their own, and one for each that they give.
int64_t TurnsOf(const Instance& instance, const EligibleRows& rows, size_t v) {
  const Receiver& receiver = instance.receivers[v];
  const int64_t given = receiver.giver == kNobody ? 0 : rows.size_of_giver(receiver.giver);
  return receiver.turns + std::min<int64_t>(receiver.capacity, given);
}

Prices PricesOf(const Instance& instance, const EligibleRows& rows, const RoundNetwork& network) {
  Prices prices;
  for (size_t u = 0; u < instance.givers.size(); ++u) {
    prices.giving.push_back(network.PricesOfGiver(static_cast<int32_t>(u)).giving);
  }
  // Whoever can have no turn at all has no pairs in the network. Their turns are too dear for any.
  Wide too_dear = instance.objective.AbovePair();
  for (const Wide giving : prices.giving) too_dear = std::max(too_dear, instance.objective.AbovePair() - giving);
  for (size_t v = 0; v < instance.receivers.size(); ++v) {
    const Receiver& receiver = instance.receivers[v];
    if (TurnsOf(instance, rows, v) > 0) {
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

std::vector<int32_t> NeedsOf(const Instance& instance, const EligibleRows& rows) {
  std::vector<int32_t> needs(instance.receivers.size());
  for (size_t v = 0; v < needs.size(); ++v) {
    needs[v] = static_cast<int32_t>(std::min(
        {int64_t{instance.receivers[v].need}, TurnsOf(instance, rows, v), rows.size(static_cast<int32_t>(v))}));
  }
  return needs;
}

absl::Status BalanceOverAll(const Instance& instance, const EligibleRows& rows, const std::vector<int32_t>& needs,
                            const ClearingOptions& options, RoundNetwork& network, ClearingResult& result,
                            Meter& meter) {
  Pricer pricer(instance, rows, needs);
  ASSIGN_OR_RETURN(std::vector<EligiblePair> pairs, StartOf(rows, needs, meter));
  do {
    const int doublings = std::clamp(result.solves++ - kSolvesBeforeDoubling, 0, kDoublingsMost);
    result.listed_pairs += static_cast<int64_t>(pairs.size());
    network.AddPairs(pairs);
    RETURN_IF_ERROR(meter.Report());
    if (!network.Balance(meter)) return Refuse(Reason::kCancelled);
    ASSIGN_OR_RETURN(pairs, pricer.Paying(network, options.added_most << doublings, meter));
  } while (!pairs.empty());
  return absl::OkStatus();
}

absl::StatusOr<ClearingResult> Clear(const Instance& instance, const EligibleRows& rows, const ClearingOptions& options,
                                     Meter& meter) {
  RoundNetwork network(instance, rows);
  ClearingResult result;
  RETURN_IF_ERROR(BalanceOverAll(instance, rows, NeedsOf(instance, rows), options, network, result, meter));
  result.pairs = network.Used();
  result.prices = PricesOf(instance, rows, network);
  result.searches = network.searches();
  result.visits = network.visits();
  return result;
}

}  // namespace turnabout
