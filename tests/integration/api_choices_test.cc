// Pairs that a coordinator pins or forbids before a round, what they cost, and where one more giver would help.
#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

constexpr char kRules[] = "languages: 'English' languages: 'Somali'";
constexpr char kGives[] = "offers { category: 'shopping' settings: SETTING_PHONE } ";
constexpr char kNeeds[] = "needs { category: 'shopping' settings: SETTING_PHONE } ";

// Ben speaks both languages, cara English; dee speaks Somali only, eve English only.
class Choosing : public SchemeTest {
 protected:
  Choosing() : SchemeTest(kRules) {
    Member("ben", absl::StrCat(kGives, "languages: 'English' languages: 'Somali'"));
    Member("cara", kGives);
    Member("dee", absl::StrCat(kNeeds, "languages: 'Somali'"));
    Member("eve", kNeeds);
    Pledge("dee");
    Pledge("eve");
  }

  static std::string Choice(absl::string_view kind, absl::string_view giver, absl::string_view receiver) {
    return absl::StrCat(" choices { kind: KIND_", kind, " giver: $", giver, " receiver: $", receiver, " }");
  }
};

TEST_F(Choosing, ADryRunSaysWhatAPinCostsBeforeItIsMade) {
  const std::string before = Digest();
  const Answer pinned =
      Do("RunRound", absl::StrCat("parent: $scheme seed: 1 validate_only: true", Choice("PIN", "ben", "eve")));
  EXPECT_EQ(FieldOf(pinned, "round.choices_cost.served_count"), "1");
  EXPECT_EQ(FieldOf(pinned, "round.choices_sentence"), "With this pin, 1 person fewer is given a buddy.");
  EXPECT_EQ(FieldOf(pinned, "round.choices[0].sentence"), "With this pin, 1 person fewer is given a buddy.");
  EXPECT_EQ(FieldOf(pinned, "round.choices[0].cost.served_count"), "1");
  EXPECT_EQ(FieldOf(pinned, "round.value.served_count"), "1");
  EXPECT_EQ(FieldOf(pinned, "round.waiting_count"), "2");
  EXPECT_EQ(FieldOf(pinned, "proposals#"), "1");
  EXPECT_EQ(FieldOf(pinned, "proposals[0].receiver"), Named("eve"));

  const Answer free =
      Do("RunRound", absl::StrCat("parent: $scheme seed: 1 validate_only: true", Choice("PIN", "cara", "eve")));
  EXPECT_EQ(FieldOf(free, "round.choices_sentence"), "With this pin, nothing is lost: the best round is as good.");
  EXPECT_EQ(FieldOf(free, "round.value.served_count"), "2");
  EXPECT_EQ(Digest(), before);
}

TEST_F(Choosing, EachChoiceHasItsCostAndAllTogetherTheirs) {
  const Answer dry = Do("RunRound", absl::StrCat("parent: $scheme seed: 1 validate_only: true",
                                                 Choice("FORBID", "ben", "dee"), Choice("FORBID", "cara", "eve")));
  EXPECT_EQ(FieldOf(dry, "round.choices[0].sentence"), "Without this pair, 1 person fewer is given a buddy.");
  EXPECT_EQ(FieldOf(dry, "round.choices[1].sentence"), "Without this pair, 1 person fewer is given a buddy.");
  // Ben can help either of the two: together the choices cost no more than each by itself.
  EXPECT_EQ(FieldOf(dry, "round.choices_sentence"), "With these choices, 1 person fewer is given a buddy.");
}

TEST_F(Choosing, ARoundProposesWhatIsPinnedAndNotWhatIsForbidden) {
  Do("RunRound", absl::StrCat("parent: $scheme seed: 1", Choice("PIN", "ben", "eve")), "round.name", "round");
  const Answer matches = Do("ListMatches", "parent: $scheme");
  ASSERT_EQ(FieldOf(matches, "matches#"), "1");
  EXPECT_EQ(FieldOf(matches, "matches[0].giver"), Named("ben"));
  EXPECT_EQ(FieldOf(matches, "matches[0].receiver"), Named("eve"));
  EXPECT_EQ(FieldOf(matches, "matches[0].round"), Named("round"));
  EXPECT_EQ(FieldOf(matches, "matches[0].findings[0].criterion"), "needs");
  // What was chosen stays with the round.
  const Answer round = Do("GetRound", "name: $round");
  EXPECT_EQ(FieldOf(round, "round.choices[0].kind"), "KIND_PIN");
  EXPECT_EQ(FieldOf(round, "round.choices[0].giver"), Named("ben"));
  EXPECT_EQ(FieldOf(round, "round.choices_cost.served_count"), "1");
  EXPECT_EQ(FieldOf(round, "round.proposal_count"), "1");
  EXPECT_EQ(FieldOf(round, "round.dropped_count"), "0");
}

TEST_F(Choosing, AForbiddenPairIsForThisRoundAlone) {
  Do("RunRound", absl::StrCat("parent: $scheme seed: 1", Choice("PIN", "cara", "eve"), Choice("FORBID", "ben", "dee")));
  EXPECT_EQ(Get("ListMatches", "parent: $scheme", "matches#"), "1");
  Do("RunRound", "parent: $scheme seed: 1");
  EXPECT_EQ(Get("ListMatches", "parent: $scheme", "matches#"), "2");
  EXPECT_EQ(Get("ListMatches", "parent: $scheme", "matches[1].receiver"), Named("dee"));
}

TEST_F(Choosing, APinIsRefusedForWhatAProposalWouldBe) {
  Member("far", absl::StrCat(kGives, "languages: 'Somali'"));
  Member("owes", kNeeds);
  Member("gone", kNeeds);
  Do("RemoveMember", "name: $gone");
  struct Case {
    std::string choices;
    const char* reason;
  };
  const Case cases[] = {
      {Choice("PIN", "far", "eve"), "NO_SHARED_LANGUAGE"},
      {Choice("PIN", "ben", "owes"), "PLEDGE_NEEDED"},
      {Choice("PIN", "ben", "gone"), "MEMBER_LEFT"},
      {Choice("PIN", "ben", "ben"), "SELF_PAIR"},
      {Choice("PIN", "ben", "dee") + Choice("PIN", "ben", "eve"), "CAPACITY_FULL"},
      {Choice("PIN", "ben", "eve") + Choice("PIN", "cara", "eve"), "TURN_NEEDED"},
      {Choice("PIN", "ben", "eve") + Choice("FORBID", "ben", "eve"), "BAD_FIELDS"},
      {Choice("UNSPECIFIED", "ben", "eve"), "BAD_FIELDS"},
      {" choices { kind: KIND_FORBID giver: $ben receiver: 'schemes/leith/members/01jd3v9k6t0000000000000000' }",
       "BAD_FIELDS"},
      {" choices { kind: KIND_FORBID giver: $ben receiver: 'schemes/cardiff/members/01jd3v9k6t0000000000000000' }",
       "MEMBER_NOT_FOUND"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.choices);
    Refuse("RunRound", absl::StrCat("parent: $scheme seed: 1", each.choices), each.reason);
    Refuse("RunRound", absl::StrCat("parent: $scheme seed: 1 validate_only: true", each.choices), each.reason);
  }
  std::string many = "parent: $scheme seed: 1";
  for (int i = 0; i < 21; ++i) many += Choice("FORBID", "ben", "eve");
  Refuse("RunRound", many, "BAD_FIELDS");
}

TEST_F(Choosing, ARoundSaysWhereOneMoreGiverWouldHelp) {
  for (int i = 0; i < 6; ++i) {
    const std::string name = absl::StrCat("waits_", i);
    Member(name, absl::StrCat(kNeeds, "languages: 'Somali'"));
    Pledge(name);
  }
  const Answer round = Do("RunRound", "parent: $scheme seed: 1", "round.name", "round");
  EXPECT_EQ(FieldOf(round, "round.recruitments#"), "1");
  EXPECT_EQ(
      Get("GetRound", "name: $round", "round.recruitments[0].sentence"),
      "One more giver by phone or online who speaks Somali, can help with shopping and has room for 3 people would "
      "let 3 more people have a buddy.");
  EXPECT_EQ(FieldOf(round, "round.recruitments[0].suited_count"), "6");
}

}  // namespace
}  // namespace turnabout
