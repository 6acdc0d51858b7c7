// What rows are made of: dates, names, the states of a match, and rules with their defaults.
#include <gtest/gtest.h>

#include <limits>

#include "base/clock.h"
#include "server/records/dates.h"
#include "server/records/match_state.h"
#include "server/records/names.h"
#include "server/records/person.h"
#include "server/records/rules.h"

namespace turnabout {
namespace {

TEST(Dates, AreDaysThatExist) {
  for (const char* text : {"1970-01-01", "2024-02-29", "2026-12-31", "9999-12-31"}) {
    const std::optional<absl::CivilDay> day = ParseDate(text);
    ASSERT_TRUE(day.has_value()) << text;
    EXPECT_EQ(FormatDate(*day), text);
  }
  for (const char* text :
       {"", "2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "1969-12-31",
        "0000-00-00", "2026-1-1", "26-01-01", "2026/01/01", " 2026-01-1", "2026-01-01 ", "-026-01-01", "+026-01-01",
        "2026-+1-01", "10000-01-01", "2026-01-01T00:00"}) {
    EXPECT_FALSE(ParseDate(text).has_value()) << text;
  }
  EXPECT_EQ(FormatDayNumber(0), "");
  EXPECT_EQ(FormatDayNumber(DayNumber(absl::CivilDay(2026, 8, 6))), "2026-08-06");
  EXPECT_EQ(TimestampOf(1'500'000).seconds(), 1);
  EXPECT_EQ(TimestampOf(1'500'001).nanos(), 500'001'000);
}

TEST(Names, HaveOneShape) {
  EXPECT_EQ(ParseSchemeName("schemes/cardiff-2")->slug, "cardiff-2");
  EXPECT_EQ(ParseChildName("schemes/a/members/x", kMembers)->id, "x");
  for (const std::string& name :
       {std::string(), std::string("schemes/"), std::string("schemes"), std::string("schemes/A"),
        std::string("schemes/1a"), std::string("schemes/a/"), std::string("/schemes/a"), std::string("schemes//a"),
        std::string("schemes/\xC3\xA9"), "schemes/" + std::string(64, 'a'), std::string("schemes/a\0", 10)}) {
    EXPECT_FALSE(ParseSchemeName(name).has_value()) << name;
  }
  EXPECT_TRUE(ParseSchemeName("schemes/" + std::string(63, 'a')).has_value());
  for (const char* name : {"schemes/a/members/", "schemes/a/member/x", "schemes/a/members", "schemes/a/members/x/y",
                           "schemes/a/matches/x", "schemes/A/members/x"}) {
    EXPECT_FALSE(ParseChildName(name, kMembers).has_value()) << name;
  }
  EXPECT_TRUE(IdFromRow<MemberId>("short").empty());
}

TEST(MatchState, EveryMoveLeadsWhereTheDrawingSays) {
  using M = v1::Match;
  const std::pair<M::State, std::string> kMoves[] = {
      // approve, accept, accept, start, end, decline, expire, withdraw: the first letter of where it leads
      {M::STATE_PROPOSED, "A....DXW"},    {M::STATE_APPROVED, ".1...DXW"}, {M::STATE_ACCEPTED_BY_ONE, "..2..DXW"},
      {M::STATE_ACCEPTED, "...S.DXW"},    {M::STATE_ACTIVE, "....E..."},   {M::STATE_ENDED, "........"},
      {M::STATE_DECLINED, "........"},    {M::STATE_EXPIRED, "........"},  {M::STATE_WITHDRAWN, "........"},
      {M::STATE_UNSPECIFIED, "........"},
  };
  const auto letter = [](std::optional<M::State> state) {
    if (!state.has_value()) return '.';
    switch (*state) {
      case M::STATE_APPROVED:
        return 'A';
      case M::STATE_ACCEPTED_BY_ONE:
        return '1';
      case M::STATE_ACCEPTED:
        return '2';
      case M::STATE_ACTIVE:
        return 'S';
      case M::STATE_ENDED:
        return 'E';
      case M::STATE_DECLINED:
        return 'D';
      case M::STATE_EXPIRED:
        return 'X';
      case M::STATE_WITHDRAWN:
        return 'W';
      default:
        return '?';
    }
  };
  constexpr MatchVerb kVerbs[] = {MatchVerb::kApprove, MatchVerb::kAcceptFirst, MatchVerb::kAcceptSecond,
                                  MatchVerb::kStart,   MatchVerb::kEnd,         MatchVerb::kDecline,
                                  MatchVerb::kExpire,  MatchVerb::kWithdraw};
  for (const auto& [state, expected] : kMoves) {
    std::string moves;
    for (const MatchVerb verb : kVerbs) moves += letter(NextState(state, verb));
    EXPECT_EQ(moves, expected) << M::State_Name(state);
    EXPECT_EQ(AllowedVerbs(state) == "nothing", moves == "........") << M::State_Name(state);
    EXPECT_EQ(IsPending(state), moves.find('D') != std::string::npos);
  }
  EXPECT_FALSE(IsTaken(M::STATE_PROPOSED));
  EXPECT_TRUE(IsTaken(M::STATE_APPROVED));
  EXPECT_TRUE(IsTaken(M::STATE_ACTIVE));
  EXPECT_FALSE(IsTaken(M::STATE_ENDED));
}

TEST(Rules, HaveTheDefaultsThatTheirCommentsState) {
  const Rules rules(1, v1::RuleSet());
  EXPECT_EQ(rules.proto().credit().overdraft_minutes_max(), 600);
  EXPECT_EQ(rules.proto().credit().balance_minutes_max(), 60'000);
  EXPECT_EQ(rules.proto().credit().confirmation_days(), 14);
  EXPECT_EQ(rules.proto().credit().silence(), v1::RuleSet::SILENCE_RULE_ASK_COORDINATOR);
  EXPECT_EQ(rules.proto().turns().pledge_allowance(), 1);
  EXPECT_EQ(rules.proto().turns().pledge_days(), 182);
  EXPECT_EQ(rules.proto().turns().contacts_min(), 4);
  EXPECT_EQ(rules.proto().turns().weeks_min(), 4);
  EXPECT_EQ(rules.proto().matching().distance_metres_max(), 25'000);
  EXPECT_EQ(rules.proto().matching().rest_days(), 90);
  EXPECT_EQ(rules.proto().matching().proposal_days(), 14);
  EXPECT_EQ(rules.proto().matching().first_review_weeks(), 6);
  EXPECT_EQ(rules.MinuteLimits().floor, -600);
  EXPECT_EQ(rules.MinuteLimits().ceiling, 60'000);
  EXPECT_EQ(rules.Language("welsh"), 1);
  EXPECT_EQ(rules.Category("Shopping"), std::nullopt);
  EXPECT_EQ(rules.Category("shopping"), 0);
  EXPECT_EQ(rules.Check("dbs"), 1);
}

TEST(Rules, KeepAZeroThatSomebodyWrote) {
  v1::RuleSet written;
  written.mutable_credit()->set_overdraft_minutes_max(0);
  written.mutable_turns()->set_pledge_allowance(0);
  written.mutable_matching()->mutable_weights()->set_distance(0);
  written.add_categories()->set_id("pets");
  const Rules rules(2, written);
  EXPECT_EQ(rules.MinuteLimits().floor, 0);
  EXPECT_EQ(rules.proto().turns().pledge_allowance(), 0);
  EXPECT_EQ(rules.MatcherSettings().weights.distance, 0);
  EXPECT_EQ(rules.proto().categories(0).display_name(), "pets");
  EXPECT_EQ(rules.Category("shopping"), std::nullopt);
}

TEST(Person, SaysWhatTheRowSaysWithItsDefaults) {
  const Rules rules(1, v1::RuleSet());
  const absl::Time now = absl::FromUnixSeconds(1'772'000'000);
  rows::MemberRow row;
  v1::Member& member = *row.mutable_member();
  member.set_state(v1::Member::STATE_ACTIVE);
  member.add_offers()->set_category("pets");
  member.add_needs()->set_category("shopping");
  Account turns;
  turns.limits.floor = -1;
  Person person = PersonOf(MemberId(), row, turns, rules, now);
  EXPECT_EQ(person.slots, kAnyTime);
  EXPECT_EQ(person.travel_metres, kTravelMetresDefault);
  EXPECT_EQ(person.languages, 1u);
  EXPECT_EQ(person.give_capacity, 1);
  EXPECT_EQ(person.receive_need, 1);
  EXPECT_EQ(person.turns, 1);
  turns.held_out = 1;
  EXPECT_EQ(PersonOf(MemberId(), row, turns, rules, now).turns, 0);
  row.set_proposed_giving_count(1);
  EXPECT_EQ(PersonOf(MemberId(), row, turns, rules, now).give_capacity, 0);
  // A check counts on its last day, by the rule set's word for it.
  v1::Member::Check& check = *member.add_checks();
  check.set_kind("dbs");
  check.set_valid_until_date(FormatDate(DayOf(now)));
  EXPECT_EQ(PersonOf(MemberId(), row, turns, rules, now).checks, CheckSet{2});
  EXPECT_EQ(PersonOf(MemberId(), row, turns, rules, now + absl::Hours(24)).checks, CheckSet{0});
  member.set_state(v1::Member::STATE_LEFT);
  person = PersonOf(MemberId(), row, turns, rules, now);
  EXPECT_EQ(person.give_capacity + person.receive_need, 0);
}

}  // namespace
}  // namespace turnabout
