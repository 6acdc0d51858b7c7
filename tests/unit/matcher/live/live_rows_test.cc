#include "matcher/live/live_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <tuple>
#include <utility>

#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"
#include "tests/support/wild_people.h"

namespace turnabout {
namespace {

using Pairs = std::vector<std::pair<int32_t, int32_t>>;

Pairs Sorted(const std::vector<LivePartner>& found) {
  Pairs pairs;
  for (const LivePartner& one : found) pairs.push_back({one.person, one.score});
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

// Holds every row against a look at each pair.
class Rows {
 public:
  Rows(const Pool& pool, const Settings& settings)
      : people_(pool.people.begin(), pool.people.end()), settings_(settings) {
    for (const Person& person : people_) traits_.push_back(TraitsOf(person, settings_));
    rows_ = std::make_unique<LiveRows>(traits_, settings_);
  }

  int32_t size() const { return static_cast<int32_t>(people_.size()); }

  void Set(int32_t at, const Person& person) {
    if (at == size()) {
      people_.push_back(person);
      traits_.emplace_back();
    }
    people_[at] = person;
    traits_[at] = TraitsOf(people_[at], settings_);
    rows_->Changed(at);
  }

  void Check(int32_t at) {
    Pairs givers;
    Pairs receivers;
    for (int32_t other = 0; other < size(); ++other) {
      if (Allowed(traits_[other], traits_[at], settings_)) {
        givers.push_back({other, ScoreOf(traits_[other], traits_[at], settings_)});
      }
      if (Allowed(traits_[at], traits_[other], settings_)) {
        receivers.push_back({other, ScoreOf(traits_[at], traits_[other], settings_)});
      }
    }
    std::vector<LivePartner> found;
    rows_->GiversFor(at, found);
    ASSERT_EQ(Sorted(found), givers);
    rows_->ReceiversFor(at, found);
    ASSERT_EQ(Sorted(found), receivers);
    pairs_ += givers.size();
  }

  size_t pairs() const { return pairs_; }

 private:
  std::deque<Person> people_;
  const Settings settings_;
  std::vector<Traits> traits_;
  std::unique_ptr<LiveRows> rows_;
  size_t pairs_ = 0;
};

TEST(LiveRows, AreEveryPairThatPassesHoweverPeopleChange) {
  const Seed first = TestSeed(1);
  size_t pairs = 0;
  for (uint64_t i = 0; i < 30; ++i) {
    const Seed seed{first.value + i};
    SCOPED_TRACE(RerunWith(seed));
    Random random(seed);
    const Choose choose = [&](uint64_t limit) { return random.Below(limit); };
    const Wildness wildness{.narrow = i % 4 != 0, .spread_e6 = i % 3 == 0 ? 20'000 : 300'000};
    const int32_t people = 2 + static_cast<int32_t>(random.Below(500));
    Rows rows(WildPool(people, wildness, choose), WildSettings(choose));
    for (int change = 0; change < 400; ++change) {
      const bool is_new = random.OneIn(1, 5);
      const int32_t at = is_new ? rows.size() : static_cast<int32_t>(random.Below(rows.size()));
      rows.Set(at, WildPerson(static_cast<uint64_t>(is_new ? 1'000 + change : at), wildness, choose));
      if (change % 10 != 0) continue;
      ASSERT_NO_FATAL_FAILURE(rows.Check(at));
      ASSERT_NO_FATAL_FAILURE(rows.Check(static_cast<int32_t>(random.Below(rows.size()))));
    }
    pairs += rows.pairs();
  }
  EXPECT_GT(pairs, 10'000u);
}

}  // namespace
}  // namespace turnabout
