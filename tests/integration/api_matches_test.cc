// Matches and rounds: who may be matched, people as they are now, rings, and coordinators who are quick.
#include <algorithm>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

constexpr char kRules[] =
    "services { id: 'stroke-ward' } languages: 'English' languages: 'Somali' "
    "matching { required_checks: 'dbs' distance_metres_max: 4000 }";
constexpr char kChecked[] = " checks { kind: 'dbs' valid_until_date: $day+5 } ";
constexpr char kGives[] = " offers { category: 'shopping' settings: SETTING_PHONE } ";
constexpr char kNeeds[] = " needs { category: 'shopping' settings: SETTING_PHONE } ";

class Criteria : public SchemeTest {
 protected:
  Criteria() : SchemeTest(kRules) {
    Do("ImportPlaces",
       "parent: $scheme places { code: 'CF10' latitude_microdegrees: 51480000 longitude_microdegrees: -3180000 } "
       "places { code: 'CF23' latitude_microdegrees: 51520000 longitude_microdegrees: -3120000 }");
  }

  // A giver and a receiver of their own for each case, so that cases do not meet.
  void MakePair(absl::string_view giver, absl::string_view receiver) {
    Member("giver", giver);
    Member("receiver", receiver);
    Pledge("receiver");
  }
};

TEST_F(Criteria, EachHardCriterionHasItsReason) {
  const std::string gives = absl::StrCat(kGives, kChecked);
  const std::string home_offer = absl::StrCat("offers { category: 'shopping' } ", kChecked);
  const std::string home_need = "needs { category: 'shopping' } ";
  struct Case {
    std::string giver;
    std::string receiver;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {gives + "journeys { service: 'stroke-ward' stage: STAGE_CURRENT }", kNeeds, "JOURNEY_MISMATCH"},
      {gives, "plan: 'nothing, thank you'", "NOT_WAITING"},
      {gives, "needs { category: 'pets' settings: SETTING_PHONE }", "NOTHING_IN_COMMON"},
      {gives, home_need, "NO_SHARED_SETTING"},
      {gives + "languages: 'Somali'", absl::StrCat(kNeeds, "languages: 'English'"), "NO_SHARED_LANGUAGE"},
      {gives + "availability { day: DAY_MONDAY parts: PART_OF_DAY_MORNING }",
       absl::StrCat(kNeeds, "availability { day: DAY_MONDAY parts: PART_OF_DAY_EVENING }"), "NO_SHARED_TIME"},
      {home_offer, home_need, "NO_PLACE"},
      {home_offer + "place: 'cf10'", home_need + "place: 'CF23'", "TOO_FAR"},
      {gives + "gender: GENDER_MAN", absl::StrCat(kNeeds, "wanted_genders: GENDER_WOMAN"), "PREFERENCE_NOT_MET"},
      {kGives, kNeeds, "CHECK_LAPSED"},
      {absl::StrCat(kGives, "checks { kind: 'dbs' valid_until_date: $day-1 }"), kNeeds, "CHECK_LAPSED"},
      {gives + "capacity: 0", kNeeds, "CAPACITY_FULL"},
      {gives, absl::StrCat(kNeeds, "buddies_wanted: 0"), "NEED_MET"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.reason);
    MakePair(each.giver, each.receiver);
    Refuse("ProposeMatch", "parent: $scheme match { giver: $giver receiver: $receiver }", each.reason);
  }
  MakePair(gives, kNeeds);
  Do("UpdateMember", "member { name: $giver excluded_members: $receiver }");
  Refuse("ProposeMatch", "parent: $scheme match { giver: $giver receiver: $receiver }", "PAIR_EXCLUDED");
  MakePair(home_offer + "place: 'cf10'", home_need + "place: 'CF10'");
  Propose("giver", "receiver", "near");
}

TEST_F(Criteria, ApprovalLooksAtPeopleAsTheyAreNow) {
  const std::string gives = absl::StrCat(kGives, kChecked);
  const char* kSince[][3] = {
      {"UpdateMember", "member { name: $giver excluded_members: $receiver }", "PAIR_EXCLUDED"},
      {"UpdateMember", "member { name: $receiver excluded_members: $giver }", "PAIR_EXCLUDED"},
      {"UpdateMember", "member { name: $receiver } update_mask { paths: 'needs' }", "NOT_WAITING"},
      {"UpdateMember", "member { name: $giver } update_mask { paths: 'checks' }", "CHECK_LAPSED"},
      {"UpdateMember", "member { name: $giver capacity: 0 }", "CAPACITY_FULL"},
      {"UpdateMember", "member { name: $giver languages: 'Somali' }", "NO_SHARED_LANGUAGE"},
      {"WaivePledge", "name: $receiver_pledge reason: 'let off'", "PLEDGE_NEEDED"},
  };
  for (const auto& [rpc, change, reason] : kSince) {
    SCOPED_TRACE(change);
    MakePair(gives, kNeeds);
    Propose("giver", "receiver", "match");
    Do(rpc, change);
    Refuse("ApproveMatch", "name: $match actor: $cara", reason);
    EXPECT_EQ(MatchState("match"), "PROPOSED");
    Refuse("RemoveMember", "name: $giver", "MEMBER_OWES");
  }
  MakePair(gives, kNeeds);
  Propose("giver", "receiver", "match");
  Days(5);  // the last day of the check
  Do("ApproveMatch", "name: $match actor: $cara validate_only: true");
  Days(1);
  Refuse("ApproveMatch", "name: $match actor: $cara", "CHECK_LAPSED");
}

class Matches : public SchemeTest {
 protected:
  Matches() {
    for (const char* name : {"ana", "ben", "cai"}) Member(name);
  }

  // The reasons that came of doing both at once, in the order given.
  std::vector<std::string> AtOnce(absl::string_view rpc, const std::vector<std::string>& requests) {
    std::vector<std::string> reasons(requests.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < requests.size(); ++i) {
      threads.emplace_back([&, i] { reasons[i] = ReasonOf(Try(rpc, requests[i]).status()); });
    }
    for (std::thread& thread : threads) thread.join();
    std::sort(reasons.begin(), reasons.end());
    return reasons;
  }
};

TEST_F(Matches, OfTwoWhoApproveTheLastPlaceOneIsFirst) {
  for (int i = 0; i < 10; ++i) {
    Member("giver");
    for (const char* name : {"eve", "fay"}) {
      Member(name);
      Pledge(name);
      Propose("giver", name, absl::StrCat("to_", name));
    }
    EXPECT_EQ(AtOnce("ApproveMatch", {"name: $to_eve", "name: $to_fay"}),
              (std::vector<std::string>{"CAPACITY_FULL", "OK"}));
    EXPECT_EQ(Get("GetMember", "name: $giver", "member.giving_count"), "1");
  }
}

TEST_F(Matches, OfTwoWhoApproveTheSameMatchOneIsFirst) {
  for (int i = 0; i < 10; ++i) {
    Member("eve");
    Member("giver");
    Pledge("eve");
    Propose("giver", "eve", "match");
    EXPECT_EQ(AtOnce("ApproveMatch", {"name: $match", "name: $match"}),
              (std::vector<std::string>{"FORBIDDEN_MOVE", "OK"}));
  }
}

TEST_F(Matches, OfTwoWhoProposeTheLastTurnOneIsFirst) {
  for (int i = 0; i < 10; ++i) {
    Member("eve", absl::StrCat(kByPhone, " buddies_wanted: 2"));
    Pledge("eve");
    EXPECT_EQ(AtOnce("ProposeMatch", {"parent: $scheme match { giver: $ana receiver: $eve }",
                                      "parent: $scheme match { giver: $ben receiver: $eve }"}),
              (std::vector<std::string>{"OK", "TURN_NEEDED"}));
    EXPECT_EQ(Turns("eve"), "given 0 received 0 allowance 1 available 0");
  }
}

TEST_F(Matches, CapacityComesBackHoweverAMatchEnds) {
  const char* kCount = "member.giving_count";
  Pledge("ana");
  Pledge("cai");
  Propose("ben", "ana", "first");
  EXPECT_EQ(Get("GetMember", "name: $ben", kCount), "0");  // proposed only
  Approve("first");
  EXPECT_EQ(Get("GetMember", "name: $ben", kCount), "1");
  EXPECT_EQ(Get("GetMember", "name: $ana", "member.receiving_count"), "1");
  Refuse("ProposeMatch", "parent: $scheme match { giver: $ben receiver: $cai }", "CAPACITY_FULL");
  Refuse("ProposeMatch", "parent: $scheme match { giver: $cai receiver: $ana }", "NEED_MET");
  Do("DeclineMatch", "name: $first actor: $ana");
  EXPECT_EQ(Get("GetMember", "name: $ben", kCount), "0");
  Start("ben", "cai", "second");
  EXPECT_EQ(Get("GetMember", "name: $ben", kCount), "1");
  Do("EndMatch", "name: $second actor: $cara");
  EXPECT_EQ(Get("GetMember", "name: $ben", kCount), "0");
  Do("RemoveMember", "name: $ben");
}

TEST_F(Matches, ADeclineReasonStaysWithTheMatchAndOthersMayComeNext) {
  Pledge("ana");
  Propose("ben", "ana", "match");
  Do("DeclineMatch", "name: $match actor: $cara reason: 'they are cousins'");
  EXPECT_EQ(Get("GetMatch", "name: $match", "match.reason"), "they are cousins");
  EXPECT_EQ(Get("GetMember", "name: $ben view: MEMBER_VIEW_FULL", "member").find("cousins"), std::string::npos);
  const Answer round = Do("RunRound", "parent: $scheme seed: 1");
  EXPECT_EQ(FieldOf(round, "round.proposal_count"), "3");  // all three in a ring, the other way round
  EXPECT_EQ(Get("ListMatches",
                absl::StrCat("parent: $scheme filter: 'state = PROPOSED AND receiver = \"", Named("ana"), "\"'"),
                "matches[0].giver"),
            Named("cai"));
}

// Three who can each help the next, none of whom has a turn to use.
class Ring : public SchemeTest {
 protected:
  Ring() {
    Person("ana", "shopping", "pets");
    Person("ben", "pets", "cooking");
    Person("cai", "cooking", "shopping");
    Person("dai", "reading", "gardening");
    Do("RunRound", "parent: $scheme seed: 3 request_id: 'spring'", "round.name", "round");
    const Answer matches = Do("ListMatches", "parent: $scheme");
    EXPECT_EQ(FieldOf(matches, "matches#"), "3");
    for (int i = 0; i < 3; ++i) {
      const std::string at = absl::StrCat("matches[", i, "].");
      for (const char* giver : {"ana", "ben", "cai"}) {
        if (FieldOf(matches, at + "giver") == Named(giver))
          Name(absl::StrCat("from_", giver), FieldOf(matches, at + "name"));
      }
      EXPECT_EQ(FieldOf(matches, at + "linked_matches#"), "2");
    }
  }

  void Person(absl::string_view name, absl::string_view offers, absl::string_view needs) {
    Member(name, absl::StrCat("offers { category: '", offers, "' settings: SETTING_PHONE } needs { category: '", needs,
                              "' settings: SETTING_PHONE }"));
  }
};

TEST_F(Ring, StartsTogether) {
  for (const char* match : {"from_ana", "from_ben", "from_cai"}) Approve(match);
  Accept("from_ana", "ana");
  Accept("from_ana", "cai");
  Accept("from_ben", "ana");
  Accept("from_ben", "ben");
  Accept("from_cai", "ben");
  EXPECT_EQ(MatchState("from_ana"), "ACCEPTED");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 0 available 0");
  Accept("from_cai", "cai");
  for (const char* who : {"ana", "ben", "cai"}) {
    EXPECT_EQ(MatchState(absl::StrCat("from_", who)), "ACTIVE");
    EXPECT_EQ(Turns(who), "given 1 received 1 allowance 0 available 0");
  }
}

TEST_F(Ring, FallsTogether) {
  for (const char* match : {"from_ana", "from_ben"}) Approve(match);
  Accept("from_ana", "cai");
  Do("DeclineMatch", "name: $from_ben actor: $ana");
  EXPECT_EQ(MatchState("from_ben"), "DECLINED");
  EXPECT_EQ(MatchState("from_ana"), "WITHDRAWN");
  EXPECT_EQ(MatchState("from_cai"), "WITHDRAWN");
  for (const char* who : {"ana", "ben", "cai"}) {
    EXPECT_EQ(Get("GetMember", absl::StrCat("name: $", who), "member.giving_count"), "0");
    Do("RemoveMember", absl::StrCat("name: $", who));
  }
}

TEST_F(Ring, FallsTogetherByTheClock) {
  Approve("from_ana");
  Days(15);
  int expired = 0;
  for (const char* match : {"from_ana", "from_ben", "from_cai"}) {
    const std::string state = MatchState(match);
    EXPECT_TRUE(state == "EXPIRED" || state == "WITHDRAWN") << state;
    if (state == "EXPIRED") ++expired;
  }
  EXPECT_EQ(expired, 1);
  EXPECT_EQ(RunDueOnce(), 0);
}

TEST_F(Ring, ARoundSaysWhatItFoundAndWhomItLeft) {
  const Answer round = Do("GetRound", "name: $round");
  EXPECT_EQ(FieldOf(round, "round.state"), "STATE_DONE");
  EXPECT_EQ(FieldOf(round, "round.verified"), "true");
  EXPECT_EQ(FieldOf(round, "round.proposal_count"), "3");
  EXPECT_EQ(FieldOf(round, "round.dropped_count"), "0");
  const Answer left_out = Do("ListLeftOut", "parent: $round");
  EXPECT_EQ(FieldOf(left_out, "left_out#"), "1");
  EXPECT_EQ(FieldOf(left_out, "left_out[0].member"), Named("dai"));
  EXPECT_EQ(FieldOf(left_out, "left_out[0].cause"), "CAUSE_NOBODY_ELIGIBLE");
  // Asked again it is the same round; the next finds nobody more to match.
  EXPECT_EQ(FieldOf(Do("RunRound", "parent: $scheme seed: 3 request_id: 'spring'"), "round.name"), Named("round"));
  Refuse("RunRound", "parent: $scheme seed: 4 request_id: 'spring'", "REQUEST_ID_REUSED");
  EXPECT_EQ(FieldOf(Do("RunRound", "parent: $scheme seed: 3"), "round.proposal_count"), "0");
}

TEST_F(Matches, SomebodyWhoOwesMayReceiveWhereTheyGiveAsMuch) {
  Member("dai");
  Pledge("ana");
  Start("dai", "ana", "past");
  Days(28);
  Do("EndMatch", "name: $past actor: $ana");
  Do("WaivePledge", "name: $ana_pledge reason: 'ill'");
  Do("RemoveMember", "name: $dai");
  EXPECT_EQ(Turns("ana"), "given 0 received 1 allowance 0 available 0");
  EXPECT_EQ(FieldOf(Do("RunRound", "parent: $scheme seed: 1"), "round.proposal_count"), "3");
  const Response ring = Do("ListMatches", "parent: $scheme filter: 'state = PROPOSED'");
  for (int i = 0; i < 3; ++i) {
    Name("match", FieldOf(ring, absl::StrCat("matches[", i, "].name")));
    Approve("match");
    for (const char* side : {"giver", "receiver"}) {
      Name(side, FieldOf(ring, absl::StrCat("matches[", i, "].", side)));
      Accept("match", side);
    }
  }
  EXPECT_EQ(Turns("ana"), "given 1 received 2 allowance 0 available 0");
}

TEST_F(Matches, ADryRunIsTheRoundWithoutWriting) {
  for (const char* name : {"ana", "ben", "cai"}) Pledge(name);
  const std::string before = Digest();
  const Answer dry = Do("RunRound", "parent: $scheme seed: 5 validate_only: true");
  EXPECT_EQ(FieldOf(Do("RunRound", "parent: $scheme seed: 5 validate_only: true"), "round.instance_digest"),
            FieldOf(dry, "round.instance_digest"));
  EXPECT_EQ(Digest(), before);
  EXPECT_EQ(FieldOf(dry, "proposals#"), "3");
  Do("RunRound", "parent: $scheme seed: 5");
  const Answer written = Do("ListMatches", "parent: $scheme");
  EXPECT_EQ(FieldOf(written, "matches#"), "3");
  const Answer suggested = Do("SuggestBuddies", "name: $ana");
  EXPECT_EQ(FieldOf(suggested, "suggestions#"), "0");  // everyone's place is taken by a proposal
}

TEST_F(Matches, AReopenedServerGoesOnWhereItStopped) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Log("ben", "ana", 30, "walk", "match");
  const std::string before = Digest();
  Reopen();
  EXPECT_EQ(Digest(), before);
  Confirm("walk");
  EXPECT_EQ(Get("GetMatch", "name: $match", "match.contact_count"), "1");
  Days(15);
}

}  // namespace
}  // namespace turnabout
