#include "matcher/assign/greedy.h"

#include <algorithm>
#include <queue>

#include "base/reason.h"

namespace turnabout {
namespace {

class Greedy {
 public:
  Greedy(const Instance& instance, EligibleRows& rows)
      : instance_(instance),
        rows_(rows),
        given_(instance.givers.size(), 0),
        received_(instance.receivers.size(), 0),
        parked_(instance.receivers.size(), 0),
        taken_(instance.receivers.size()) {}

  absl::StatusOr<std::vector<PoolPair>> Run(Meter& meter) {
    for (int32_t v = 0; v < static_cast<int32_t>(instance_.receivers.size()); ++v) {
      queue_.push({instance_.receivers[v].worth + instance_.objective.AbovePair(), v, kNobody});
    }
    while (!queue_.empty()) {
      if (!meter.Tick(static_cast<int64_t>(pairs_.size()), static_cast<int64_t>(received_.size()))) {
        return Refuse(Reason::kCancelled);
      }
      const Best best = queue_.top();
      queue_.pop();
      if (!MayReceive(best.receiver)) {
        parked_[best.receiver] = 1;
      } else if (best.giver == kNobody || given_[best.giver] == instance_.givers[best.giver].capacity) {
        Push(best.receiver);
      } else {
        Take(best);
      }
    }
    return pairs_;
  }

 private:
  struct Best {
    Wide worth;
    int32_t receiver;
    int32_t giver;  // kNobody: not looked for yet
    bool operator<(const Best& other) const {
      return worth != other.worth ? worth < other.worth : receiver > other.receiver;
    }
  };

  bool MayReceive(int32_t v) const {
    const Receiver& receiver = instance_.receivers[v];
    const int64_t given = receiver.giver == kNobody ? 0 : given_[receiver.giver];
    return received_[v] < receiver.turns + given;
  }

  // Puts the receiver's best pair that is still possible in the queue, when there is one.
  void Push(int32_t v) {
    if (received_[v] == instance_.receivers[v].need) return;
    const EligibleRows::Row start = rows_.StartOf(v);
    Best best = BestOf(v, start, rows_.BestCount(v));
    // When all the best are taken, so is whoever is worth more than the rest of the row.
    if (best.giver == kNobody) {
      const EligibleRows::Row row = rows_.At(v);
      best = BestOf(v, row, row.givers.size());
    }
    if (best.giver == kNobody) return;
    if (received_[v] == 0) best.worth += instance_.receivers[v].worth;
    queue_.push(best);
  }

  // The best pair that is still possible among the first `count` of a row.
  Best BestOf(int32_t v, const EligibleRows::Row& row, size_t count) const {
    Best best{-1, v, kNobody};
    for (size_t i = 0; i < count; ++i) {
      const int32_t u = row.givers[i];
      if (given_[u] == instance_.givers[u].capacity) continue;
      const Wide most = instance_.objective.PairWorth(row.scores[i] + 1, 0);
      if (most <= best.worth || std::find(taken_[v].begin(), taken_[v].end(), u) != taken_[v].end()) continue;
      const uint64_t ticket =
          Ticket(instance_.givers[u].lottery, instance_.receivers[v].lottery, instance_.objective.ticket_bits());
      const Wide worth = instance_.objective.PairWorth(row.scores[i], ticket);
      if (worth > best.worth) best = {worth, v, u};
    }
    return best;
  }

  void Take(const Best& best) {
    pairs_.push_back({best.giver, best.receiver});
    taken_[best.receiver].push_back(best.giver);
    ++received_[best.receiver];
    ++given_[best.giver];
    Push(best.receiver);
    const int32_t also = instance_.givers[best.giver].receiver;
    if (also == kNobody || !parked_[also]) return;
    parked_[also] = 0;
    Push(also);
  }

  const Instance& instance_;
  EligibleRows& rows_;
  std::priority_queue<Best> queue_;
  std::vector<int32_t> given_;
  std::vector<int32_t> received_;
  std::vector<uint8_t> parked_;  // would receive, once they have given
  std::vector<std::vector<int32_t>> taken_;
  std::vector<PoolPair> pairs_;
};

}  // namespace

absl::StatusOr<std::vector<PoolPair>> ClearGreedily(const Instance& instance, EligibleRows& rows, Meter& meter) {
  return Greedy(instance, rows).Run(meter);
}

}  // namespace turnabout
