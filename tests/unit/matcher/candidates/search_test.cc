#include "matcher/candidates/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "matcher/assign/instance.h"
#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"
#include "tests/support/wild_people.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

struct Pair {
  int32_t giver = 0;
  int32_t score = 0;
  int64_t squared = -1;  // in person: the square of their distance
};

// What CheckPair and ScorePair say of every giver of an instance, for one receiver.
std::vector<Pair> OneByOne(const Instance& instance, int32_t receiver) {
  const Person& asking = instance.pool->people[instance.receivers[receiver].person];
  std::vector<Pair> pairs;
  for (int32_t u = 0; u < static_cast<int32_t>(instance.givers.size()); ++u) {
    const std::vector<int32_t>& blocked = instance.receivers[receiver].blocked;
    if (std::binary_search(blocked.begin(), blocked.end(), u)) continue;
    const Person& giver = instance.pool->people[instance.givers[u].person];
    if (!CheckPair(giver, asking, *instance.settings).ok()) continue;
    const Meeting meeting = MeetingOf(TraitsOf(giver, *instance.settings), TraitsOf(asking, *instance.settings));
    pairs.push_back({u, ScorePair(giver, asking, *instance.settings).score,
                     meeting.in_person != 0 ? meeting.squared_decimetres : -1});
  }
  return pairs;
}

// Holds everything that a search finds to what the pairs say one by one.
class Twins {
 public:
  Twins(const Instance& instance, const CandidateIndex& index, const ScanOps& scan)
      : instance_(instance), search_(index, scan) {
    Random random(Seed{17});
    for (size_t u = 0; u < instance.givers.size(); ++u) {
      giver_prices_.push_back(random.Between(-300, 300));
      fell_.push_back(random.OneIn(1, 10) ? 1 : 0);
    }
    prices_ = std::make_unique<GiverPrices>(index, giver_prices_, fell_);
  }

  // REQUIRES: end - begin <= CandidateSearch::kGroupMost.
  void Expect(int32_t begin, int32_t end) {
    Area area;
    for (int32_t v = begin; v < end; ++v) area.Add(instance_.receiver_traits[v]);
    search_.Begin(area);
    rows_.clear();
    for (int32_t v = begin; v < end; ++v) {
      search_.Add(instance_.receiver_traits[v], instance_.receivers[v].blocked);
      rows_.push_back(OneByOne(instance_, v));
      pairs_ += static_cast<int64_t>(rows_.back().size());
    }
    ExpectAll();
    for (const int32_t most : {1, 3, 20}) {
      ExpectNearest(most);
      ExpectBest(most, nullptr, 0);
      ExpectBest(most, prices_.get(), 700);
      ExpectBest(most, prices_.get(), -5'000);
    }
  }

  int64_t pairs() const { return pairs_; }

 private:
  void ExpectAll() {
    std::vector<std::vector<int32_t>> found(rows_.size());
    std::vector<std::vector<ScoredGiver>> scored(rows_.size());
    std::vector<int64_t> counts(rows_.size());
    search_.Passing(kEveryCriterion, absl::MakeSpan(found));
    search_.Scored(absl::MakeSpan(scored));
    search_.Count(absl::MakeSpan(counts));
    for (size_t n = 0; n < rows_.size(); ++n) {
      std::vector<int32_t> expected;
      std::vector<std::pair<int32_t, int32_t>> expected_scores;
      for (const Pair& pair : rows_[n]) {
        expected.push_back(pair.giver);
        expected_scores.push_back({pair.giver, pair.score});
      }
      std::vector<std::pair<int32_t, int32_t>> scores;
      for (const ScoredGiver& one : scored[n]) scores.push_back({one.giver, one.score});
      std::sort(scores.begin(), scores.end());
      ASSERT_EQ(found[n], expected);
      ASSERT_EQ(scores, expected_scores);
      ASSERT_EQ(counts[n], static_cast<int64_t>(expected.size()));
    }
  }

  void ExpectNearest(int32_t most) {
    std::vector<std::vector<NearGiver>> found(rows_.size());
    search_.Nearest(most, absl::MakeSpan(found));
    for (size_t n = 0; n < rows_.size(); ++n) {
      std::vector<Pair> pairs = rows_[n];
      std::erase_if(pairs, [](const Pair& pair) { return pair.squared < 0; });
      std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.squared < b.squared; });
      pairs.resize(std::min(pairs.size(), static_cast<size_t>(most)));
      ASSERT_EQ(found[n].size(), pairs.size());
      for (size_t i = 0; i < pairs.size(); ++i) {
        ASSERT_EQ(found[n][i].giver, pairs[i].giver);
        ASSERT_EQ(found[n][i].squared_decimetres, pairs[i].squared);
      }
    }
  }

  // Each receiver wants something else, some only givers whose price fell, and nobody takes every seventh giver.
  void ExpectBest(int32_t most, const GiverPrices* prices, int64_t margin_least) {
    std::vector<Wanted> wanted;
    for (size_t n = 0; n < rows_.size(); ++n) {
      wanted.push_back({most + static_cast<int32_t>(n % 3), margin_least + static_cast<int64_t>(n),
                        prices != nullptr && n % 4 == 1});
    }
    std::vector<std::vector<ScoredGiver>> found(rows_.size());
    const auto takes = [](int n, int32_t giver) { return giver % 7 != n % 7; };
    search_.Best(
        wanted, prices, [&](int n, const ScoredGiver& one) { return takes(n, one.giver); }, absl::MakeSpan(found));
    for (size_t n = 0; n < rows_.size(); ++n) {
      const auto margin = [&](const Pair& pair) {
        return pair.score - (prices == nullptr ? 0 : giver_prices_[pair.giver]);
      };
      std::vector<Pair> pairs = rows_[n];
      std::erase_if(pairs, [&](const Pair& pair) {
        return margin(pair) < wanted[n].margin_least || !takes(static_cast<int>(n), pair.giver) ||
               (wanted[n].only_fell && fell_[pair.giver] == 0);
      });
      std::stable_sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) { return margin(a) > margin(b); });
      pairs.resize(std::min(pairs.size(), static_cast<size_t>(wanted[n].most)));
      ASSERT_EQ(found[n].size(), pairs.size());
      for (size_t i = 0; i < pairs.size(); ++i) {
        ASSERT_EQ(std::make_tuple(found[n][i].giver, found[n][i].score, found[n][i].margin),
                  std::make_tuple(pairs[i].giver, pairs[i].score, margin(pairs[i])));
      }
    }
  }

  const Instance& instance_;
  CandidateSearch search_;
  std::vector<int64_t> giver_prices_;
  std::vector<uint8_t> fell_;
  std::unique_ptr<GiverPrices> prices_;
  std::vector<std::vector<Pair>> rows_;  // of the group
  int64_t pairs_ = 0;
};

// The vector path where this machine has one, and its plain twin.
std::vector<const ScanOps*> Scans() {
  std::vector<const ScanOps*> scans = {&PlainScan()};
  if (VectorScan() != nullptr) scans.push_back(VectorScan());
  return scans;
}

// Returns how many pairs there were.
int64_t ExpectSame(const Pool& pool, const Settings& settings, int32_t batch) {
  const Instance instance = *MakeInstance(pool, settings, Seed{1});
  const CandidateIndex index(instance.giver_traits, settings);
  int64_t pairs = 0;
  for (const ScanOps* scan : Scans()) {
    SCOPED_TRACE(scan->name);
    Twins twins(instance, index, *scan);
    const int32_t count = static_cast<int32_t>(instance.receivers.size());
    for (int32_t begin = 0; begin < count && !testing::Test::HasFatalFailure(); begin += batch) {
      twins.Expect(begin, std::min(begin + batch, count));
    }
    pairs = twins.pairs();
  }
  return pairs;
}

TEST(CandidateSearch, FindsWhatThePairsSayOneByOneInTowns) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    Settings settings = TownSettings();
    settings.same_service_required = seed % 2 == 0;
    settings.current_may_give = seed % 3 == 0;
    const Pool pool = MakeTownPool(
        {.people = 700, .cities = 1 + static_cast<int32_t>(seed % 2), .remote_percent = seed < 3 ? 25 : 0}, Seed{seed});
    EXPECT_GT(ExpectSame(pool, settings, seed == 1 ? 1 : 64), 1'000) << seed;
  }
}

TEST(CandidateSearch, FindsWhatThePairsSayOneByOneForWildPeople) {
  const Seed first = TestSeed(1);
  const int rounds = HasTestSeed() ? 1 : IsFullRun() ? 400 : 24;
  int64_t pairs = 0;
  for (int i = 0; i < rounds && !HasFatalFailure(); ++i) {
    const Seed seed{first.value + static_cast<uint64_t>(i)};
    SCOPED_TRACE(RerunWith(seed));
    Random random(seed);
    const Choose choose = [&](uint64_t limit) { return random.Below(limit); };
    constexpr Point kMiddles[] = {
        {53'000'000, -2'000'000}, {0, 179'990'000}, {89'990'000, 0}, {-90'000'000, -180'000'000}, {0, 0}};
    Wildness wildness;
    wildness.narrow = random.OneIn(3, 4);
    wildness.middle = kMiddles[random.Below(5)];
    wildness.spread_e6 = static_cast<int32_t>(random.OneIn(1, 5) ? 60'000'000 : random.Below(400'000));
    const Settings settings = WildSettings(choose);
    pairs += ExpectSame(WildPool(static_cast<int32_t>(random.Below(500)), wildness, choose), settings,
                        1 + static_cast<int32_t>(random.Below(64)));
  }
  if (HasTestSeed()) return;
  EXPECT_GT(pairs, 10'000);
}

// As many rows, options and clauses as there can be.
TEST(CandidateSearch, HasRoomForSomebodyWhoHasEverything) {
  const auto with_everything = [](Person person) {
    person.languages = ~LanguageSet{0};
    person.slots = ~SlotSet{0};
    person.wanted_genders = 0xff;
    for (uint8_t n = 0; n < 64; ++n) {
      person.offers.push_back({n, kHome | kWard | kPhone | kOnline});
      person.needs.push_back({n, kHome | kWard | kPhone | kOnline, static_cast<uint8_t>(n % 3)});
      person.journeys.push_back({n, Stage::kCurrent});
    }
    return person;
  };
  Settings settings;
  settings.same_service_required = settings.current_may_give = true;
  Pool pool;
  for (uint64_t n = 1; n <= 8; ++n) {
    pool.people.push_back(with_everything(n % 2 == 0 ? Gives(n) : Receives(n)));
    pool.people.back().gender = static_cast<uint8_t>(n - 1);
  }
  EXPECT_EQ(ExpectSame(pool, settings, 4), 16);
}

TEST(CandidateSearch, FindsNobodyWhereNobodyIs) {
  ExpectSame(Pool{}, Settings{}, 1);
  Pool pool;
  pool.people = {Receives(1), Receives(2)};
  ExpectSame(pool, Settings{}, 2);
  pool.people = {Gives(1), Gives(2)};
  ExpectSame(pool, Settings{}, 2);
}

TEST(CandidateSearch, FindsEveryoneInOneSpot) {
  Pool pool;
  for (uint64_t n = 1; n <= 600; ++n) pool.people.push_back(n % 2 == 0 ? Gives(n) : Receives(n));
  EXPECT_EQ(ExpectSame(pool, Settings{}, 64), 300 * 300);
}

TEST(CandidateSearch, FindsByPhoneWhoeverHasNoPlace) {
  Pool pool;
  for (uint64_t n = 1; n <= 300; ++n) {
    pool.people.push_back(n % 2 == 0 ? Gives(n) : Receives(n));
    pool.people.back().has_place = n % 3 == 0;
    pool.people.back().offers[0].settings = n % 5 == 0 ? kHome | kPhone : kHome;
    pool.people.back().needs[0].settings = n % 7 == 0 ? kHome : kHome | kPhone;
  }
  EXPECT_GT(ExpectSame(pool, Settings{}, 64), 2'000);
}

}  // namespace
}  // namespace turnabout
