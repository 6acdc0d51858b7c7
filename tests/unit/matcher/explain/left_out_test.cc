#include "matcher/explain/left_out.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// What a round says about the only person it leaves out.
LeftOut OnlyLeftOut(const Pool& pool, const Settings& settings = TownSettings()) {
  const absl::StatusOr<Round> round = ProposeRound(pool, settings, Seed{1});
  EXPECT_TRUE(round.ok()) << round.status();
  EXPECT_EQ(round->left_out.size(), 1u);
  return round->left_out.empty() ? LeftOut{} : round->left_out[0];
}

Settings NoChecks() {
  Settings settings = TownSettings();
  settings.required_checks = 0;
  return settings;
}

Pool Two() {
  Pool pool;
  pool.people = {Gives(1), Receives(2)};
  return pool;
}

TEST(NobodyEligible, ByDistanceSaysHowFarToWiden) {
  Pool pool = Two();
  pool.people.push_back(Gives(3));
  pool.people[0].travel_metres = pool.people[2].travel_metres = 20'000;
  pool.people[0].place.latitude_e6 += 100'000;  // 11.1 km
  pool.people[2].place.latitude_e6 -= 104'000;  // 11.6 km
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.person, 1);
  EXPECT_EQ(one.why, LeftOutClass::kNobodyEligible);
  EXPECT_EQ(one.blocking, "distance");
  EXPECT_EQ(one.sentence_for_person, "No one within 5 km can help yet. Widening to 12 km would give 2 people.");
  EXPECT_EQ(one.sentence_for_coordinator, "They go 5 km; 12 km would make 2 people eligible.");
  // What it says is so.
  pool.people[1].travel_metres = 12'000;
  EXPECT_EQ(ProposeRound(pool, NoChecks(), Seed{1})->eligible_pairs, 2);
}

TEST(NobodyEligible, ByDistanceThatIsNotTheirsToChange) {
  Pool pool = Two();
  pool.people[0].place.latitude_e6 += 100'000;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "distance");
  EXPECT_EQ(one.sentence_for_person, "No one near enough can help yet. You can go 5 km.");
}

TEST(NobodyEligible, WithoutAPlace) {
  Pool pool = Two();
  pool.people[1].has_place = false;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "distance");
  EXPECT_EQ(one.sentence_for_person, "Tell us roughly where you live, and we can look for someone near you.");
}

TEST(NobodyEligible, ByTimeSaysWhichTimeWouldDo) {
  Pool pool = Two();
  pool.people.push_back(Gives(3));
  pool.people[0].slots = SlotSet{1} << 5;
  pool.people[2].slots = SlotSet{3} << 4;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "time");
  EXPECT_EQ(one.sentence_for_person,
            "No one who could help is free when you are yet. Being free on Tuesday evening too would give 2 people.");
}

TEST(NobodyEligible, ByLanguage) {
  Pool pool = Two();
  pool.people[1].languages = LanguageSet{1} << 9;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "language");
  EXPECT_EQ(one.sentence_for_person, "No one who could help you speaks Somali yet.");
}

TEST(NobodyEligible, ByNeeds) {
  Pool pool = Two();
  pool.people[1].needs = {{4, kHome, 0}};
  EXPECT_EQ(OnlyLeftOut(pool, NoChecks()).blocking, "needs");
  pool.people[1].needs = {};
  const LeftOut nothing = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(nothing.blocking, "needs");
  EXPECT_EQ(nothing.sentence_for_person, "Tell us what you would like a hand with, and we can look for someone.");
}

TEST(NobodyEligible, ByAPreferenceOfTheirOwn) {
  Pool pool = Two();
  pool.people[0].gender = 1;
  pool.people[1].wanted_genders = 1 << 2;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "preferences");
  EXPECT_EQ(
      one.sentence_for_person,
      "No one you said you would welcome can help yet. If you changed that, 1 person could help. It is your choice.");
}

TEST(NobodyEligible, ByAPreferenceOfOthersSaysNoMore) {
  Pool pool = Two();
  pool.people[0].wanted_genders = 1 << 2;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "preferences");
  EXPECT_EQ(one.sentence_for_person, "No one who suits what both people asked for is free yet.");
}

TEST(NobodyEligible, ByALapsedCheck) {
  const LeftOut one = OnlyLeftOut(Two());
  EXPECT_EQ(one.blocking, "checks");
  EXPECT_EQ(one.sentence_for_coordinator, "1 person could give if every required check were in date.");
}

TEST(NobodyEligible, ByTheJourney) {
  Pool pool = Two();
  pool.people[0].journeys = {{0, Stage::kCurrent}};
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "journey");
  EXPECT_EQ(one.sentence_for_coordinator, "1 person could give after discharge from the service they use now.");
  Settings same = NoChecks();
  same.same_service_required = true;
  pool.people[0].journeys = {};
  pool.people[1].journeys = {{1, Stage::kCurrent}};
  const LeftOut other = OnlyLeftOut(pool, same);
  EXPECT_EQ(other.blocking, "journey");
  EXPECT_EQ(other.sentence_for_person, "No one who has used home dialysis can help yet.");
}

TEST(NobodyEligible, ByExclusionDoesNotSayWhose) {
  Pool pool = Two();
  pool.people[0].excluded = {pool.people[1].id};
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "exclusions");
  EXPECT_EQ(one.sentence_for_person, "There is no one new for you yet. We will look again as new people join.");
}

TEST(NobodyEligible, WhenMoreThanOneThingIsInTheWayNamesTheFirst) {
  Pool pool = Two();
  pool.people[1].languages = 2;
  pool.people[1].slots = 2;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.blocking, "language");
  EXPECT_EQ(one.sentence_for_person, "No one who could help has joined yet. We will look again as new people join.");
}

TEST(NobodyEligible, WhenNobodyGivesAtAll) {
  Pool pool;
  pool.people = {Receives(1)};
  EXPECT_EQ(OnlyLeftOut(pool, NoChecks()).why, LeftOutClass::kNobodyEligible);
}

TEST(TurnNeeded, WhenAGiverHasRoom) {
  Pool pool = Two();
  pool.people[1].turns = 0;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.why, LeftOutClass::kTurnNeeded);
  EXPECT_EQ(one.blocking, "");
  EXPECT_EQ(
      one.sentence_for_person,
      "1 person could help you now, and you have no turn left. A pledge to help someone in return, in any way you "
      "can, would put you in the next round.");
}

TEST(TurnNeeded, WhenRoomCouldBeMade) {
  Pool pool;
  pool.people = {Gives(1), Gives(2), Receives(3, 2, 2), Receives(4, 0)};
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.person, 3);
  EXPECT_EQ(one.why, LeftOutClass::kTurnNeeded);
  pool.people[3].turns = 1;
  EXPECT_TRUE(ProposeRound(pool, NoChecks(), Seed{1})->left_out.empty());
}

TEST(Shortage, WhenTheSameGiversAreAllThereIs) {
  Pool pool;
  pool.people = {Gives(1, 2), Receives(2), Receives(3), Receives(4)};
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.why, LeftOutClass::kShortage);
  EXPECT_EQ(one.sentence_for_coordinator,
            "3 people can only be helped from the same 2 places. One more giver like those would help.");
}

TEST(Contested, WhenTheGiversAreConnectedWithEveryone) {
  Pool pool;
  for (uint64_t n = 1; n <= 60; ++n) pool.people.push_back(Gives(n));
  for (uint64_t n = 101; n <= 161; ++n) pool.people.push_back(Receives(n));
  for (size_t i = 60; i < pool.people.size(); ++i) pool.people[i].waiting_days = 10;
  pool.people[80].waiting_days = 5;
  const LeftOut one = OnlyLeftOut(pool, NoChecks());
  EXPECT_EQ(one.person, 80);
  EXPECT_EQ(one.why, LeftOutClass::kContested);
  EXPECT_EQ(
      one.sentence_for_person,
      "60 people could help you, and all the places with them are needed by others this time. You keep your place: "
      "the longer you wait, the sooner you come.");
}

TEST(LeftOut, EveryoneIsExplainedAndInOrder) {
  const Settings settings = TownSettings();
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Pool pool = MakeTownPool({.people = 400, .cities = 1}, Seed{seed});
    const Round round = *ProposeRound(pool, settings, Seed{seed});
    EXPECT_EQ(static_cast<int64_t>(round.left_out.size()), round.waiting - round.value.served);
    for (size_t i = 0; i < round.left_out.size(); ++i) {
      const LeftOut& one = round.left_out[i];
      EXPECT_FALSE(one.sentence_for_person.empty());
      EXPECT_FALSE(one.sentence_for_coordinator.empty());
      EXPECT_EQ(one.blocking.empty(), one.why != LeftOutClass::kNobodyEligible);
      if (i > 0) {
        EXPECT_LT(pool.people[round.left_out[i - 1].person].id, pool.people[one.person].id);
      }
    }
  }
}

// "One turn would do it" is a promise: with one more turn the person is served, and the round is better.
TEST(LeftOut, ATurnDoesWhatIsSaidOfIt) {
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 120, .cities = 1}, Seed{21});
  const Round round = *ProposeRound(pool, settings, Seed{2});
  int promised = 0;
  for (const LeftOut& one : round.left_out) {
    if (one.why != LeftOutClass::kTurnNeeded) continue;
    Pool changed = pool;
    changed.people[one.person].turns += 1;
    const Round better = *ProposeRound(changed, settings, Seed{2});
    EXPECT_GT(better.value, round.value);
    EXPECT_TRUE(std::any_of(better.proposals.begin(), better.proposals.end(),
                            [&](const Proposal& proposal) { return proposal.receiver == one.person; }));
    ++promised;
  }
  EXPECT_GT(promised, 5);
}

}  // namespace
}  // namespace turnabout
