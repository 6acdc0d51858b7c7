#include "matcher/live/live_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "matcher/pool_check.h"
#include "tests/support/pool_generator.h"
#include "tests/support/seed.h"
#include "tests/support/wild_people.h"

namespace turnabout {
namespace {

bool ByReceiver(const LivePair& a, const LivePair& b) {
  return a.receiver != b.receiver ? a.receiver < b.receiver : a.giver < b.giver;
}

// Who somebody could be when they change, or are new.
using MakePerson = std::function<Person(uint64_t n)>;

// Keeps a pool and a LivePool of it, changes both in the same way, and holds the second against a round over the first.
class Twin {
 public:
  Twin(Pool pool, Settings settings, Seed seed, MakePerson make_person)
      : pool_(std::move(pool)),
        settings_(std::move(settings)),
        seed_(seed),
        random_(Seed{seed.value ^ 0x11fe}),
        make_person_(std::move(make_person)),
        live_(*LivePool::Make(pool_, settings_, seed_)) {
    next_ = pool_.people.size();
    pairs_ = live_->Pairs();
  }

  LivePool& live() { return *live_; }
  const Pool& pool() const { return pool_; }

  // One change of any kind.
  void Change() {
    const uint64_t lot = random_.Below(100);
    if (pool_.people.empty()) {
      Join();
    } else if (lot < 25) {
      Decline();
    } else if (lot < 35) {
      SetBarred(AnyPair(), true);
    } else if (lot < 45) {
      if (!pool_.resting.empty()) SetBarred(pool_.resting[random_.Below(pool_.resting.size())], false);
    } else if (lot < 75) {
      ChangeCounts();
    } else if (lot < 90) {
      const size_t at = AnyPerson();
      Person person = make_person_(random_.Below(1'000'000));
      person.id = pool_.people[at].id;
      Set(person);
    } else if (lot < 95) {
      Join();
    } else {
      Person gone;
      gone.id = pool_.people[AnyPerson()].id;
      Set(gone);
    }
  }

  void Set(const Person& person) {
    ASSERT_TRUE(live_->SetPerson(person).ok());
    const auto at = std::find_if(pool_.people.begin(), pool_.people.end(),
                                 [&](const Person& other) { return other.id == person.id; });
    at == pool_.people.end() ? pool_.people.push_back(person) : void(*at = person);
  }

  void SetBarred(PoolPair pair, bool barred) {
    const LivePair by_id{pool_.people[pair.giver].id, pool_.people[pair.receiver].id};
    std::erase(pool_.resting, pair);
    if (barred) {
      pool_.resting.push_back(pair);
      live_->Bar(by_id);
    } else {
      std::erase(pool_.paired, pair);
      live_->Unbar(by_id);
    }
  }

  // Balances, and looks whether the moves lead from the pairs before to those of now.
  void Balance() {
    ASSERT_TRUE(live_->Balance().ok());
    std::vector<LivePair> after = pairs_;
    for (const LiveMove& move : live_->moves()) {
      if (move.came) {
        after.push_back(move.pair);
      } else {
        ASSERT_EQ(std::erase(after, move.pair), 1u);
      }
    }
    std::sort(after.begin(), after.end(), ByReceiver);
    pairs_ = live_->Pairs();
    ASSERT_EQ(after, pairs_);
    moved_ += live_->moves().size();
  }

  // Balances, and looks whether all is as if done anew.
  void Check() {
    ASSERT_NO_FATAL_FAILURE(Balance());
    const absl::StatusOr<Round> cold = ProposeRound(pool_, settings_, seed_);
    ASSERT_TRUE(cold.ok()) << cold.status();
    std::vector<LivePair> wanted;
    for (const Proposal& one : cold->proposals) {
      wanted.push_back({pool_.people[one.giver].id, pool_.people[one.receiver].id});
    }
    ASSERT_EQ(pairs_, wanted);
  }

  size_t moved() const { return moved_; }

 private:
  size_t AnyPerson() { return random_.Below(pool_.people.size()); }
  PoolPair AnyPair() { return {static_cast<int32_t>(AnyPerson()), static_cast<int32_t>(AnyPerson())}; }
  void Join() {
    Person person = make_person_(random_.Below(1'000'000));
    person.id = MadeUpId(1'000'000'000 + next_++);
    Set(person);
  }
  void Decline() {
    const std::vector<LivePair> pairs = live_->Pairs();
    if (pairs.empty()) return;
    const LivePair& pair = pairs[random_.Below(pairs.size())];
    PoolPair at;
    for (size_t i = 0; i < pool_.people.size(); ++i) {
      if (pool_.people[i].id == pair.giver) at.giver = static_cast<int32_t>(i);
      if (pool_.people[i].id == pair.receiver) at.receiver = static_cast<int32_t>(i);
    }
    SetBarred(at, true);
  }
  void ChangeCounts() {
    Person person = pool_.people[AnyPerson()];
    const auto step = [&](int32_t& count) {
      count = static_cast<int32_t>(std::clamp<int64_t>(count + random_.Between(-1, 1), 0, kPersonPlacesMax));
    };
    step(person.give_capacity);
    step(person.receive_need);
    step(person.turns);
    if (random_.OneIn(1, 4)) person.waiting_days = static_cast<int32_t>(random_.Below(800));
    Set(person);
  }

  Pool pool_;
  const Settings settings_;
  const Seed seed_;
  Random random_;
  const MakePerson make_person_;
  std::unique_ptr<LivePool> live_;
  uint64_t next_ = 0;
  std::vector<LivePair> pairs_;
  size_t moved_ = 0;
};

TEST(LivePool, IsAsARoundAfterEachOfThousandsOfChangesToTinyPools) {
  const Seed first = TestSeed(1);
  const uint64_t pools = IsFullRun() ? 400 : 40;
  size_t moved = 0;
  for (uint64_t i = 0; i < pools; ++i) {
    const Seed seed{first.value + i};
    SCOPED_TRACE(RerunWith(seed));
    const TinyPool shape{.people = 3 + static_cast<int32_t>(i % 12),
                         .eligible_percent = 30 + static_cast<int32_t>(i % 5) * 15};
    const auto make_person = [&](uint64_t n) {
      return MakeTinyPool({.people = 4, .capacity_most = 2, .need_most = 2, .turns_most = 1}, Seed{n}).people[n % 4];
    };
    Twin twin(MakeTinyPool(shape, seed), Settings{}, seed, make_person);
    for (int change = 0; change < 60; ++change) {
      twin.Change();
      ASSERT_NO_FATAL_FAILURE(twin.Check()) << "change " << change;
    }
    moved += twin.moved();
  }
  EXPECT_GT(moved, 10 * pools);
}

// As a round takes them.
Person OnEarth(Person person) {
  person.has_place = person.has_place && IsOnEarth(person.place);
  return person;
}

TEST(LivePool, IsAsARoundAfterEachChangeToPeopleOfEverySort) {
  const Seed first = TestSeed(1'000);
  const uint64_t pools = IsFullRun() ? 200 : 24;
  size_t moved = 0;
  for (uint64_t i = 0; i < pools; ++i) {
    const Seed seed{first.value + i};
    SCOPED_TRACE(RerunWith(seed));
    Random random(seed);
    const Choose choose = [&](uint64_t limit) { return random.Below(limit); };
    const Wildness wildness{.narrow = true, .spread_e6 = 100'000};
    const int32_t people = static_cast<int32_t>(random.Below(60));
    const Settings settings = WildSettings(choose);
    const auto make_person = [&](uint64_t) {
      return OnEarth(WildPerson(static_cast<uint64_t>(people), wildness, choose));
    };
    Pool pool = WildPool(people, wildness, choose);
    for (Person& person : pool.people) person = OnEarth(person);
    Twin twin(std::move(pool), settings, seed, make_person);
    for (int change = 0; change < 40; ++change) {
      for (uint64_t more = random.Below(3); more > 0; --more) twin.Change();
      twin.Change();
      ASSERT_NO_FATAL_FAILURE(twin.Check()) << "change " << change;
    }
    moved += twin.moved();
  }
  EXPECT_GT(moved, 10 * pools);
}

// A scheme of some size, changed many times and looked at now and then.
void ChangeATown(const TownPool& shape, int changes, int changes_between_checks, Seed seed) {
  SCOPED_TRACE(RerunWith(seed));
  const Pool others = MakeTownPool({.people = 500, .cities = shape.cities}, Seed{seed.value + 1});
  const auto make_person = [&](uint64_t n) { return others.people[n % others.people.size()]; };
  Twin twin(MakeTownPool(shape, seed), TownSettings(), seed, make_person);
  for (int change = 1; change <= changes; ++change) {
    twin.Change();
    if (change % changes_between_checks == 0) {
      ASSERT_NO_FATAL_FAILURE(twin.Check()) << "change " << change;
    } else {
      ASSERT_NO_FATAL_FAILURE(twin.Balance());
    }
  }
  EXPECT_GT(twin.moved(), static_cast<size_t>(changes) / 2);
}

TEST(LivePool, IsAsARoundAfterEachChangeToATown) {
  ChangeATown({.people = 300, .cities = 1}, 100, 1, TestSeed(2'000));
  ChangeATown({.people = 300, .cities = 1, .no_turn_percent = 90, .remote_percent = 60}, 100, 1, TestSeed(2'100));
}

TEST(LivePool, IsAsARoundAfterHundredsOfChangesAmongTwoThousandPeople) {
  const int between_checks = IsFullRun() ? 1 : 50;
  ChangeATown({.people = 2'000, .cities = 2}, 500, between_checks, TestSeed(3'000));
}

TEST(LivePool, GrowsFromNobodyToAScheme) {
  const Seed seed = TestSeed(4'000);
  SCOPED_TRACE(RerunWith(seed));
  const Pool town = MakeTownPool({.people = 260, .cities = 1}, seed);
  const auto make_person = [&](uint64_t n) { return town.people[n % town.people.size()]; };
  Twin twin(Pool(), TownSettings(), seed, make_person);
  ASSERT_NO_FATAL_FAILURE(twin.Check());
  for (size_t i = 0; i < town.people.size(); ++i) {
    twin.Set(town.people[i]);
    if (i % 20 != 0 && i >= 20) continue;
    ASSERT_NO_FATAL_FAILURE(twin.Check()) << "person " << i;
  }
  ASSERT_NO_FATAL_FAILURE(twin.Check());
}

TEST(LivePool, TakesPeopleWhoWouldHaveAMillionBuddies) {
  const Seed seed = TestSeed(4'500);
  SCOPED_TRACE(RerunWith(seed));
  const Pool town = MakeTownPool({.people = 80, .cities = 1}, seed);
  const auto make_person = [&](uint64_t n) {
    Person person = town.people[n % town.people.size()];
    if (n % 3 == 0) person.give_capacity = kPersonPlacesMax;
    if (n % 5 == 0) person.receive_need = kPersonPlacesMax;
    if (n % 7 == 0) person.turns = INT32_MAX;
    return person;
  };
  Twin twin(town, TownSettings(), seed, make_person);
  for (int change = 0; change < 40; ++change) {
    twin.Change();
    ASSERT_NO_FATAL_FAILURE(twin.Check()) << "change " << change;
  }
}

TEST(LivePool, GoesOnAfterItWasStopped) {
  const Seed seed = TestSeed(5'000);
  SCOPED_TRACE(RerunWith(seed));
  const Pool town = MakeTownPool({.people = 60, .cities = 1}, seed);
  EXPECT_TRUE(
      absl::IsCancelled(LivePool::Make(town, TownSettings(), seed, [](int64_t, int64_t) { return false; }).status()));
  const auto make_person = [&](uint64_t n) { return town.people[n % town.people.size()]; };
  Pool few;
  few.people.assign(town.people.begin(), town.people.begin() + 4);
  Twin twin(few, TownSettings(), seed, make_person);
  for (const Person& person : town.people) twin.Set(person);  // far more than there was room for
  EXPECT_TRUE(absl::IsCancelled(twin.live().Balance([](int64_t, int64_t) { return false; })));
  ASSERT_NO_FATAL_FAILURE(twin.Check());
}

TEST(LivePool, SuggestsThoseOfTheBestSetFirstThenByScore) {
  const Seed seed = TestSeed(7'000);
  SCOPED_TRACE(RerunWith(seed));
  const Pool town = MakeTownPool({.people = 300, .cities = 1}, seed);
  const std::unique_ptr<LivePool> live = *LivePool::Make(town, TownSettings(), seed);
  int64_t before_better = 0;
  for (size_t v = 0; v < town.people.size(); ++v) {
    const std::vector<LiveSuggestion> suggestions = live->Suggest(town.people[v].id, 1'000);
    std::vector<Proposal> all = SuggestGivers(town, TownSettings(), static_cast<int32_t>(v), 1'000);
    ASSERT_EQ(suggestions.size(), all.size());
    std::vector<MemberId> in_best;
    std::vector<int32_t> rest;
    for (const LiveSuggestion& one : suggestions) {
      if (one.in_best) {
        ASSERT_TRUE(rest.empty());
        in_best.push_back(one.giver);
        before_better += one.proposal.score < all.front().score;
      } else {
        rest.push_back(one.proposal.score);
      }
    }
    std::sort(in_best.begin(), in_best.end());
    ASSERT_EQ(in_best, live->GiversOf(town.people[v].id));
    ASSERT_TRUE(std::is_sorted(rest.rbegin(), rest.rend()));
    if (suggestions.size() > 1) {
      ASSERT_EQ(live->Suggest(town.people[v].id, 1).front().giver, suggestions.front().giver);
    }
  }
  EXPECT_GT(before_better, 0);
  EXPECT_TRUE(live->Suggest(MadeUpId(123'456), 5).empty());
  EXPECT_TRUE(live->Suggest(town.people[0].id, 0).empty());
}

TEST(LivePool, RefusesAPersonWhomARoundWouldRefuse) {
  const Seed seed{6'000};
  const Pool town = MakeTownPool({.people = 60, .cities = 1}, seed);
  const std::unique_ptr<LivePool> live = *LivePool::Make(town, TownSettings(), seed);
  const std::vector<LivePair> before = live->Pairs();
  ASSERT_FALSE(before.empty());
  Person person = *live->Find(before.front().giver);
  person.give_capacity = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(live->SetPerson(person)));
  person.give_capacity = kPersonPlacesMax + 1;
  EXPECT_TRUE(absl::IsInvalidArgument(live->SetPerson(person)));
  EXPECT_TRUE(absl::IsInvalidArgument(live->SetPerson(Person())));
  live->Bar({MadeUpId(123'456), before.front().receiver});
  live->Unbar({before.front().giver, MadeUpId(123'456)});
  ASSERT_TRUE(live->Balance().ok());
  EXPECT_EQ(live->Pairs(), before);
  EXPECT_TRUE(live->moves().empty());
}

}  // namespace
}  // namespace turnabout
