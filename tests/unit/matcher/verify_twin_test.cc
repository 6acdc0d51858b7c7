// The verifier against its twin, which adds up the same bound over every pair of people one by one.
#include <gtest/gtest.h>

#include "matcher/assign/objective.h"
#include "matcher/certificate.h"
#include "matcher/criteria/all.h"
#include "matcher/digest.h"
#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

struct Prices {
  Wide giving = 0, receiving = 0, turn = 0;
};

// By position in the pool.
std::vector<Prices> Read(const Pool& pool, absl::string_view text) {
  std::vector<Prices> prices(pool.people.size());
  for (const int32_t at : ById(pool)) {
    if (pool.people[at].give_capacity == 0 && pool.people[at].receive_need == 0) continue;
    for (Wide* price : {&prices[at].giving, &prices[at].receiving, &prices[at].turn}) TakePrice(text, *price);
  }
  return prices;
}

std::string Written(const Pool& pool, const std::vector<Prices>& prices) {
  std::string text;
  for (const int32_t at : ById(pool)) {
    if (pool.people[at].give_capacity == 0 && pool.people[at].receive_need == 0) continue;
    for (const Wide price : {prices[at].giving, prices[at].receiving, prices[at].turn}) PutPrice(text, price);
  }
  return text;
}

class Twin {
 public:
  Twin(const Pool& pool, const Settings& settings, Seed seed)
      : pool_(pool), settings_(settings), seed_(seed), objective_(*Objective::Make(Objective::BoundsOf(pool))) {
    for (const Person& person : pool.people) traits_.push_back(TraitsOf(person, settings));
  }

  // True when these prices prove that nothing is worth more than `round`.
  bool Proves(const std::vector<Prices>& prices, const Round& round) const {
    Wide bound = 0;
    for (size_t i = 0; i < prices.size(); ++i) {
      const Person& person = pool_.people[i];
      const Prices& price = prices[i];
      if (price.turn < 0 || price.giving + price.turn < 0) return false;
      bound += (price.giving + price.turn) * person.give_capacity;
      if (person.receive_need == 0) continue;
      const Wide place = price.receiving - price.turn;
      bound += price.turn * person.turns + std::max(place, Wide{0}) * person.receive_need;
      bound += std::max(objective_.PersonWorth(IsUrgent(person), std::min(person.waiting_days, kWaitingDaysCounted)) +
                            std::min(place, Wide{0}),
                        Wide{0});
    }
    if (Objective::BoundsOf(pool_).pairs > 0) bound += Beyond(prices);
    return bound == Reached(round);
  }

 private:
  bool Forbidden(int32_t giver, int32_t receiver) const {
    const PoolPair pair{giver, receiver};
    return std::count(pool_.resting.begin(), pool_.resting.end(), pair) +
               std::count(pool_.paired.begin(), pool_.paired.end(), pair) >
           0;
  }

  Wide WorthOf(int32_t giver, int32_t receiver) const {
    const uint64_t ticket =
        Ticket(LotteryOf(traits_[giver].id, seed_), LotteryOf(traits_[receiver].id, seed_), objective_.ticket_bits());
    return objective_.PairWorth(ScoreOf(traits_[giver], traits_[receiver], settings_), ticket);
  }

  Wide Beyond(const std::vector<Prices>& prices) const {
    Wide beyond = 0;
    const int32_t people = static_cast<int32_t>(prices.size());
    for (int32_t u = 0; u < people; ++u) {
      for (int32_t v = 0; v < people; ++v) {
        if (pool_.people[u].give_capacity == 0 || pool_.people[v].receive_need == 0 || Forbidden(u, v)) continue;
        if (!Allowed(traits_[u], traits_[v], settings_)) continue;
        beyond += std::max(WorthOf(u, v) - prices[u].giving - prices[v].receiving, Wide{0});
      }
    }
    return beyond;
  }

  Wide Reached(const Round& round) const {
    Wide reached = 0;
    std::vector<uint8_t> served(pool_.people.size(), 0);
    for (const Proposal& proposal : round.proposals) {
      reached += WorthOf(proposal.giver, proposal.receiver);
      if (served[proposal.receiver]++ != 0) continue;
      const Person& person = pool_.people[proposal.receiver];
      reached += objective_.PersonWorth(IsUrgent(person), std::min(person.waiting_days, kWaitingDaysCounted));
    }
    return reached;
  }

  const Pool& pool_;
  const Settings& settings_;
  const Seed seed_;
  const Objective objective_;
  std::vector<Traits> traits_;
};

struct Counts {
  int proven = 0, refused = 0;
};

// A round's prices as they are, and changed a little or a lot: the verifier and its twin say the same of all.
void Compare(const Pool& pool, const Settings& settings, Seed seed, Counts& counts) {
  const absl::StatusOr<Round> found = ProposeRound(pool, settings, seed);
  ASSERT_TRUE(found.ok()) << found.status();
  const Twin twin(pool, settings, seed);
  const std::vector<Prices> prices = Read(pool, found->certificate.prices);
  ASSERT_EQ(Written(pool, prices), found->certificate.prices);
  Random random(seed);
  for (int i = 0; i < 12; ++i) {
    std::vector<Prices> changed = prices;
    Prices& one = changed[random.Below(changed.size())];
    const Wide by = (static_cast<Wide>(random.OneIn(1, 2) ? 1 : -1)) << random.Below(70);
    const uint64_t which = random.Below(5);
    if (i > 0 && which != 1) one.giving += by;
    if (i > 0 && which > 0 && which < 4) one.receiving += which == 1 ? by : -by;
    if (i > 0 && which > 2) one.turn -= by;
    Round round = *found;
    round.certificate.prices = Written(pool, changed);
    const absl::Status status = VerifyRound(pool, settings, seed, round);
    ASSERT_EQ(status.ok(), twin.Proves(Read(pool, round.certificate.prices), round)) << status << " change " << i;
    ASSERT_TRUE(i > 0 || status.ok()) << status;
    ++(status.ok() ? counts.proven : counts.refused);
  }
}

TEST(VerifyTwin, SaysTheSameOfTinyPoolsAndTowns) {
  const uint64_t first = TestSeed(1).value;
  Counts counts;
  for (uint64_t seed = first; seed < first + (IsFullRun() ? 5'000 : 500) && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(RerunWith(Seed{seed}));
    Random random(Seed{seed});
    Compare(MakeTinyPool({.people = 8, .turns_most = static_cast<int32_t>(random.Below(3))}, Seed{seed}), Settings{},
            Seed{seed}, counts);
    if (seed % 8 != 0) continue;
    Pool town = MakeTownPool({.people = static_cast<int32_t>(random.Between(1, 80)), .cities = 1}, Seed{seed});
    for (Person& person : town.people) {
      if (seed % 32 == 8) person.place = town.people[0].place;
      if (seed % 32 == 16) person.has_place = false;
    }
    Compare(town, TownSettings(), Seed{seed}, counts);
  }
  EXPECT_GT(counts.proven, 500);
  EXPECT_GT(counts.refused, 500);
}

}  // namespace
}  // namespace turnabout
