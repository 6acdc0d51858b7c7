#include "server/app/group_report.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/seed.h"

namespace turnabout {
namespace {

using Shown = std::vector<bool>;

// `count` people for each pair, all in those groups.
std::vector<uint32_t> People(const std::vector<std::pair<int, uint32_t>>& kinds) {
  std::vector<uint32_t> people;
  for (const auto& [count, groups] : kinds) people.insert(people.end(), static_cast<size_t>(count), groups);
  return people;
}

TEST(MayShow, GroupsOfFivePeopleOrNone) {
  EXPECT_EQ(MayShow(People({{20, 0}, {5, 1}, {4, 2}}), 3), Shown({true, false, true}));
}

TEST(MayShow, NotAllPeopleButAFew) {
  EXPECT_EQ(MayShow(People({{4, 0}, {20, 1}}), 1), Shown({false}));
  EXPECT_EQ(MayShow(People({{5, 0}, {20, 1}}), 1), Shown({true}));
  EXPECT_EQ(MayShow(People({{20, 1}}), 1), Shown({true}));
}

TEST(MayShow, NotWhatALargerGroupLessASmallerOneWouldTell) {
  // The second group is the first and three others.
  EXPECT_EQ(MayShow(People({{30, 0}, {10, 0b11}, {3, 0b10}}), 2), Shown({false, true}));
  EXPECT_EQ(MayShow(People({{30, 0}, {10, 0b11}, {5, 0b10}}), 2), Shown({true, true}));
}

TEST(MayShow, NotWhatAllPeopleLessEveryGroupWouldTell) {
  // Three parts of everyone, the last too small to be shown: another goes with it, the smallest.
  EXPECT_EQ(MayShow(People({{20, 0b001}, {10, 0b010}, {3, 0b100}}), 3), Shown({true, false, false}));
}

// One group taken from another that holds it, or from all people, never leaves 1 to 4.
TEST(MayShow, NoDifferenceOfTwoThatAreShownIsSmall) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(Seed{seed});
    std::vector<uint32_t> people;
    const uint64_t kinds = random.Between(2, 7);
    for (int64_t i = random.Between(0, 60); i > 0; --i) people.push_back(static_cast<uint32_t>(random.Below(kinds)));
    const Shown shown = MayShow(people, 3);
    const auto has = [](uint32_t groups, size_t n) { return n == 3 || (groups >> n & 1) != 0; };
    for (size_t outer = 0; outer <= 3; ++outer) {
      for (size_t inner = 0; inner < 3; ++inner) {
        if ((outer < 3 && !shown[outer]) || !shown[inner]) continue;
        int64_t only_inner = 0, only_outer = 0, both = 0;
        for (const uint32_t groups : people) {
          only_inner += has(groups, inner) && !has(groups, outer);
          only_outer += has(groups, outer) && !has(groups, inner);
          both += has(groups, outer) && has(groups, inner);
        }
        EXPECT_TRUE(both + only_inner == 0 || both + only_inner >= 5) << "seed " << seed;
        if (only_inner > 0 || both == 0) continue;
        EXPECT_TRUE(only_outer == 0 || only_outer >= 5) << "seed " << seed;
      }
    }
  }
}

// 20 people wait, of whom a group of 10 has `served` with a floor of `floor`.
v1::Round Report(GroupShare share, int64_t waiting_days, int64_t bound) {
  Pool pool;
  pool.people.resize(20);
  for (size_t i = 0; i < pool.people.size(); ++i) {
    pool.people[i].receive_need = 1;
    pool.people[i].groups = i < 10 ? 1 : 0;
  }
  share.people = share.waiting = 10;
  Round found;
  found.waiting = 20;
  found.value = {.urgent_served = 0, .served = 13, .waiting_days = waiting_days, .score = 1};
  found.waiting_days_bound = bound;
  found.groups = {share};
  v1::RuleSet rules;
  rules.add_groups()->set_id("somali");
  rules.mutable_groups(0)->set_display_name("people who speak Somali");
  v1::Round round;
  FillGroupShares(pool, rules, found, round);
  return round;
}

TEST(GroupReport, SaysTheShareAndWhatBecameOfTheFloor) {
  constexpr char kShare[] =
      "3 of 10 people who speak Somali who would like a buddy are given one (30%; of everyone 65%).";
  const v1::Round none = Report({.served = 3}, 100, 100);
  EXPECT_EQ(none.group_shares(0).sentence(), kShare);
  EXPECT_EQ(none.group_shares(0).served_per_mille(), 300);
  EXPECT_EQ(none.floors_sentence(), "");
  const v1::Round met = Report({.served = 3, .floor = 3}, 100, 100);
  EXPECT_EQ(met.group_shares(0).sentence(), std::string(kShare) + " The floor is 3 people, and it is met.");
  EXPECT_EQ(met.floors_sentence(),
            "Every floor is met, and no round that meets them has people who have waited longer. That is proven.");
  const v1::Round by_bonus = Report({.served = 3, .floor = 2, .bonus_days = 1}, 100, 101);
  EXPECT_EQ(by_bonus.group_shares(0).sentence(),
            std::string(kShare) +
                " The floor is 2 people, and it is met because each of them counts as having waited 1 day longer.");
  EXPECT_EQ(
      by_bonus.floors_sentence(),
      "Every floor is met. Among rounds that meet them, the people of the best have waited at most 1 day more, all "
      "together. That is proven.");
}

TEST(GroupReport, SaysPlainlyThatAFloorIsOutOfReachAndByHowMuch) {
  const v1::Round round = Report({.served = 3, .floor = 5, .bonus_days = 101}, 100, -102);
  EXPECT_EQ(
      round.group_shares(0).sentence(),
      "3 of 10 people who speak Somali who would like a buddy are given one (30%; of everyone 65%). The floor is "
      "5 people, and 2 are missing. No round that gives as many people a buddy, as many of them urgent, gives one "
      "to more of them.");
  EXPECT_EQ(round.floors_sentence().find("No round"), 0u);
  const v1::Round open = Report({.served = 3, .floor = 5, .bonus_days = 10}, 100, 80);
  EXPECT_EQ(open.group_shares(0).sentence().find("No round"), std::string::npos);
  EXPECT_NE(open.floors_sentence().find("not proven"), std::string::npos);
}

}  // namespace
}  // namespace turnabout
