#include "matcher/assign/fair_clearing.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "base/reason.h"
#include "matcher/assign/brute_force.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// Every round there is, of which those count that serve as many urgent people and people as the best.
class AllRounds {
 public:
  AllRounds(const Pool& pool, const Settings& settings)
      : pool_(pool), pairs_(AllEligiblePairs(pool, settings)), groups_(settings.groups.size()) {
    for (uint32_t set = 0; set < uint32_t{1} << pairs_.size(); ++set) Look(set);
  }

  struct One {
    int64_t waiting_days = 0;
    std::vector<int64_t> served;  // by group
  };
  const std::vector<One>& rounds() const { return rounds_; }

 private:
  void Look(uint32_t set) {
    std::vector<int64_t> given(pool_.people.size(), 0), received(pool_.people.size(), 0);
    for (size_t i = 0; i < pairs_.size(); ++i) {
      if ((set >> i & 1) == 0) continue;
      ++given[pairs_[i].giver];
      ++received[pairs_[i].receiver];
    }
    Value value;
    One one{0, std::vector<int64_t>(groups_, 0)};
    for (size_t i = 0; i < given.size(); ++i) {
      const Person& person = pool_.people[i];
      if (given[i] > person.give_capacity || received[i] > person.receive_need) return;
      if (received[i] > person.turns + given[i]) return;
      if (received[i] == 0) continue;
      value.urgent_served += IsUrgent(person);
      ++value.served;
      one.waiting_days += person.waiting_days;
      for (size_t n = 0; n < groups_; ++n) one.served[n] += person.groups >> n & 1;
    }
    if (value < best_) return;
    if (value > best_) rounds_.clear();
    best_ = value;
    rounds_.push_back(one);
  }

  const Pool& pool_;
  const std::vector<PoolPair> pairs_;
  const size_t groups_;
  Value best_;
  std::vector<One> rounds_;
};

int64_t MissingFrom(const std::vector<GroupShare>& groups, const std::vector<int64_t>& served) {
  int64_t missing = 0;
  for (size_t n = 0; n < groups.size(); ++n) missing += std::max<int64_t>(0, groups[n].floor - served[n]);
  return missing;
}

std::vector<int64_t> ServedIn(const Round& round) {
  std::vector<int64_t> served;
  for (const GroupShare& group : round.groups) served.push_back(group.served);
  return served;
}

// How the rounds over many tiny pools came out.
struct Outcomes {
  int met_at_once = 0, met_by_bonus = 0, proven_out_of_reach = 0, not_proven = 0;
};

// People with groups at random; nobody wants or offers more than one place.
Pool TinyPoolWithGroups(size_t groups, uint64_t seed) {
  Random random(Seed{seed});
  Pool pool = MakeTinyPool({.people = 7, .capacity_most = 1, .need_most = 1, .turns_most = 1}, Seed{seed});
  for (Person& person : pool.people) {
    person.groups = static_cast<uint32_t>(random.Below(uint64_t{1} << groups));
    person.waiting_days = static_cast<int32_t>(random.Below(30));
  }
  return pool;
}

void ExpectBestForItsBonuses(const Pool& pool, const Settings& settings, Seed seed, const Round& round) {
  std::vector<int64_t> bonus_days;
  for (const GroupShare& group : round.groups) bonus_days.push_back(group.bonus_days);
  const int bits = Objective::Make(Objective::BoundsOf(pool, bonus_days))->ticket_bits();
  std::vector<PoolPair> pairs;
  for (const Proposal& proposal : round.proposals) pairs.push_back({proposal.giver, proposal.receiver});
  EXPECT_EQ(pairs, ClearByBruteForce(pool, settings, seed, bits, bonus_days).pairs) << "seed " << seed.value;
}

// Holds what a round says against every round there is, and counts how it came out.
void CompareWithAllRounds(const Pool& pool, const Settings& settings, const Round& round, Outcomes& outcomes) {
  const int64_t missing = MissingFrom(round.groups, ServedIn(round));
  std::optional<int64_t> most_days;  // of a round that meets the floors
  int64_t least_missing = missing;
  const AllRounds all(pool, settings);
  for (const AllRounds::One& one : all.rounds()) {
    const int64_t without = MissingFrom(round.groups, one.served);
    least_missing = std::min(least_missing, without);
    if (without == 0) most_days = std::max(most_days.value_or(0), one.waiting_days);
  }
  if (most_days.has_value()) {
    EXPECT_LE(*most_days, round.waiting_days_bound) << "the bound is none";
  }
  if (missing == 0) {
    ASSERT_TRUE(most_days.has_value());
    EXPECT_LE(round.value.waiting_days, *most_days);
  }
  if (settings.groups.size() == 1) {
    EXPECT_EQ(missing, least_missing) << "more of the group could be served";
  }
  const bool out_of_reach = round.waiting_days_bound < 0;
  if (out_of_reach) {
    EXPECT_FALSE(most_days.has_value());
  }
  const bool any_bonus =
      std::any_of(round.groups.begin(), round.groups.end(), [](const GroupShare& each) { return each.bonus_days > 0; });
  if (missing > 0) {
    ++(out_of_reach ? outcomes.proven_out_of_reach : outcomes.not_proven);
  } else {
    ++(any_bonus ? outcomes.met_by_bonus : outcomes.met_at_once);
  }
}

Outcomes CompareTinyPools(const std::vector<int32_t>& floors, uint64_t first_seed, uint64_t count) {
  Outcomes outcomes;
  Settings settings;
  for (const int32_t floor : floors) settings.groups.push_back({"some", floor});
  for (uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Pool pool = TinyPoolWithGroups(floors.size(), seed);
    if (AllEligiblePairs(pool, settings).size() > 11) continue;
    const Round round = *ProposeRound(pool, settings, Seed{seed});
    const absl::Status verified = VerifyRound(pool, settings, Seed{seed}, round);
    EXPECT_TRUE(verified.ok()) << verified;
    ExpectBestForItsBonuses(pool, settings, Seed{seed}, round);
    CompareWithAllRounds(pool, settings, round, outcomes);
  }
  return outcomes;
}

TEST(FairClearing, OneFloorIsMetOrProvenToBeOutOfReach) {
  const Outcomes outcomes = CompareTinyPools({600}, 1, 800);
  EXPECT_GT(outcomes.met_at_once, 100);
  EXPECT_GE(outcomes.met_by_bonus, 10);
  EXPECT_GT(outcomes.proven_out_of_reach, 100);
  EXPECT_EQ(outcomes.not_proven, 0);
}

TEST(FairClearing, TheBoundIsTrueForSeveralFloors) {
  const Outcomes outcomes = CompareTinyPools({500, 300, 700}, 5'001, 800);
  EXPECT_GT(outcomes.met_at_once, 50);
  EXPECT_GE(outcomes.met_by_bonus, 10);
  EXPECT_GT(outcomes.proven_out_of_reach, 100);
}

// Two givers; two who wait long, and two of the group who do not.
Pool FourWaiting() {
  Pool pool;
  pool.people = {Gives(1), Gives(2), Receives(3), Receives(4), Receives(5), Receives(6)};
  pool.people[2].waiting_days = 100;
  pool.people[3].waiting_days = 90;
  pool.people[4].waiting_days = 50;
  pool.people[5].waiting_days = 20;
  pool.people[4].groups = pool.people[5].groups = 1;
  return pool;
}

Settings OneFloor(int32_t per_mille) {
  Settings settings;
  settings.groups = {{"people who speak Somali", per_mille}};
  return settings;
}

TEST(FairClearing, TheSmallestBonusThatMeetsTheFloorDecides) {
  const Round half = *ProposeRound(FourWaiting(), OneFloor(500), Seed{1});
  EXPECT_EQ(half.value.waiting_days, 150);
  EXPECT_EQ(half.waiting_days_bound, 150);
  ASSERT_EQ(half.groups.size(), 1u);
  // 41 days or more put the one who waited 50 before the one who waited 90; at 40 the lot would decide.
  EXPECT_GE(half.groups[0].bonus_days, 40);
  EXPECT_LE(half.groups[0].bonus_days, 41);
  EXPECT_EQ(half.groups[0].people, 2);
  EXPECT_EQ(half.groups[0].waiting, 2);
  EXPECT_EQ(half.groups[0].served, 1);
  EXPECT_EQ(half.groups[0].floor, 1);

  const Round all = *ProposeRound(FourWaiting(), OneFloor(501), Seed{1});
  EXPECT_EQ(all.groups[0].floor, 2);
  EXPECT_EQ(all.groups[0].served, 2);
  EXPECT_EQ(all.value.waiting_days, 70);
}

TEST(FairClearing, AFloorNeverTakesABuddyFromSomebodyUrgent) {
  Pool pool = FourWaiting();
  pool.people[2].needs[0].urgency = pool.people[3].needs[0].urgency = 2;
  const Round round = *ProposeRound(pool, OneFloor(500), Seed{1});
  EXPECT_EQ(round.value.urgent_served, 2);
  EXPECT_EQ(round.groups[0].served, 0);
  EXPECT_LT(round.waiting_days_bound, 0);
  EXPECT_TRUE(VerifyRound(pool, OneFloor(500), Seed{1}, round).ok());
}

TEST(FairClearing, WithoutFloorsOrWithFloorsThatAreMetNothingChanges) {
  Pool pool = MakeTownPool({.people = 300, .cities = 1}, Seed{5});
  for (size_t i = 0; i < pool.people.size(); ++i) pool.people[i].groups = static_cast<uint32_t>(i % 4);
  Settings watched = TownSettings();
  watched.groups = {{"half", 0}, {"others", 0}};
  Settings met = watched;
  met.groups[1].floor_per_mille = 1;
  const Round plain = *ProposeRound(pool, TownSettings(), Seed{3});
  for (const Settings& settings : {watched, met}) {
    const Round round = *ProposeRound(pool, settings, Seed{3});
    EXPECT_EQ(round.certificate.prices, plain.certificate.prices);
    EXPECT_EQ(round.value, plain.value);
    EXPECT_EQ(round.waiting_days_bound, plain.value.waiting_days);
    EXPECT_EQ(round.proposals.size(), plain.proposals.size());
    EXPECT_EQ(round.certificate.instance_digest == plain.certificate.instance_digest,
              settings.groups[1].floor_per_mille == 0);
    EXPECT_TRUE(VerifyRound(pool, settings, Seed{3}, round).ok());
  }
}

// A town where few of a group are served, and one floor for it.
class FloorInATown : public testing::Test {
 protected:
  FloorInATown() : pool_(MakeTownPool({.people = 400, .cities = 1}, Seed{6})), settings_(TownSettings()) {
    settings_.groups = {{"every third person", 0}};
    for (size_t i = 0; i < pool_.people.size(); ++i) {
      pool_.people[i].groups = i % 3 == 0 ? 1 : 0;
      if (i % 4 != 0) pool_.people[i].give_capacity = 0;  // so that many wait for few places
    }
    plain_ = *ProposeRound(pool_, settings_, seed_);
    const GroupShare& group = plain_.groups[0];
    settings_.groups[0].floor_per_mille = static_cast<int32_t>((group.served + 2) * 1000 / group.waiting);
    round_ = *ProposeRound(pool_, settings_, seed_);
  }

  void ExpectRefused(const std::function<void(Round&)>& tamper, absl::string_view problem) {
    Round round = round_;
    tamper(round);
    const absl::Status status = VerifyRound(pool_, settings_, seed_, round);
    ASSERT_TRUE(IsRefusedFor(status, Reason::kBooksDisagree)) << status << ", not: " << problem;
    EXPECT_EQ(RefusalOf(status)->fact("problem"), problem);
  }

  const Seed seed_{8};
  Pool pool_;
  Settings settings_;
  Round plain_;
  Round round_;
};

TEST_F(FloorInATown, IsMetAtTheCostOfWaitingDaysAlone) {
  EXPECT_LT(plain_.groups[0].served, round_.groups[0].floor);
  EXPECT_GE(round_.groups[0].served, round_.groups[0].floor);
  EXPECT_GT(round_.groups[0].bonus_days, 0);
  EXPECT_EQ(round_.value.served, plain_.value.served);
  EXPECT_EQ(round_.value.urgent_served, plain_.value.urgent_served);
  EXPECT_LT(round_.value.waiting_days, plain_.value.waiting_days);
  EXPECT_LE(round_.value.waiting_days, round_.waiting_days_bound);
  const absl::Status verified = VerifyRound(pool_, settings_, seed_, round_);
  EXPECT_TRUE(verified.ok()) << verified;
}

TEST_F(FloorInATown, NothingSaidOfAGroupCanBeChanged) {
  constexpr char kShare[] = "a group's share is not what the proposals add up to";
  ExpectRefused([](Round& round) { ++round.groups[0].people; }, kShare);
  ExpectRefused([](Round& round) { ++round.groups[0].waiting; }, kShare);
  ExpectRefused([](Round& round) { ++round.groups[0].served; }, kShare);
  ExpectRefused([](Round& round) { --round.groups[0].floor; }, kShare);
  ExpectRefused([](Round& round) { ++round.waiting_days_bound; }, "the bound on waiting days is not right");
  ExpectRefused([](Round& round) { round.groups.clear(); }, "a group has no share, or a share no group");
  ExpectRefused([](Round& round) { round.groups.emplace_back(); }, "a group has no share, or a share no group");
  ExpectRefused([](Round& round) { round.groups[0].bonus_days = -1; }, "a bonus is out of range");
  ExpectRefused([](Round& round) { round.groups[0].bonus_days = INT64_MAX; }, "a bonus is out of range");
}

TEST_F(FloorInATown, NoOtherBonusHasThisRoundForItsBest) {
  constexpr char kNoProof[] = "the prices do not prove that nothing better exists";
  const GroupShare& group = round_.groups[0];
  for (const int64_t bonus_days : {int64_t{0}, group.bonus_days / 2, group.bonus_days - 1}) {
    ExpectRefused(
        [&](Round& round) {
          round.groups[0].bonus_days = bonus_days;
          round.waiting_days_bound = round.value.waiting_days + bonus_days * (group.served - group.floor);
        },
        kNoProof);
  }
  // Nor is the round without a floor the best for this one's bonus.
  ExpectRefused(
      [&](Round& round) {
        round.proposals = plain_.proposals;
        round.value = plain_.value;
        round.groups[0].served = plain_.groups[0].served;
        round.waiting_days_bound =
            plain_.value.waiting_days + group.bonus_days * (plain_.groups[0].served - group.floor);
      },
      kNoProof);
}

TEST(FairClearing, BonusesOfGroupsWithoutAFloorAreRefused) {
  Settings settings = OneFloor(0);
  Round round = *ProposeRound(FourWaiting(), settings, Seed{1});
  round.groups[0].bonus_days = 1;
  EXPECT_TRUE(IsRefusedFor(VerifyRound(FourWaiting(), settings, Seed{1}, round), Reason::kBooksDisagree));
}

TEST(FairClearing, FloorsOutOfRangeAreRefused) {
  for (const int32_t floor : {-1, 1001}) {
    EXPECT_TRUE(IsRefusedFor(ProposeRound(FourWaiting(), OneFloor(floor), Seed{1}).status(), Reason::kBadFields));
  }
  Settings many;
  many.groups.resize(33);
  EXPECT_TRUE(IsRefusedFor(ProposeRound(FourWaiting(), many, Seed{1}).status(), Reason::kBadFields));
}

// Eight groups whose floors are out of reach are tried one by one.
TEST(FairClearing, TriesSixTimesHoweverManyPeopleThereAre) {
  Pool pool = FourWaiting();
  pool.people[2].needs[0].urgency = pool.people[3].needs[0].urgency = 2;
  pool.people[4].groups = 0xff;
  Settings settings;
  settings.groups.assign(8, {"some", 1000});
  Instance instance = *MakeInstance(pool, settings, Seed{1});
  const Progress nobody_asks;
  Meter meter(nobody_asks);
  EligibleRows rows(instance);
  ASSERT_TRUE(rows.Build(meter).ok());
  EXPECT_EQ(ClearFairly(instance, rows, {}, meter)->clearings, 9);
  EXPECT_EQ(ClearFairly(instance, rows, {.clearing = {}, .people_most = 6 * 6}, meter)->clearings, 6);
  EXPECT_EQ(ClearFairly(instance, rows, {.clearing = {}, .people_most = 7 * 6}, meter)->clearings, 7);
}

TEST(FairClearing, StopsWhenItHasTriedOftenEnough) {
  const Pool pool = FourWaiting();
  const Settings settings = OneFloor(500);
  Instance instance = *MakeInstance(pool, settings, Seed{1});
  const Progress nobody_asks;
  Meter meter(nobody_asks);
  EligibleRows rows(instance);
  ASSERT_TRUE(rows.Build(meter).ok());
  const FairResult few = *ClearFairly(instance, rows, {.clearing = {}, .clearings_most = 2}, meter);
  EXPECT_EQ(few.clearings, 2);
  EXPECT_EQ(few.groups[0].served, 2);  // by the largest bonus
  const FairResult enough = *ClearFairly(instance, rows, {}, meter);
  EXPECT_EQ(enough.groups[0].served, 1);
  EXPECT_LE(enough.clearings, 8);
}

}  // namespace
}  // namespace turnabout
