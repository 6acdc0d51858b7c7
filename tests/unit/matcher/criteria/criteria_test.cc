#include <gtest/gtest.h>

#include <algorithm>

#include "base/reason.h"
#include "matcher/criteria/all.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

std::string SentenceOf(const Proposal& proposal, absl::string_view criterion) {
  for (const Finding& finding : proposal.findings) {
    if (finding.criterion == criterion) return finding.sentence;
  }
  return "";
}

TEST(CheckPair, IsOkForNeighbours) { EXPECT_TRUE(CheckPair(Gives(1), Receives(2), Settings{}).ok()); }

TEST(CheckPair, NobodyIsTheirOwnBuddy) {
  EXPECT_TRUE(IsRefusedFor(CheckPair(Gives(1), Receives(1), Settings{}), Reason::kSelfPair));
}

TEST(Journey, ACurrentUserReceivesNowAndGivesLater) {
  Person patient = Gives(1);
  patient.receive_need = 1;
  patient.journeys = {{0, Stage::kCurrent}};
  EXPECT_TRUE(IsRefusedFor(CheckPair(patient, Receives(2), Settings{}), Reason::kJourneyMismatch));
  EXPECT_TRUE(CheckPair(Gives(3), patient, Settings{}).ok());
  Settings allows;
  allows.current_may_give = true;
  EXPECT_TRUE(CheckPair(patient, Receives(2), allows).ok());
  patient.journeys = {{0, Stage::kFormer}};
  EXPECT_TRUE(CheckPair(patient, Receives(2), Settings{}).ok());
}

TEST(Journey, TheSameServiceCanBeRequiredForCurrentUsers) {
  Settings same;
  same.same_service_required = true;
  Person giver = Gives(1);
  Person receiver = Receives(2);
  giver.journeys = {{4, Stage::kFormer}};
  receiver.journeys = {{3, Stage::kCurrent}};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, same), Reason::kJourneyMismatch));
  giver.journeys.push_back({3, Stage::kNeighbour});
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, same), Reason::kJourneyMismatch));
  giver.journeys.push_back({3, Stage::kFormer});
  EXPECT_TRUE(CheckPair(giver, receiver, same).ok());
  receiver.journeys = {{5, Stage::kFormer}};
  EXPECT_TRUE(CheckPair(giver, receiver, same).ok());
}

TEST(Needs, AreMetByCategoryAndSetting) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  receiver.needs = {};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kNotWaiting));
  receiver.needs = {{1, kHome, 0}};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kNothingInCommon));
  receiver.needs = {{0, kPhone, 0}};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kWherever));
  giver.offers.push_back({0, kPhone});
  EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
}

TEST(Needs, ListingMoreDoesNotWin) {
  const Settings settings;
  Person modest = Receives(2);
  Person greedy = Receives(3);
  for (uint8_t category = 0; category < 12; ++category) greedy.needs.push_back({category, kHome, 0});
  EXPECT_LT(ScorePair(Gives(1), greedy, settings).score, ScorePair(Gives(1), modest, settings).score);
  Person twice = Receives(4);
  twice.needs = {twice.needs[0], twice.needs[0], twice.needs[0]};
  EXPECT_EQ(ScorePair(Gives(1), twice, settings).score, ScorePair(Gives(1), modest, settings).score);
}

TEST(Needs, AnUrgentOneCountsMore) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  receiver.needs = {{0, kHome, 2}, {1, kHome, 0}};
  EXPECT_EQ(ScorePair(giver, receiver, Settings{}).findings[0].score, 800);
  receiver.needs = {{0, kHome, 0}, {1, kHome, 2}};
  EXPECT_EQ(ScorePair(giver, receiver, Settings{}).findings[0].score, 200);
}

TEST(Language, MustBeShared) {
  Person receiver = Receives(2);
  receiver.languages = 2;
  EXPECT_TRUE(IsRefusedFor(CheckPair(Gives(1), receiver, Settings{}), Reason::kNoSharedLanguage));
}

TEST(Time, MustBeShared) {
  Person receiver = Receives(2);
  receiver.slots = 2 | (SlotSet{1} << 30);
  Person giver = Gives(1);
  giver.slots |= SlotSet{1} << 30;  // no time of the week
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kNoSharedTime));
}

TEST(Preferences, AreMetBothWays) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  giver.gender = 1;
  receiver.gender = 2;
  receiver.wanted_genders = 1 << 2;
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kPreferenceNotMet));
  receiver.wanted_genders = 1 << 1;
  EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
  giver.wanted_genders = 1 << 1;
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kPreferenceNotMet));
  giver.wanted_genders = (1 << 1) | (1 << 2);
  EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
}

TEST(Checks, MustAllBeInDateForTheGiver) {
  Settings settings;
  settings.required_checks = 0b110;
  settings.words.checks = {"references", "DBS"};
  Person giver = Gives(1);
  giver.checks = 0b100;
  const absl::Status lapsed = CheckPair(giver, Receives(2), settings);
  EXPECT_TRUE(IsRefusedFor(lapsed, Reason::kCheckLapsed));
  EXPECT_EQ(RefusalOf(lapsed)->fact("check"), "DBS");
  giver.checks = 0b111;
  EXPECT_TRUE(CheckPair(giver, Receives(2), settings).ok());
}

TEST(Exclusions, CountEitherWay) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  receiver.excluded = {giver.id};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kPairExcluded));
  std::swap(giver.excluded, receiver.excluded);
  giver.excluded = {receiver.id};
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kPairExcluded));
}

// Everything is wrong with the pair; mending one thing at a time shows the order in which refusals are reported.
TEST(CheckPair, ReportsInTheWrittenOrder) {
  Settings settings;
  settings.required_checks = 1;
  Person giver = Gives(1);
  Person receiver = Receives(2);
  giver.journeys = {{0, Stage::kCurrent}};
  receiver.needs = {{1, kHome, 0}};
  receiver.languages = 2;
  receiver.slots = 2;
  receiver.place.latitude_e6 += 1'000'000;
  receiver.wanted_genders = 2;
  giver.excluded = {receiver.id};
  const auto expect = [&](Reason reason) {
    const absl::Status status = CheckPair(giver, receiver, settings);
    EXPECT_TRUE(IsRefusedFor(status, reason)) << status;
  };
  expect(Reason::kJourneyMismatch);
  giver.journeys = {};
  expect(Reason::kNothingInCommon);
  receiver.needs = {{0, kHome, 0}};
  expect(Reason::kNoSharedLanguage);
  receiver.languages = 1;
  expect(Reason::kNoSharedTime);
  receiver.slots = 1;
  expect(Reason::kTooFar);
  receiver.place = giver.place;
  expect(Reason::kPreferenceNotMet);
  receiver.wanted_genders = 0;
  expect(Reason::kCheckLapsed);
  giver.checks = 1;
  expect(Reason::kPairExcluded);
  giver.excluded = {};
  EXPECT_TRUE(CheckPair(giver, receiver, settings).ok());
}

TEST(ScorePair, SaysWhyInPlainSentencesAndNamesNobody) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  receiver.place.latitude_e6 += 19'000;
  giver.slots = receiver.slots = SlotSet{1} << 4;
  giver.journeys = {{0, Stage::kFormer}};
  receiver.journeys = {{0, Stage::kCurrent}};
  const Proposal proposal = ScorePair(giver, receiver, TownSettings());
  ASSERT_EQ(proposal.findings.size(), 5u);
  EXPECT_EQ(SentenceOf(proposal, "needs"), "The giver can help with shopping, which the receiver would like.");
  EXPECT_EQ(SentenceOf(proposal, "journey"), "The giver has used the stroke ward, which the receiver is using now.");
  EXPECT_EQ(SentenceOf(proposal, "time"), "Both are free on Tuesday afternoon.");
  EXPECT_EQ(SentenceOf(proposal, "language"), "Both speak English.");
  EXPECT_EQ(SentenceOf(proposal, "distance"), "They live 2.1 km apart.");
  int64_t sum = 0;
  int64_t weights = 0;
  for (const Finding& finding : proposal.findings) {
    EXPECT_GE(finding.score, 0);
    EXPECT_LE(finding.score, 1000);
    sum += int64_t{finding.score} * finding.weight;
    weights += finding.weight;
  }
  EXPECT_EQ(proposal.score, sum / weights);
}

TEST(ScorePair, LeavesOutWhatHasNoWeight) {
  Settings settings;
  settings.weights = {0, 0, 1, 0, 0};
  const Proposal proposal = ScorePair(Gives(1), Receives(2), settings);
  ASSERT_EQ(proposal.findings.size(), 1u);
  EXPECT_EQ(proposal.findings[0].criterion, "time");
  EXPECT_EQ(proposal.score, 400);
  settings.weights = {0, 0, 0, 0, 0};
  EXPECT_EQ(ScorePair(Gives(1), Receives(2), settings).score, 0);
}

TEST(WordsFor, NamesTwoOfManyAndCountsTheRest) {
  const std::vector<std::string> words = {"a", "b", "", "d"};
  EXPECT_EQ(WordsFor(words, 0b1), "a");
  EXPECT_EQ(WordsFor(words, 0b11), "a and b");
  EXPECT_EQ(WordsFor(words, 0b111), "a, b and something");
  EXPECT_EQ(WordsFor(words, 0b11111), "a, b and 3 more");
}

// Pairs from a made-up town, with everything they could state more of.
class Generosity : public testing::Test {
 protected:
  void ForEveryMore(const std::function<void(Person& giver, Person& receiver, Random& random)>& more) {
    const Settings settings = TownSettings();
    const Pool pool = MakeTownPool({.people = 400, .cities = 1}, Seed{5});
    Random random(Seed{6});
    int eligible = 0;
    for (int i = 0; i < 60'000; ++i) {
      Person giver = pool.people[random.Below(pool.people.size())];
      Person receiver = pool.people[random.Below(pool.people.size())];
      if (!CheckPair(giver, receiver, settings).ok()) continue;
      ++eligible;
      const int32_t before = ScorePair(giver, receiver, settings).score;
      more(giver, receiver, random);
      ASSERT_TRUE(CheckPair(giver, receiver, settings).ok()) << i;
      ASSERT_GE(ScorePair(giver, receiver, settings).score, before) << i;
    }
    EXPECT_GT(eligible, 300);
  }
};

TEST_F(Generosity, MoreTimeNeverHurts) {
  ForEveryMore([](Person& giver, Person& receiver, Random& random) {
    (random.OneIn(1, 2) ? giver : receiver).slots |= SlotSet{1} << random.Below(kSlotCount);
  });
}

TEST_F(Generosity, AnotherLanguageNeverHurts) {
  ForEveryMore([](Person& giver, Person& receiver, Random& random) {
    (random.OneIn(1, 2) ? giver : receiver).languages |= LanguageSet{1} << random.Below(13);
  });
}

TEST_F(Generosity, GoingFurtherNeverHurts) {
  ForEveryMore([](Person& giver, Person& receiver, Random& random) {
    (random.OneIn(1, 2) ? giver : receiver).travel_metres += static_cast<int32_t>(random.Below(20'000));
  });
}

TEST_F(Generosity, AnotherOfferNeverHurts) {
  ForEveryMore([](Person& giver, Person&, Random& random) {
    giver.offers.push_back({static_cast<uint8_t>(random.Below(12)), static_cast<SettingSet>(random.Below(16))});
  });
}

TEST(Criteria, DoNotDependOnTheOrderOfLists) {
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 300, .cities = 1}, Seed{8});
  for (const Person& giver : pool.people) {
    for (const Person& receiver : pool.people) {
      if (!CheckPair(giver, receiver, settings).ok()) continue;
      Person mirrored_giver = giver;
      Person mirrored_receiver = receiver;
      std::reverse(mirrored_giver.offers.begin(), mirrored_giver.offers.end());
      std::reverse(mirrored_receiver.needs.begin(), mirrored_receiver.needs.end());
      ASSERT_TRUE(CheckPair(mirrored_giver, mirrored_receiver, settings).ok());
      ASSERT_EQ(ScorePair(giver, receiver, settings).score,
                ScorePair(mirrored_giver, mirrored_receiver, settings).score);
    }
  }
}

TEST(Allowed, SaysWhatCheckPairSays) {
  Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 250, .cities = 1, .remote_percent = 40}, Seed{9});
  for (const bool same : {false, true}) {
    settings.same_service_required = same;
    settings.current_may_give = same;
    for (const Person& giver : pool.people) {
      for (const Person& receiver : pool.people) {
        ASSERT_EQ(Allowed(TraitsOf(giver, settings), TraitsOf(receiver, settings), settings),
                  CheckPair(giver, receiver, settings).ok());
      }
    }
  }
}

}  // namespace
}  // namespace turnabout
