#include "matcher/assign/pricing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "matcher/assign/eligible_rows.h"
#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

using Keys = std::vector<std::tuple<int32_t, int32_t, int32_t>>;  // receiver, giver, score

Keys KeysOf(const std::vector<EligiblePair>& pairs) {
  Keys keys;
  for (const EligiblePair& pair : pairs) keys.push_back({pair.receiver, pair.giver, pair.score});
  std::sort(keys.begin(), keys.end());
  return keys;
}

class PricingTest : public testing::Test {
 protected:
  void Make(const TownPool& shape, Seed seed) {
    pool_ = MakeTownPool(shape, seed);
    instance_ = *MakeInstance(pool_, settings_, seed);
    rows_ = std::make_unique<EligibleRows>(instance_);
    ASSERT_TRUE(rows_->Build(meter_).ok());
    pricing_ = std::make_unique<Pricing>(instance_, rows_->index(), rows_->groups());
  }

  Wide WorthOf(const EligiblePair& pair) const {
    return instance_.objective.PairWorth(
        pair.score, Ticket(instance_.givers[pair.giver].lottery, instance_.receivers[pair.receiver].lottery,
                           instance_.objective.ticket_bits()));
  }

  // Every eligible pair whose worth is above its prices.
  Keys PayingOneByOne(const std::vector<Wide>& giving, const std::vector<Wide>& receiving) {
    std::vector<EligiblePair> pairs;
    for (int32_t v = 0; v < static_cast<int32_t>(instance_.receivers.size()); ++v) {
      const EligibleRows::Row row = rows_->At(v);
      for (size_t i = 0; i < row.givers.size(); ++i) {
        const EligiblePair pair{row.givers[i], v, row.scores[i]};
        if (WorthOf(pair) > giving[pair.giver] + receiving[v]) pairs.push_back(pair);
      }
    }
    return KeysOf(pairs);
  }

  // As if asked for the first time.
  Keys Paying(const std::vector<Wide>& giving, const std::vector<Wide>& receiving, int32_t most) {
    Pricing pricing(instance_, rows_->index(), rows_->groups());
    const std::vector<uint8_t> looks(receiving.size(), 1);
    const auto pays = [&](const EligiblePair& pair) {
      return WorthOf(pair) > giving[pair.giver] + receiving[pair.receiver];
    };
    return KeysOf(*pricing.Paying({giving, receiving, instance_.objective.score_shift(), most, pays, looks}, meter_));
  }

  const Settings settings_ = TownSettings();
  const Progress none_;
  Meter meter_{none_};
  Pool pool_;
  Instance instance_;
  std::unique_ptr<EligibleRows> rows_;
  std::unique_ptr<Pricing> pricing_;
};

// Prices as a solver has them: some near a score, some people or days above or below, and the sums of many of those.
Wide SomePrice(const Instance& instance, int sign, Random& random) {
  const Wide unit = Wide{1} << instance.objective.score_shift();
  const Wide person = instance.objective.PersonWorth(false, 0);
  const Wide day = instance.objective.PersonWorth(false, 1) - person;
  const Wide urgent = instance.objective.PersonWorth(true, 0) - person;
  Wide price = static_cast<Wide>(random.Between(0, 600)) * unit + static_cast<Wide>(random.Next() >> 30);
  if (random.OneIn(1, 2)) price += sign * person * random.Between(0, 2);
  if (random.OneIn(1, 2)) price += sign * day * random.Between(0, 3);
  if (random.OneIn(1, 4)) price += sign * urgent * random.Between(-1, 1);
  return price;
}

TEST_F(PricingTest, FindsEveryPairThatPaysAndNoOther) {
  const Seed first = TestSeed(41);
  for (uint64_t n = 0; n < (HasTestSeed() ? 1u : 8u); ++n) {
    const Seed seed{first.value + n};
    SCOPED_TRACE(RerunWith(seed));
    Make({.people = 500, .cities = 1}, seed);
    Random random(seed);
    std::vector<Wide> giving;
    std::vector<Wide> receiving;
    for (size_t u = 0; u < instance_.givers.size(); ++u) giving.push_back(SomePrice(instance_, 1, random));
    for (size_t v = 0; v < instance_.receivers.size(); ++v) receiving.push_back(SomePrice(instance_, -1, random));
    const Keys expected = PayingOneByOne(giving, receiving);
    EXPECT_GT(expected.size(), 500u);
    EXPECT_LT(static_cast<int64_t>(expected.size()), rows_->pairs());
    EXPECT_EQ(Paying(giving, receiving, 1'000), expected);
    // A few for each receiver are some of those, and for nobody none where there is one.
    const Keys few = Paying(giving, receiving, 2);
    EXPECT_TRUE(std::includes(expected.begin(), expected.end(), few.begin(), few.end()));
    const auto receivers = [](const Keys& keys) {
      std::vector<int32_t> all;
      for (const auto& key : keys) all.push_back(std::get<0>(key));
      all.erase(std::unique(all.begin(), all.end()), all.end());
      return all;
    };
    EXPECT_EQ(receivers(few), receivers(expected));
  }
}

// A solver's loop, with prices that move about at random: what comes back is listed from then on, and in the end
// nothing that pays is left, though most of it was looked at only once.
TEST_F(PricingTest, LeavesNothingThatPaysHoweverPricesMove) {
  Make({.people = 500, .cities = 1}, Seed{9});
  Random random(Seed{10});
  const int32_t receivers = static_cast<int32_t>(instance_.receivers.size());
  std::vector<Wide> giving;
  std::vector<Wide> receiving;
  for (size_t u = 0; u < instance_.givers.size(); ++u) giving.push_back(SomePrice(instance_, 1, random));
  for (int32_t v = 0; v < receivers; ++v) receiving.push_back(SomePrice(instance_, -1, random));
  Keys listed;
  const auto pays = [&](const EligiblePair& pair) {
    return WorthOf(pair) > giving[pair.giver] + receiving[pair.receiver] &&
           !std::binary_search(listed.begin(), listed.end(), Keys::value_type{pair.receiver, pair.giver, pair.score});
  };
  std::vector<uint8_t> looks(receivers, 1);
  int empty = 0;
  for (int round = 0; round < 60; ++round) {
    looks[random.Below(receivers)] ^= 1;
    const Keys found =
        KeysOf(*pricing_->Paying({giving, receiving, instance_.objective.score_shift(), 3, pays, looks}, meter_));
    for (const Keys::value_type& key : found) ASSERT_FALSE(std::binary_search(listed.begin(), listed.end(), key));
    listed.insert(listed.end(), found.begin(), found.end());
    std::sort(listed.begin(), listed.end());
    empty += found.empty() ? 1 : 0;
    for (const Keys::value_type& key : found.empty() ? PayingOneByOne(giving, receiving) : Keys{}) {
      if (looks[std::get<0>(key)] == 0) continue;
      ASSERT_TRUE(std::binary_search(listed.begin(), listed.end(), key)) << round;
    }
    for (int i = 0; found.empty() && i < 5; ++i) {
      giving[random.Below(giving.size())] = SomePrice(instance_, 1, random);
      receiving[random.Below(receiving.size())] = SomePrice(instance_, -1, random);
    }
  }
  EXPECT_GT(empty, 10);
}

TEST_F(PricingTest, StartsWithTheNearestAndTheBestOnceEach) {
  Make({.people = 600, .cities = 1}, Seed{3});
  const Keys keys = KeysOf(*pricing_->Start({.nearest = 4, .best = 5}, meter_));
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  for (int32_t v = 0; v < static_cast<int32_t>(instance_.receivers.size()); ++v) {
    const EligibleRows::Row row = rows_->At(v);
    std::vector<std::pair<int32_t, int32_t>> best;
    for (size_t i = 0; i < row.givers.size(); ++i) best.push_back({-row.scores[i], row.givers[i]});
    std::sort(best.begin(), best.end());
    best.resize(std::min<size_t>(best.size(), 5));
    const auto listed = std::count_if(keys.begin(), keys.end(), [&](const auto& key) { return std::get<0>(key) == v; });
    EXPECT_GE(listed, static_cast<int64_t>(best.size()));
    EXPECT_LE(listed, 9);
    for (const auto& [score, giver] : best) {
      EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), std::make_tuple(v, giver, -score)));
    }
  }
}

TEST_F(PricingTest, StopsWhenItIsTold) {
  Make({.people = 3'000, .cities = 1}, Seed{4});
  const Progress stop = [](int64_t, int64_t) { return false; };
  Meter meter(stop);
  EXPECT_TRUE(absl::IsCancelled(pricing_->Start({.nearest = 4, .best = 5}, meter).status()));
}

}  // namespace
}  // namespace turnabout
