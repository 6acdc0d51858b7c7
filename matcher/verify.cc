// The verifier of a round. It knows the criteria and the objective, and nothing of how a round is found.
//
// Give each person's place to give a price g >= -t, each place to receive a price r and each turn a price t >= 0. Then
// no round, whatever its pairs, is worth more than
//   sum over people of  capacity * (g + t)  +  turns * t  +  bound(r - t)   +   sum over eligible pairs of max(0, worth
//   - g - r)
// where bound(x) = need * x + served for x >= 0 and max(0, served + x) for x < 0, and `served` is what serving the
// person is worth. (It is the dual of the round's linear programme.) A round that reaches the bound is therefore best.
// Only pairs that are worth more than their prices count in the last sum: verify_near.h says how the others are passed
// over. Nothing that is added is below 0, so adding up stops as soon as the bound is above what the round reaches.
// What the round says of links and groups is checked in verify_links.cc and verify_groups.cc.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/certificate.h"
#include "matcher/criteria/all.h"
#include "matcher/digest.h"
#include "matcher/matcher.h"
#include "matcher/pool_check.h"
#include "matcher/verify_near.h"
#include "matcher/verify_parts.h"

namespace turnabout {
namespace {

using Number = __int128;

constexpr Number kPriceLimit = Number{1} << 124;
constexpr int kLevelBits = 122;
constexpr int kLotteryBits = 40;
constexpr int kLotterySumBits = 64;
constexpr int64_t kDaysCounted = 730;

int Width(int64_t largest) { return std::bit_width(static_cast<uint64_t>(largest)); }

// Where each level of the objective begins, so that no lower level can add up to one of the next.
struct Levels {
  int64_t pairs = 0;  // the most that any round has
  int lottery_bits = 0, score = 0, days = 0, served = 0, urgent = 0;
};

struct Account {
  Number giving = 0, receiving = 0, turn = 0;  // prices
  Number served = 0;                           // worth of being served
  int64_t given = 0, received = 0, days = 0;
  uint64_t lottery = 0;
  bool urgent = false;
};

class Verifier {
 public:
  Verifier(const Pool& pool, const Settings& settings, Seed seed, const Round& round)
      : pool_(pool), settings_(settings), seed_(seed), round_(round), accounts_(pool.people.size()) {}

  absl::Status Run() {
    if (DigestOf(pool_, settings_, seed_) != round_.certificate.instance_digest) {
      return Wrong("the certificate is about another pool, settings or seed");
    }
    RETURN_IF_ERROR(CheckBonuses(settings_, round_));
    if (!FindLevels()) return Wrong("the pool is too large for a round");
    RETURN_IF_ERROR(ReadPrices());
    for (const std::vector<PoolPair>* list : {&pool_.resting, &pool_.paired}) {
      for (const PoolPair& pair : *list) forbidden_.insert(KeyOf(pair.giver, pair.receiver));
    }
    RETURN_IF_ERROR(CheckProposals());
    RETURN_IF_ERROR(CheckLimits());
    RETURN_IF_ERROR(CheckLinks(pool_, round_.proposals));
    RETURN_IF_ERROR(CheckGroups(pool_, settings_, round_));
    return CheckBound();
  }

 private:
  static uint64_t KeyOf(int32_t giver, int32_t receiver) {
    return static_cast<uint64_t>(giver) << 32 | static_cast<uint32_t>(receiver);
  }

  bool FindLevels() {
    int64_t givers = 0, people = 0, urgent = 0, days = 0, offered = 0, wanted = 0;
    for (const Person& person : pool_.people) givers += person.give_capacity > 0;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      const Person& person = pool_.people[i];
      offered += person.give_capacity;
      if (person.receive_need == 0) continue;
      accounts_[i].urgent = IsUrgent(person);
      ++people;
      urgent += accounts_[i].urgent;
      accounts_[i].days = std::min<int64_t>(person.waiting_days, kDaysCounted);
      for (size_t n = 0; n < round_.groups.size(); ++n) {
        accounts_[i].days += (person.groups >> n & 1) * round_.groups[n].bonus_days;
      }
      days += accounts_[i].days;
      wanted += std::min({int64_t{person.receive_need}, givers, int64_t{person.turns} + person.give_capacity});
    }
    const int64_t pairs = levels_.pairs = std::min(offered, wanted);
    const int above_lottery = Width(pairs) + Width(kScoreMax * pairs) + Width(days) + Width(people) + Width(urgent);
    if (above_lottery >= kLevelBits) return false;
    levels_.lottery_bits = std::min({kLotteryBits, kLevelBits - above_lottery, kLotterySumBits - Width(pairs)});
    levels_.score = levels_.lottery_bits + Width(pairs);
    levels_.days = levels_.score + Width(kScoreMax * pairs);
    levels_.served = levels_.days + Width(days);
    levels_.urgent = levels_.served + Width(people);
    for (size_t i = 0; i < accounts_.size(); ++i) {
      accounts_[i].lottery = LotteryOf(pool_.people[i].id, seed_);
      accounts_[i].served = (Number{1} << levels_.served) + (static_cast<Number>(accounts_[i].days) << levels_.days);
      if (accounts_[i].urgent) accounts_[i].served += Number{1} << levels_.urgent;
    }
    return true;
  }

  absl::Status ReadPrices() {
    absl::string_view rest = round_.certificate.prices;
    for (const int32_t at : ById(pool_)) {
      if (pool_.people[at].give_capacity == 0 && pool_.people[at].receive_need == 0) continue;
      Account& account = accounts_[at];
      for (Number* price : {&account.giving, &account.receiving, &account.turn}) {
        if (!TakePrice(rest, *price)) return Wrong("the prices cannot be read");
        if (*price > kPriceLimit || *price < -kPriceLimit) return Wrong("a price is too large");
      }
      if (account.turn < 0) return Wrong("a turn has a price below 0");
      if (account.giving + account.turn < 0) return Wrong("a place to give has a price below 0");
    }
    return rest.empty() ? absl::OkStatus() : Wrong("there are more prices than people");
  }

  Number WorthOf(int32_t giver, int32_t receiver, int32_t score) const {
    const uint64_t ticket = Ticket(accounts_[giver].lottery, accounts_[receiver].lottery, levels_.lottery_bits);
    return (static_cast<Number>(score) << levels_.score) + static_cast<Number>(ticket);
  }

  absl::Status CheckProposals() {
    const int32_t count = static_cast<int32_t>(pool_.people.size());
    const Proposal* last = nullptr;
    for (const Proposal& proposal : round_.proposals) {
      if (proposal.giver < 0 || proposal.giver >= count || proposal.receiver < 0 || proposal.receiver >= count) {
        return Wrong("a proposal is outside the pool");
      }
      const Person& giver = pool_.people[proposal.giver];
      const Person& receiver = pool_.people[proposal.receiver];
      const absl::Status allowed = CheckPair(giver, receiver, settings_);
      if (!allowed.ok()) return Wrong(absl::StrCat("a proposal is not allowed: ", allowed.message()));
      if (forbidden_.contains(KeyOf(proposal.giver, proposal.receiver))) return Wrong("a proposed pair rests");
      RETURN_IF_ERROR(CheckScore(proposal, ScorePair(giver, receiver, settings_)));
      if (last != nullptr) {
        const MemberId& before = pool_.people[last->receiver].id;
        if (before > receiver.id || (before == receiver.id && pool_.people[last->giver].id >= giver.id)) {
          return Wrong("the proposals are out of order, or one comes twice");
        }
      }
      last = &proposal;
      ++accounts_[proposal.giver].given;
      ++accounts_[proposal.receiver].received;
      reached_ += WorthOf(proposal.giver, proposal.receiver, proposal.score);
      value_.score += proposal.score;
    }
    return absl::OkStatus();
  }

  static absl::Status CheckScore(const Proposal& claimed, const Proposal& found) {
    bool same = claimed.score == found.score && claimed.findings.size() == found.findings.size();
    for (size_t i = 0; same && i < found.findings.size(); ++i) {
      const Finding& a = claimed.findings[i];
      const Finding& b = found.findings[i];
      same = a.criterion == b.criterion && a.score == b.score && a.weight == b.weight;
    }
    return same ? absl::OkStatus() : Wrong("a proposal's score is not what the pair's score is");
  }

  absl::Status CheckLimits() {
    int64_t waiting = 0;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      const Person& person = pool_.people[i];
      const Account& account = accounts_[i];
      waiting += person.receive_need > 0;
      if (account.given > person.give_capacity) return Wrong("somebody gives to more people than they can take on");
      if (account.received > person.receive_need) return Wrong("somebody receives more buddies than they asked for");
      if (account.received > person.turns + account.given) return Wrong("somebody receives a turn they do not have");
      if (account.received == 0) continue;
      value_.urgent_served += account.urgent;
      ++value_.served;
      value_.waiting_days += std::min<int64_t>(person.waiting_days, kDaysCounted);
      reached_ += account.served;
    }
    if (round_.waiting != waiting) return Wrong("the count of people waiting is not right");
    return value_ == round_.value ? absl::OkStatus() : Wrong("the value is not what the proposals add up to");
  }

  // Adds `times` * `amount` to the bound. False when that is above what is reached. REQUIRES: neither is below 0.
  bool Add(Number amount, int64_t times) {
    if (times > 0 && amount > (reached_ - bound_) / times) return false;
    bound_ += amount * times;
    return true;
  }

  absl::Status CheckBound() {
    bool fits = true;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      const Person& person = pool_.people[i];
      const Account& account = accounts_[i];
      fits = fits && Add(account.giving + account.turn, person.give_capacity);
      if (person.receive_need == 0) continue;
      const Number place = account.receiving - account.turn;
      fits = fits && Add(account.turn, person.turns);
      fits = fits && Add(std::max(place, Number{0}), person.receive_need);
      fits = fits && Add(std::max(account.served + std::min(place, Number{0}), Number{0}), 1);
    }
    if (fits && (levels_.pairs == 0 || AddPairs()) && bound_ == reached_) return absl::OkStatus();
    return Wrong("the prices do not prove that nothing better exists");
  }

  // Adds what each eligible pair is worth beyond its prices. False when that is above what is reached.
  bool AddPairs() {
    std::vector<Traits> givers;
    std::vector<Number> prices;
    std::vector<int32_t> positions;
    const std::vector<int32_t> order = ByPlace(pool_.people);
    for (const int32_t i : order) {
      if (pool_.people[i].give_capacity == 0) continue;
      givers.push_back(TraitsOf(pool_.people[i], settings_));
      prices.push_back(accounts_[i].giving);
      positions.push_back(i);
    }
    const Near near(givers, prices, settings_, {levels_.score, Number{1} << levels_.lottery_bits});
    const Number room = reached_ - bound_;
    std::atomic<size_t> next{0};
    std::array<Number, 2> sums{};
    const auto work = [&](Number& sum) {
      for (size_t at = next++; at < order.size() && sum <= room; at = next++) {
        const int32_t v = order[at];
        if (pool_.people[v].receive_need == 0) continue;
        const Traits receiver = TraitsOf(pool_.people[v], settings_);
        near.Visit(receiver, accounts_[v].receiving, [&](int32_t u) {
          if (!Allowed(givers[u], receiver, settings_) || forbidden_.contains(KeyOf(positions[u], v))) return true;
          const Number worth = WorthOf(positions[u], v, ScoreOf(givers[u], receiver, settings_));
          sum += std::max(worth - prices[u] - accounts_[v].receiving, Number{0});
          return sum <= room;
        });
      }
    };
    std::thread other;
    if (order.size() > 1000 && std::thread::hardware_concurrency() > 1) other = std::thread(work, std::ref(sums[1]));
    work(sums[0]);
    if (other.joinable()) other.join();
    return Add(sums[0] + sums[1], 1);
  }

  const Pool& pool_;
  const Settings& settings_;
  const Seed seed_;
  const Round& round_;
  std::vector<Account> accounts_;
  Levels levels_;
  absl::flat_hash_set<uint64_t> forbidden_;
  Value value_;
  Number reached_ = 0;  // by the proposals
  Number bound_ = 0;    // for any round
};

}  // namespace

absl::Status VerifyRound(const Pool& pool, const Settings& settings, Seed seed, const Round& round) {
  RETURN_IF_ERROR(CheckPool(pool, settings));
  return Verifier(pool, settings, seed, round).Run();
}

}  // namespace turnabout
