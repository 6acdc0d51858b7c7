// Rounds of a scheme that watches groups: shares, floors, and what is not shown.
#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

constexpr char kRules[] =
    "languages: 'English' languages: 'Somali' services { id: 'stroke-ward' } population_count: 60000 "
    "groups { id: 'somali' display_name: 'people who speak Somali' languages: 'somali' floor_per_mille: 500 "
    "         population_count: 900 } "
    "groups { id: 'on-the-ward' services: 'stroke-ward' stages: STAGE_CURRENT } "
    "groups { id: 'splott' places: 'cf24' stages: STAGE_FORMER }";
constexpr char kNeeds[] = "needs { category: 'shopping' settings: SETTING_PHONE } ";

// Four givers; six who have waited 12, 10, 8, 6, 4 and 2 days, then six who speak Somali as well.
class Groups : public SchemeTest {
 protected:
  Groups() : SchemeTest(kRules) {
    Do("ImportPlaces",
       "parent: $scheme places { code: 'CF24' latitude_microdegrees: 51480000 longitude_microdegrees: -3180000 }");
    for (int i = 0; i < 6; ++i) {
      Waits(absl::StrCat("long_", i), "");
      Days(2);
    }
    for (int i = 0; i < 6; ++i) Waits(absl::StrCat("somali_", i), "languages: 'English' languages: 'Somali'");
    for (int i = 0; i < 4; ++i) {
      Member(absl::StrCat("giver_", i), "offers { category: 'shopping' settings: SETTING_PHONE }");
    }
  }

  void Waits(const std::string& name, absl::string_view rest) {
    Member(name, absl::StrCat(kNeeds, rest));
    Pledge(name);
  }
};

TEST_F(Groups, AFloorIsMetBeforeThoseWhoWaitedLongest) {
  const Answer round = Do("RunRound", "parent: $scheme seed: 1", "round.name", "round");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].group"), "somali");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].suppressed"), "false");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].member_count"), "6");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].waiting_count"), "6");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].served_count"), "3");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].served_per_mille"), "500");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].population_count"), "900");
  EXPECT_EQ(FieldOf(round, "round.group_shares[0].floor_count"), "3");
  EXPECT_EQ(
      FieldOf(round, "round.group_shares[0].sentence"),
      "3 of 6 people who speak Somali who would like a buddy are given one (50%; of everyone 33.3%). The floor is "
      "3 people, and it is met because each of them counts as having waited 10 days longer.");
  EXPECT_EQ(FieldOf(round, "round.value.waiting_days"), "12");
  EXPECT_EQ(FieldOf(round, "round.waiting_days_bound"), "12");
  EXPECT_EQ(FieldOf(round, "round.verified"), "true");
  // What is stored is what was said.
  EXPECT_EQ(Get("GetRound", "name: $round", "round.floors_sentence"),
            "Every floor is met, and no round that meets them has people who have waited longer. That is proven.");
}

TEST_F(Groups, WhatTooFewPeopleAreBehindIsNotShown) {
  Do("UpdateMember",
     "member { name: $long_0 journeys { service: 'stroke-ward' stage: STAGE_CURRENT } } update_mask { paths: "
     "'journeys' }");
  const Answer round = Do("RunRound", "parent: $scheme seed: 1 validate_only: true");
  EXPECT_EQ(FieldOf(round, "round.group_shares[1].group"), "on-the-ward");
  EXPECT_EQ(FieldOf(round, "round.group_shares[1].suppressed"), "true");
  EXPECT_EQ(FieldOf(round, "round.group_shares[1].waiting_count"), "0");
  EXPECT_EQ(FieldOf(round, "round.group_shares[1].sentence"),
            "Figures for on-the-ward are not shown: so few people are behind them that they could tell on somebody.");
  // Nobody is in the third, and that tells on nobody.
  EXPECT_EQ(FieldOf(round, "round.group_shares[2].suppressed"), "false");
  EXPECT_EQ(FieldOf(round, "round.group_shares[2].member_count"), "0");
}

TEST_F(Groups, BelongsToWhoeverMeetsAllThatIsStated) {
  for (int i = 0; i < 6; ++i) {
    Do("UpdateMember", absl::StrCat("member { name: $long_", i,
                                    " place: 'CF24' journeys { service: 'stroke-ward' stage: STAGE_FORMER } } "
                                    "update_mask { paths: 'journeys' paths: 'place' }"));
    Do("UpdateMember", absl::StrCat("member { name: $somali_", i, " place: 'CF24' } update_mask { paths: 'place' }"));
  }
  const Answer round = Do("RunRound", "parent: $scheme seed: 1 validate_only: true");
  EXPECT_EQ(FieldOf(round, "round.group_shares[1].member_count"), "0");
  EXPECT_EQ(FieldOf(round, "round.group_shares[2].member_count"), "6");
  EXPECT_EQ(FieldOf(round, "round.group_shares[2].display_name"), "splott");
}

}  // namespace
}  // namespace turnabout
