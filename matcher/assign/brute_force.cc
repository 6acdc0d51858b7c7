#include "matcher/assign/brute_force.h"

#include <algorithm>
#include <tuple>

#include "matcher/criteria/all.h"

namespace turnabout {
namespace {

constexpr int32_t kDaysCounted = 730;

bool Listed(const std::vector<PoolPair>& pairs, const PoolPair& pair) {
  return std::find(pairs.begin(), pairs.end(), pair) != pairs.end();
}

class BruteForce {
 public:
  BruteForce(const Pool& pool, const Settings& settings, Seed seed, int ticket_bits,
             const std::vector<int64_t>& bonus_days)
      : pool_(pool),
        bonus_days_(bonus_days),
        pairs_(AllEligiblePairs(pool, settings)),
        given_(pool.people.size(), 0),
        received_(pool.people.size(), 0) {
    for (const PoolPair& pair : pairs_) {
      const Person& giver = pool.people[pair.giver];
      const Person& receiver = pool.people[pair.receiver];
      scores_.push_back(ScorePair(giver, receiver, settings).score);
      tickets_.push_back(Ticket(LotteryOf(giver.id, seed), LotteryOf(receiver.id, seed), ticket_bits));
    }
  }

  BruteForceResult Run() {
    Try(0);
    std::sort(best_.pairs.begin(), best_.pairs.end(), [&](const PoolPair& a, const PoolPair& b) {
      return std::tie(pool_.people[a.receiver].id, pool_.people[a.giver].id) <
             std::tie(pool_.people[b.receiver].id, pool_.people[b.giver].id);
    });
    return best_;
  }

 private:
  void Try(size_t next) {
    if (next == pairs_.size()) {
      Judge();
      return;
    }
    const auto [giver, receiver] = pairs_[next];
    if (given_[giver] < pool_.people[giver].give_capacity &&
        received_[receiver] < pool_.people[receiver].receive_need) {
      Count(next, 1);
      Try(next + 1);
      Count(next, -1);
    }
    Try(next + 1);
  }

  void Count(size_t pair, int by) {
    given_[pairs_[pair].giver] += by;
    received_[pairs_[pair].receiver] += by;
    score_ += by * scores_[pair];
    if (by > 0) {
      chosen_.push_back(pairs_[pair]);
      ticket_sum_ += tickets_[pair];
    } else {
      chosen_.pop_back();
      ticket_sum_ -= tickets_[pair];
    }
  }

  void Judge() {
    Value value;
    value.score = score_;
    for (size_t i = 0; i < received_.size(); ++i) {
      const Person& person = pool_.people[i];
      if (received_[i] > int64_t{person.turns} + given_[i]) return;
      if (received_[i] == 0) continue;
      value.urgent_served += IsUrgent(person);
      ++value.served;
      value.waiting_days += std::min(person.waiting_days, kDaysCounted);
      for (size_t n = 0; n < bonus_days_.size(); ++n) value.waiting_days += (person.groups >> n & 1) * bonus_days_[n];
    }
    if (std::tie(value, ticket_sum_) > std::tie(best_.value, best_.tickets)) best_ = {chosen_, value, ticket_sum_};
  }

  const Pool& pool_;
  const std::vector<int64_t>& bonus_days_;
  const std::vector<PoolPair> pairs_;
  std::vector<int64_t> scores_;
  std::vector<uint64_t> tickets_;
  std::vector<int32_t> given_;
  std::vector<int32_t> received_;
  std::vector<PoolPair> chosen_;
  int64_t score_ = 0;
  uint64_t ticket_sum_ = 0;
  BruteForceResult best_;
};

}  // namespace

std::vector<PoolPair> AllEligiblePairs(const Pool& pool, const Settings& settings) {
  std::vector<PoolPair> pairs;
  const int32_t count = static_cast<int32_t>(pool.people.size());
  for (int32_t giver = 0; giver < count; ++giver) {
    if (pool.people[giver].give_capacity == 0) continue;
    for (int32_t receiver = 0; receiver < count; ++receiver) {
      if (pool.people[receiver].receive_need == 0) continue;
      const PoolPair pair{giver, receiver};
      if (Listed(pool.resting, pair) || Listed(pool.paired, pair)) continue;
      if (CheckPair(pool.people[giver], pool.people[receiver], settings).ok()) pairs.push_back(pair);
    }
  }
  return pairs;
}

BruteForceResult ClearByBruteForce(const Pool& pool, const Settings& settings, Seed seed, int ticket_bits,
                                   const std::vector<int64_t>& bonus_days) {
  return BruteForce(pool, settings, seed, ticket_bits, bonus_days).Run();
}

}  // namespace turnabout
