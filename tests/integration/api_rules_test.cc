// Give to receive, told as what happens to people: pledges, waivers, turns, hours.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

constexpr char kWards[] = "services { id: 'stroke-ward' } services { id: 'memory-clinic' }";

class Pledges : public SchemeTest {
 protected:
  Pledges() : SchemeTest(kWards) {
    for (const char* name : {"ana", "ben", "cai"}) Member(name);
  }

  std::string Deadline(absl::string_view member) const {
    return Get("GetPledge", absl::StrCat("name: $", member, "_pledge"), "pledge.deadline_date");
  }
  std::string Day(int offset) const {
    const std::string quoted = Fill(absl::StrCat("$day", offset < 0 ? "" : "+", offset));
    return quoted.substr(1, quoted.size() - 2);
  }
  void Decline(absl::string_view match, absl::string_view member) {
    Do("DeclineMatch", absl::StrCat("name: $", match, " actor: $", member));
  }
  void End(absl::string_view match, absl::string_view member) {
    Do("EndMatch", absl::StrCat("name: $", match, " actor: $", member, " reason: 'moving away'"));
  }
  void Walk(int times) {
    for (int i = 0; i < times; ++i) {
      Log("ben", "ana", 10, "walk", "match");
      Confirm("walk");
    }
  }
};

TEST_F(Pledges, OneTurnForAPledgeAndNoneWithout) {
  const char* kAsk = "parent: $scheme match { giver: $ben receiver: $ana }";
  Refuse("ProposeMatch", kAsk, "PLEDGE_NEEDED");
  Pledge("ana");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  EXPECT_EQ(Deadline("ana"), Day(182));
  Propose("ben", "ana", "match");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 0");
  Refuse("ProposeMatch", "parent: $scheme match { giver: $cai receiver: $ana }", "TURN_NEEDED");
  Approve("match");
  Accept("match", "ana");
  EXPECT_EQ(MatchState("match"), "ACCEPTED_BY_ONE");
  Refuse("AcceptMatch", "name: $match actor: $ana", "FORBIDDEN_MOVE");
  Accept("match", "ben");
  EXPECT_EQ(MatchState("match"), "ACTIVE");
  EXPECT_EQ(Turns("ana"), "given 0 received 1 allowance 1 available 0");
  EXPECT_EQ(Turns("ben"), "given 1 received 0 allowance 0 available 1");
  Refuse("WithdrawPledge", "name: $ana_pledge", "PLEDGE_OUTSTANDING");
}

TEST_F(Pledges, ATurnGivenFulfilsThePledgeAndCanBeUsed) {
  Pledge("ana");
  Pledge("cai");
  Start("ben", "ana", "first");
  Start("ana", "cai", "second");
  EXPECT_EQ(PledgeState("ana"), "FULFILLED");
  EXPECT_EQ(PledgeState("cai"), "MADE");
  EXPECT_EQ(Turns("ana"), "given 1 received 1 allowance 0 available 0");
  // Ben has one to use, with no pledge at all.
  Start("cai", "ben", "third");
  EXPECT_EQ(Turns("ben"), "given 1 received 1 allowance 0 available 0");
  EXPECT_EQ(PledgeState("cai"), "FULFILLED");
  Refuse("WithdrawPledge", "name: $cai_pledge", "FORBIDDEN_MOVE");
}

TEST_F(Pledges, APledgeWaitsForDischargeFromEveryService) {
  Member("dai", absl::StrCat(kByPhone,
                             " journeys { service: 'stroke-ward' stage: STAGE_CURRENT } "
                             "journeys { service: 'memory-clinic' stage: STAGE_CURRENT }"));
  Pledge("dai", "deferred_until_discharge: true");
  EXPECT_EQ(PledgeState("dai"), "DEFERRED");
  EXPECT_EQ(Deadline("dai"), "");
  Start("ben", "dai", "match");  // they receive while they cannot give
  Refuse("ProposeMatch", "parent: $scheme match { giver: $dai receiver: $ana }", "JOURNEY_MISMATCH");
  Days(400);
  EXPECT_EQ(PledgeState("dai"), "DEFERRED");
  Do("DischargeMember", "name: $dai service: 'stroke-ward'");
  EXPECT_EQ(PledgeState("dai"), "DEFERRED");
  Do("DischargeMember", "name: $dai service: 'memory-clinic'");
  EXPECT_EQ(PledgeState("dai"), "MADE");
  EXPECT_EQ(Deadline("dai"), Day(182));
  Days(182);
  EXPECT_EQ(PledgeState("dai"), "MADE");
  EXPECT_EQ(Turns("dai"), "given 0 received 1 allowance 1 available 0");
  Days(1);
  EXPECT_EQ(PledgeState("dai"), "LAPSED");
  EXPECT_EQ(Turns("dai"), "given 0 received 1 allowance 0 available 0");
}

TEST_F(Pledges, WaitingForDischargeIsForThoseWhoUseAService) {
  Pledge("ana", "deferred_until_discharge: true");
  EXPECT_EQ(PledgeState("ana"), "MADE");
  EXPECT_EQ(Deadline("ana"), Day(182));
}

TEST_F(Pledges, APledgeWaitsForADay) {
  Pledge("ana", "deferred_until_date: $day+30");
  Days(30);
  EXPECT_EQ(PledgeState("ana"), "DEFERRED");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  Days(1);
  EXPECT_EQ(PledgeState("ana"), "MADE");
  EXPECT_EQ(Deadline("ana"), Day(182));
  Do("WithdrawPledge", "name: $ana_pledge reason: 'not now'");
  EXPECT_EQ(PledgeState("ana"), "WITHDRAWN");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 0 available 0");
  Days(400);
  EXPECT_EQ(PledgeState("ana"), "WITHDRAWN");
  Pledge("ana");
  EXPECT_EQ(PledgeState("ana"), "MADE");
}

TEST_F(Pledges, AWaivedPledgeTakesItsAllowanceAndNothingElse) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Do("WaivePledge", "name: $ana_pledge reason: 'very ill'");
  EXPECT_EQ(PledgeState("ana"), "WAIVED");
  EXPECT_EQ(Turns("ana"), "given 0 received 1 allowance 0 available 0");
  EXPECT_EQ(MatchState("match"), "ACTIVE");
  Days(200);
  EXPECT_EQ(PledgeState("ana"), "WAIVED");
}

TEST_F(Pledges, AWaiverCountsToItsLastDay) {
  Do("GrantWaiver", "parent: $scheme waiver { member: $ana turns: 2 reason: 'nobody near' end_date: $day+10 }");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 2 available 2");
  Days(10);
  Propose("ben", "ana", "match");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 2 available 1");
  Days(1);
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 0 available 0");
  Refuse("ApproveMatch", "name: $match", "PLEDGE_NEEDED");
  Decline("match", "ana");
}

TEST_F(Pledges, ADeclinedPairRestsAndItsTurnIsFree) {
  const char* kAgain = "parent: $scheme match { giver: $ben receiver: $ana }";
  Pledge("ana");
  Propose("ben", "ana", "match");
  Do("GetMatch", "name: $match", "match.hold", "match_hold");
  Decline("match", "ben");
  EXPECT_EQ(MatchState("match"), "DECLINED");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  EXPECT_EQ(FieldOf(Try("GetEntry", "name: $match_hold"), "entry.current_state"), "STATE_VOIDED");
  Refuse("ProposeMatch", kAgain, "PAIR_RESTING");
  Propose("cai", "ana", "other");
  Decline("other", "ana");
  Days(89);
  Refuse("ProposeMatch", kAgain, "PAIR_RESTING");
  Days(1);
  Propose("ben", "ana", "again");
}

TEST_F(Pledges, AProposalThatNobodyAnswersGoesByTheClock) {
  Pledge("ana");
  Propose("ben", "ana", "match");
  Days(14);
  EXPECT_EQ(MatchState("match"), "PROPOSED");
  Approve("match");  // another 14 days for the two of them
  Days(14);
  EXPECT_EQ(MatchState("match"), "APPROVED");
  Days(1);
  EXPECT_EQ(MatchState("match"), "EXPIRED");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  EXPECT_EQ(Get("GetMember", "name: $ben", "member.giving_count"), "0");
  Refuse("AcceptMatch", "name: $match actor: $ben", "FORBIDDEN_MOVE");
  Propose("ben", "ana", "again");  // an unanswered question is no no
}

TEST_F(Pledges, ABuddyingOfAFewDaysIsNoTurn) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Walk(3);
  Log("ben", "ana", 10, "fourth", "match");  // never confirmed
  Days(27);
  End("match", "ana");
  EXPECT_EQ(MatchState("match"), "ENDED");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  EXPECT_EQ(Turns("ben"), "given 0 received 0 allowance 0 available 0");
  EXPECT_EQ(FieldOf(Try("ListEntries", "parent: $scheme filter: 'kind = REVERSAL'"), "entries[0].note"),
            "ended before the minimum: moving away");
  Refuse("ProposeMatch", "parent: $scheme match { giver: $ben receiver: $ana }", "PAIR_RESTING");
  Refuse("EndMatch", "name: $match actor: $ana", "FORBIDDEN_MOVE");
}

TEST_F(Pledges, FourContactsOrFourWeeksAreATurn) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Walk(4);
  EXPECT_EQ(Get("GetMatch", "name: $match", "match.contact_count"), "4");
  End("match", "ben");
  EXPECT_EQ(Turns("ana"), "given 0 received 1 allowance 1 available 0");
  Pledge("cai");
  Start("ben", "cai", "longer");
  Days(28);
  End("longer", "cai");
  EXPECT_EQ(Turns("ben"), "given 2 received 0 allowance 0 available 2");
  EXPECT_EQ(Get("GetMember", "name: $ben", "member.giving_count"), "0");
}

TEST_F(Pledges, HoursBeforeTheStartAreNoContacts) {
  Pledge("ana");
  Propose("ben", "ana", "match");
  Walk(4);
  Approve("match");
  Accept("match", "ana");
  Accept("match", "ben");
  End("match", "ana");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
}

TEST_F(Pledges, AnEarlyEndTakesBackATurnThatWasUsedAlready) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Start("cai", "ben", "used");
  End("match", "ana");
  EXPECT_EQ(Turns("ben"), "given 0 received 1 allowance 0 available 0");
  EXPECT_EQ(FieldOf(Try("ListEntries", "parent: $scheme filter: 'kind = REVERSAL'"), "entries[0].overridden"), "true");
}

TEST_F(Pledges, AMatchWhoseTurnWasUndoneByHandCanStillEnd) {
  Pledge("ana");
  Start("ben", "ana", "match");
  Do("ListEntries", "parent: $scheme filter: 'kind = TURN AND state = POSTED'", "entries[0].name", "turn");
  Do("ReverseEntry", "name: $turn reason: 'the wrong pair'");
  EXPECT_EQ(Turns("ana"), "given 0 received 0 allowance 1 available 1");
  End("match", "ana");
  EXPECT_EQ(MatchState("match"), "ENDED");
  EXPECT_EQ(Turns("ben"), "given 0 received 0 allowance 0 available 0");
}

TEST_F(Pledges, TheSentenceSaysIt) {
  const auto sentence = [&](absl::string_view who) {
    return Get("GetStanding", absl::StrCat("name: $", who), "standing.sentence");
  };
  EXPECT_TRUE(absl::StrContains(sentence("ana"), "when you agree to buddy someone in return")) << sentence("ana");
  Pledge("ana");
  EXPECT_TRUE(absl::StrContains(sentence("ana"), "You can have a buddy now.")) << sentence("ana");
  Start("ben", "ana", "match");
  EXPECT_TRUE(absl::StrContains(sentence("ana"), "You have had a buddy once.")) << sentence("ana");
  EXPECT_TRUE(absl::StrContains(sentence("ana"), "when you have given a turn")) << sentence("ana");
  EXPECT_TRUE(absl::StrContains(sentence("ben"), "You have been a buddy to 1 person.")) << sentence("ben");
  Log("ben", "ana", 90, "walk");
  Confirm("walk");
  EXPECT_TRUE(absl::StrContains(sentence("ana"), "1 hour 30 minutes more than you have given")) << sentence("ana");
  EXPECT_TRUE(absl::StrContains(sentence("ben"), "You have 1 hour 30 minutes to use.")) << sentence("ben");
}

class Hours : public SchemeTest {
 protected:
  explicit Hours(absl::string_view rules = "credit { confirmation_days: 7 }") : SchemeTest(rules) {
    for (const char* name : {"ana", "ben"}) Member(name);
  }
};

TEST_F(Hours, SilenceAsksACoordinatorAndTheHoldStays) {
  Log("ben", "ana", 90, "walk");
  Days(7);
  EXPECT_EQ(ExchangeState("walk"), "LOGGED");
  Days(1);
  EXPECT_EQ(ExchangeState("walk"), "OVERDUE");
  EXPECT_EQ(Minutes("ana"), 0);
  EXPECT_EQ(Get("GetAccount", "name: $ana_minutes", "account.held_out"), "90");
  Confirm("walk");
  EXPECT_EQ(ExchangeState("walk"), "CONFIRMED");
  EXPECT_EQ(Minutes("ana"), -90);
  EXPECT_EQ(RunDueOnce(), 0);
}

class HoursThatPost : public Hours {
 protected:
  HoursThatPost() : Hours("credit { confirmation_days: 7 silence: SILENCE_RULE_POST }") {}
};

TEST_F(HoursThatPost, SilencePostsWhatNobodyObjectedTo) {
  Log("ben", "ana", 90, "walk");
  Log("ben", "ana", 30, "argued");
  Do("DisputeExchange", "name: $argued actor: $ana reason: 'it was 10 minutes'");
  Days(8);
  EXPECT_EQ(ExchangeState("walk"), "CONFIRMED");
  EXPECT_EQ(ExchangeState("argued"), "DISPUTED");
  EXPECT_EQ(Minutes("ben"), 90);
}

TEST_F(Hours, ACoordinatorSettlesAllPartOrNone) {
  for (const auto& [minutes, state] : {std::pair{60, "SETTLED"}, {20, "SETTLED"}, {0, "VOIDED"}}) {
    const int64_t before = Minutes("ben");
    Log("ben", "ana", 60, "walk");
    Do("DisputeExchange", "name: $walk actor: $ana reason: 'not so long'");
    Refuse("ConfirmExchange", "name: $walk actor: $ana", "FORBIDDEN_MOVE");
    Do("SettleExchange", absl::StrCat("name: $walk actor: $cara minutes: ", minutes, " reason: 'we talked'"));
    EXPECT_EQ(ExchangeState("walk"), state);
    EXPECT_EQ(Minutes("ben") - before, minutes);
    EXPECT_EQ(Get("GetAccount", "name: $ana_minutes", "account.held_out"), "0");
    EXPECT_EQ(Get("GetExchange", "name: $walk", "exchange.settlement_reason"), "we talked");
    Refuse("SettleExchange", "name: $walk actor: $cara minutes: 1 reason: 'again'", "FORBIDDEN_MOVE");
  }
  Days(30);
  EXPECT_EQ(ExchangeState("walk"), "VOIDED");
}

TEST_F(Hours, EitherSideLogsAndACoordinatorMayForThem) {
  for (const auto& [logs, confirms] :
       {std::pair{"ana", "ben"}, {"ben", "ana"}, {"cara", "ana"}, {"cara", "ben"}, {"ana", "cara"}}) {
    Do("LogExchange",
       absl::StrCat("parent: $scheme actor: $", logs,
                    " exchange { giver: $ben receiver: $ana minutes: 5 happened_on_date: $day-366 }"),
       "exchange.name", "walk");
    Refuse("ConfirmExchange", absl::StrCat("name: $walk actor: $", logs), "OWN_HOURS");
    Do("ConfirmExchange", absl::StrCat("name: $walk actor: $", confirms));
  }
  EXPECT_EQ(Minutes("ben"), 25);
}

TEST_F(Hours, AHoldOnTheBooksEndsByTheClock) {
  Do("PostEntry", "parent: $scheme kind: KIND_OPENING from_account: $opening to_account: $ana_minutes amount: 60");
  Do("PostEntry", "parent: $scheme kind: KIND_DONATION from_account: $ana_minutes to_account: $pot amount: 45");
  Do("HoldEntry",
     "parent: $scheme kind: KIND_GRANT from_account: $pot to_account: $ben_minutes amount: 30 "
     "hold_for { seconds: 3600 }",
     "entry.name", "grant");
  const char* kMore = "parent: $scheme kind: KIND_GRANT from_account: $pot to_account: $ben_minutes amount: 16";
  Refuse("PostEntry", kMore, "CREDIT_LIMIT_REACHED");
  SchemeTest::Hours(1);
  EXPECT_EQ(Get("GetEntry", "name: $grant", "entry.current_state"), "STATE_EXPIRED");
  Refuse("PostHold", "name: $grant", "HOLD_ALREADY_RESOLVED");
  Do("PostEntry", kMore);
  EXPECT_EQ(Minutes("ben"), 16);
  Do("PostEntry", "parent: $scheme kind: KIND_EXPIRY from_account: $ben_minutes to_account: $expiry amount: 16");
  EXPECT_EQ(Minutes("ben"), 0);
}

TEST_F(Hours, AnOverrideIsWrittenBesideTheEntry) {
  const char* kGift = "parent: $scheme kind: KIND_GIFT from_account: $ana_minutes to_account: $ben_minutes amount: 601";
  Refuse("PostEntry", kGift, "CREDIT_LIMIT_REACHED");
  Do("PostEntry", absl::StrCat(kGift, " override { actor: $cara reason: 'hospital lift, agreed' }"), "entry.name",
     "gift");
  const Answer gift = Try("GetEntry", "name: $gift");
  EXPECT_EQ(FieldOf(gift, "entry.overridden"), "true");
  EXPECT_EQ(FieldOf(gift, "entry.note"), "hospital lift, agreed");
  EXPECT_EQ(FieldOf(gift, "entry.actor"), "coordinators/cara");
  EXPECT_EQ(Minutes("ana"), -601);
}

TEST_F(Hours, AStatementTellsWhatMovedInWords) {
  Log("ben", "ana", 90, "walk");
  Confirm("walk");
  Do("PostEntry", "parent: $scheme kind: KIND_GIFT from_account: $ben_minutes to_account: $ana_minutes amount: 30");
  const Answer ana = Try("GetStatement", "name: $ana_minutes");
  EXPECT_EQ(FieldOf(ana, "lines#"), "3");
  EXPECT_EQ(FieldOf(ana, "lines[0].sentence"), "Was given 30 minutes");
  EXPECT_EQ(FieldOf(ana, "lines[0].balance"), "-60");
  EXPECT_EQ(FieldOf(ana, "lines[1].sentence"), "Received 1 hour 30 minutes: shopping");
  EXPECT_EQ(FieldOf(ana, "lines[1].change"), "-90");
  EXPECT_EQ(FieldOf(ana, "lines[2].sentence"), "Received 1 hour 30 minutes: shopping (logged)");
  EXPECT_EQ(FieldOf(ana, "lines[2].change"), "0");
  EXPECT_EQ(FieldOf(Try("GetStatement", "name: $ben_minutes"), "lines[1].sentence"),
            "Gave 1 hour 30 minutes: shopping");
}

}  // namespace
}  // namespace turnabout
