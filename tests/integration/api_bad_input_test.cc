// What people and programs get wrong: each row is one request that must be refused by name and leave no trace, and the
// same when only validation was asked for.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "base/reason.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

struct Row {
  const char* what;
  const char* rpc;
  const char* request;
  const char* reason;
  const char* fields = "";  // of BAD_FIELDS: every field that is wrong
};

constexpr char kRules[] =
    "services { id: 'stroke-ward' } checks: 'dbs' languages: 'English' languages: 'Somali' "
    "credit { overdraft_minutes_max: 120 balance_minutes_max: 600 }";

class BadInput : public SchemeTest {
 protected:
  BadInput() : SchemeTest(kRules) {
    for (const char* kind : {"members", "entries", "exchanges", "matches", "rounds", "pledges"}) {
      Name(absl::StrCat("no_", kind), absl::StrCat("schemes/cardiff/", kind, "/01jd3v9k6tq8x5c2b7n4m1p0ra"));
    }
    Name("nowhere", "schemes/nowhere");
    Do("ImportPlaces", "parent: $scheme places { code: 'CF10' }");
    Member("ana", absl::StrCat(kByPhone, " reference: 'A-1'"));
    Member("ben");
    Member("cai");
    Member("left");
    Do("RemoveMember", "name: $left");
    Pledge("ana");
    Propose("ben", "ana", "match");
    Log("ben", "ana", 90, "walk");
    Log("ana", "ben", 60, "lift");
    Confirm("lift");
    Do("GetExchange", "name: $lift", "exchange.hold", "lift_hold");
    Do("GetExchange", "name: $lift", "exchange.resolution", "lift_posted");
    Do("GetExchange", "name: $walk", "exchange.hold", "walk_hold");
    Do("GetMatch", "name: $match", "match.hold", "match_hold");
    PostOpening("opened");
    Do("ReverseEntry", "name: $opened reason: 'typed twice'", "entry.name", "reversal");
    PostOpening("kept");
    for (const char* hold : {"held", "let_go"}) {
      Do("HoldEntry", "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: $ben_minutes amount: 10",
         "entry.name", hold);
    }
    Do("VoidHold", "name: $let_go", "entry.name", "void");
  }

  void PostOpening(const char* as) {
    Do("PostEntry", "parent: $scheme kind: KIND_OPENING from_account: $opening to_account: $cai_minutes amount: 30",
       "entry.name", as);
  }

  void ExpectEachRefused(absl::Span<const Row> rows) {
    const std::vector<std::string> writes = EveryWrite();
    for (const Row& row : rows) {
      SCOPED_TRACE(row.what);
      const absl::Status status = Refused(row.rpc, row.request, row.reason);
      EXPECT_EQ(FieldsOf(status), row.fields) << status;
      if (std::find(writes.begin(), writes.end(), row.rpc) == writes.end()) continue;
      const absl::Status dry = Refused(row.rpc, absl::StrCat(row.request, " validate_only: true"), row.reason);
      EXPECT_EQ(dry.message(), status.message());
    }
  }

  static std::string FieldsOf(const absl::Status& status) {
    std::vector<std::string> fields;
    if (const std::optional<Refusal> refusal = RefusalOf(status)) {
      for (const FieldProblem& field : refusal->fields) fields.push_back(field.field);
    }
    return absl::StrJoin(fields, ", ");
  }
};

TEST_F(BadInput, NothingIsThereByThatName) {
  constexpr Row kRows[] = {
      {"a scheme that is not there", "GetScheme", "name: $nowhere", "SCHEME_NOT_FOUND"},
      {"its list", "ListMembers", "parent: $nowhere", "SCHEME_NOT_FOUND"},
      {"its books", "GetTrialBalance", "name: $nowhere", "SCHEME_NOT_FOUND"},
      {"a round in it", "RunRound", "parent: $nowhere", "SCHEME_NOT_FOUND"},
      {"joining it", "CreateMember", "parent: $nowhere member { display_name: 'Dai' }", "SCHEME_NOT_FOUND"},
      {"importing into it", "ImportMembers", "parent: $nowhere members { member { display_name: 'D' reference: 'd' } }",
       "SCHEME_NOT_FOUND"},
      {"nobody", "GetMember", "name: $no_members", "MEMBER_NOT_FOUND"},
      {"nobody's standing", "GetStanding", "name: $no_members", "MEMBER_NOT_FOUND"},
      {"changing nobody", "UpdateMember", "member { name: $no_members plan: 'x' }", "MEMBER_NOT_FOUND"},
      {"nobody's pledge", "MakePledge", "parent: $scheme pledge { member: $no_members }", "MEMBER_NOT_FOUND"},
      {"a waiver for nobody", "GrantWaiver",
       "parent: $scheme waiver { member: $no_members turns: 1 reason: 'ill' end_date: $day+9 }", "MEMBER_NOT_FOUND"},
      {"suggestions for nobody", "SuggestBuddies", "name: $no_members", "MEMBER_NOT_FOUND"},
      {"a match with nobody", "ProposeMatch", "parent: $scheme match { giver: $no_members receiver: $ana }",
       "MEMBER_NOT_FOUND"},
      {"hours with nobody", "LogExchange",
       "parent: $scheme actor: $cara exchange { giver: $ben receiver: $no_members minutes: 9 happened_on_date: $day }",
       "MEMBER_NOT_FOUND"},
      {"no such pledge", "WithdrawPledge", "name: $no_pledges", "PLEDGE_NOT_FOUND"},
      {"no such entry", "GetEntry", "name: $no_entries", "ENTRY_NOT_FOUND"},
      {"reversing none", "ReverseEntry", "name: $no_entries reason: 'x'", "ENTRY_NOT_FOUND"},
      {"posting no hold", "PostHold", "name: $no_entries", "ENTRY_NOT_FOUND"},
      {"posting what is no hold", "PostHold", "name: $kept", "ENTRY_NOT_FOUND"},
      {"no such exchange", "ConfirmExchange", "name: $no_exchanges actor: $ana", "EXCHANGE_NOT_FOUND"},
      {"hours for no match", "LogExchange",
       "parent: $scheme actor: $ben exchange { giver: $ben receiver: $ana minutes: 9 happened_on_date: $day "
       "match: $no_matches }",
       "MATCH_NOT_FOUND"},
      {"no such match", "ApproveMatch", "name: $no_matches", "MATCH_NOT_FOUND"},
      {"no such round", "GetRound", "name: $no_rounds", "ROUND_NOT_FOUND"},
      {"whom no round left out", "ListLeftOut", "parent: $no_rounds", "ROUND_NOT_FOUND"},
      {"no such account", "GetAccount", "name: 'schemes/cardiff/accounts/purse.minutes'", "ACCOUNT_NOT_FOUND"},
      {"no such statement", "GetStatement", "name: 'schemes/cardiff/accounts/01jd3v9k6tq8x5c2b7n4m1p0ra.minutes'",
       "ACCOUNT_NOT_FOUND"},
      {"a gift to no account", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: 'ana' amount: 1", "ACCOUNT_NOT_FOUND"},
      {"no such rule set", "GetRuleSet", "name: 'schemes/cardiff/ruleSets/2'", "RULE_SET_NOT_FOUND"},
      {"a balance after what is not written yet", "GetAccount", "name: $ana_minutes as_of_sequence: 999999",
       "NOT_IN_JOURNAL"},
      {"proof of no entry", "GetEntryProof", "name: $no_entries", "ENTRY_NOT_FOUND"},
      {"a revision that is not here yet", "GetMember", "name: $ana at_least_revision: 999999", "REVISION_NOT_REACHED"},
  };
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, NamesOfTheWrongShapeAreWrongFields) {
  constexpr Row kRows[] = {
      {"nothing", "GetMember", "", "BAD_FIELDS", "name"},
      {"a word", "GetMember", "name: 'ana'", "BAD_FIELDS", "name"},
      {"a megabyte", "GetMember", "name: $megabyte", "BAD_FIELDS", "name"},
      {"a scheme for a member", "GetMember", "name: $scheme", "BAD_FIELDS", "name"},
      {"an exchange for a member", "GetStanding", "name: $walk", "BAD_FIELDS", "name"},
      {"a slash too many", "GetMember", "name: 'schemes/cardiff/members/01jd3v9k6tq8x5c2b7n4m1p0ra/'", "BAD_FIELDS",
       "name"},
      {"an id in capitals", "GetMember", "name: 'schemes/cardiff/members/01JD3V9K6TQ8X5C2B7N4M1P0RA'", "BAD_FIELDS",
       "name"},
      {"an id of 25", "GetMember", "name: 'schemes/cardiff/members/01jd3v9k6tq8x5c2b7n4m1p0r'", "BAD_FIELDS", "name"},
      {"an id too large", "GetMember", "name: 'schemes/cardiff/members/81jd3v9k6tq8x5c2b7n4m1p0ra'", "BAD_FIELDS",
       "name"},
      {"a scheme in capitals", "GetScheme", "name: 'schemes/Cardiff'", "BAD_FIELDS", "name"},
      {"a member for a parent", "ListMembers", "parent: $ana", "BAD_FIELDS", "parent"},
      {"a rule set called x", "GetRuleSet", "name: 'schemes/cardiff/ruleSets/x'", "BAD_FIELDS", "name"},
      {"a rule set below nothing", "GetRuleSet", "name: 'schemes/cardiff/ruleSets/-1'", "BAD_FIELDS", "name"},
      {"a round's parent", "ListLeftOut", "parent: $scheme", "BAD_FIELDS", "parent"},
      {"an account's statement", "GetStatement", "name: $ana", "BAD_FIELDS", "name"},
      {"a coordinator without a name", "DisputeExchange", "name: $walk actor: 'coordinators/' reason: 'x'",
       "BAD_FIELDS", "actor"},
      {"nobody confirms", "ConfirmExchange", "name: $walk", "BAD_FIELDS", "actor"},
      {"a scheme id with a space", "CreateScheme", "scheme_id: 'bad id' scheme { display_name: 'x' }", "BAD_FIELDS",
       "scheme_id"},
      {"a request id of a megabyte", "RemoveMember", "name: $ana request_id: $megabyte", "BAD_FIELDS", "request_id"},
      {"a coordinator accepts for somebody", "AcceptMatch", "name: $match actor: $cara", "BAD_FIELDS", "actor"},
      {"a member approves", "ApproveMatch", "name: $match actor: $ana", "BAD_FIELDS", "actor"},
      {"a member settles", "SettleExchange", "name: $walk actor: $ana minutes: 1 reason: 'x'", "BAD_FIELDS", "actor"},
  };
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, AnotherSchemesPeopleAndThingsAreRefusedInEveryField) {
  constexpr Row kRows[] = {
      {"hours given by another's member", "LogExchange",
       "parent: $scheme actor: $cara exchange { giver: $zoe receiver: $ana minutes: 9 happened_on_date: $day }",
       "BAD_FIELDS", "exchange.giver"},
      {"hours received by one", "LogExchange",
       "parent: $scheme actor: $cara exchange { giver: $ana receiver: $zoe minutes: 9 happened_on_date: $day }",
       "BAD_FIELDS", "exchange.receiver"},
      {"hours logged by one", "LogExchange",
       "parent: $scheme actor: $zoe exchange { giver: $ana receiver: $ben minutes: 9 happened_on_date: $day }",
       "BAD_FIELDS", "actor"},
      {"hours confirmed by one", "ConfirmExchange", "name: $walk actor: $zoe", "BAD_FIELDS", "actor"},
      {"a match with one", "ProposeMatch", "parent: $scheme match { giver: $zoe receiver: $ana }", "BAD_FIELDS",
       "match.giver"},
      {"accepted by one", "AcceptMatch", "name: $match actor: $zoe", "BAD_FIELDS", "actor"},
      {"a pledge of one", "MakePledge", "parent: $scheme pledge { member: $zoe }", "BAD_FIELDS", "pledge.member"},
      {"a waiver for one", "GrantWaiver", "parent: $scheme waiver { member: $zoe turns: 1 reason: 'x' end_date: $day }",
       "BAD_FIELDS", "waiver.member"},
      {"kept apart from one", "UpdateMember", "member { name: $ana excluded_members: $zoe }", "BAD_FIELDS",
       "member.excluded_members[0]"},
      {"a gift to another's account", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: $zoe_minutes amount: 1", "OTHER_SCHEME"},
      {"a hold on another's pot", "HoldEntry",
       "parent: $scheme kind: KIND_GRANT from_account: $leith_pot to_account: $ana_minutes amount: 1", "OTHER_SCHEME"},
  };
  ExpectEachRefused(kRows);
  // An id of one scheme under the name of the other is not there.
  const std::string id = Named("zoe").substr(std::string("schemes/leith/members/").size());
  Name("hidden", "schemes/cardiff/members/" + id);
  Name("hidden_account", absl::StrCat("schemes/cardiff/accounts/", id, ".minutes"));
  Refuse("GetMember", "name: $hidden", "MEMBER_NOT_FOUND");
  Refuse("GetAccount", "name: $hidden_account", "ACCOUNT_NOT_FOUND");
}

TEST_F(BadInput, AmountsAndDates) {
#define LOG(REST) "parent: $scheme actor: $ben exchange { giver: $ben receiver: $ana " REST " }"
#define GIFT(AMOUNT) \
  "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: $ben_minutes amount: " AMOUNT
  constexpr Row kRows[] = {
      {"no minutes", "LogExchange", LOG("happened_on_date: $day"), "BAD_FIELDS", "exchange.minutes"},
      {"minutes below zero", "LogExchange", LOG("minutes: -90 happened_on_date: $day"), "BAD_FIELDS",
       "exchange.minutes"},
      {"more than a day", "LogExchange", LOG("minutes: 1441 happened_on_date: $day"), "BAD_FIELDS", "exchange.minutes"},
      {"the most minutes there are", "LogExchange", LOG("minutes: 9223372036854775807 happened_on_date: $day"),
       "BAD_FIELDS", "exchange.minutes"},
      {"no day", "LogExchange", LOG("minutes: 9"), "BAD_FIELDS", "exchange.happened_on_date"},
      {"tomorrow", "LogExchange", LOG("minutes: 9 happened_on_date: $day+1"), "BAD_FIELDS",
       "exchange.happened_on_date"},
      {"more than a year ago", "LogExchange", LOG("minutes: 9 happened_on_date: $day-367"), "BAD_FIELDS",
       "exchange.happened_on_date"},
      {"30 February", "LogExchange", LOG("minutes: 9 happened_on_date: '2026-02-30'"), "BAD_FIELDS",
       "exchange.happened_on_date"},
      {"the other way round", "LogExchange", LOG("minutes: 9 happened_on_date: '02-03-2026'"), "BAD_FIELDS",
       "exchange.happened_on_date"},
      {"a megabyte of day", "LogExchange", LOG("minutes: 9 happened_on_date: $megabyte"), "BAD_FIELDS",
       "exchange.happened_on_date"},
      {"below what credit allows", "LogExchange", LOG("minutes: 120 happened_on_date: $day"), "CREDIT_LIMIT_REACHED"},
      {"a gift of nothing", "PostEntry", GIFT("0"), "AMOUNT_NOT_POSITIVE"},
      {"a gift below zero", "PostEntry", GIFT("-5"), "AMOUNT_NOT_POSITIVE"},
      {"a gift of everything", "PostEntry", GIFT("9223372036854775807"), "AMOUNT_OVER_LIMIT"},
      {"a hold below zero", "HoldEntry", GIFT("-9223372036854775808"), "AMOUNT_NOT_POSITIVE"},
      {"a hold for no time", "HoldEntry", GIFT("1 hold_for {}"), "BAD_FIELDS", "hold_for"},
      {"a hold for half a second", "HoldEntry", GIFT("1 hold_for { seconds: 1 nanos: 5 }"), "BAD_FIELDS", "hold_for"},
      {"a hold for ever and a day", "HoldEntry", GIFT("1 hold_for { seconds: 9223372036854775807 }"), "BAD_FIELDS",
       "hold_for"},
      {"more of a hold than there is", "PostHold", "name: $held amount: 11", "PART_OVER_HOLD"},
      {"less than nothing of a hold", "PostHold", "name: $held amount: -1", "AMOUNT_NOT_POSITIVE"},
      {"the pot is empty", "PostEntry",
       "parent: $scheme kind: KIND_GRANT from_account: $pot to_account: $ana_minutes amount: 1",
       "CREDIT_LIMIT_REACHED"},
      {"more than anyone may have", "PostEntry",
       "parent: $scheme kind: KIND_OPENING from_account: $opening to_account: $cai_minutes amount: 700",
       "CEILING_REACHED"},
      {"settled for more than was logged", "SettleExchange", "name: $walk actor: $cara minutes: 91 reason: 'x'",
       "SETTLE_OVER_LOGGED"},
      {"settled below zero", "SettleExchange", "name: $walk actor: $cara minutes: -1 reason: 'x'", "BAD_FIELDS",
       "minutes"},
      {"a statement from no day", "GetStatement", "name: $ana_minutes start_date: '2026-02-30'", "BAD_FIELDS",
       "start_date"},
      {"no turns waived", "GrantWaiver", "parent: $scheme waiver { member: $ana reason: 'x' end_date: $day }",
       "BAD_FIELDS", "waiver.turns"},
      {"a waiver without an end", "GrantWaiver", "parent: $scheme waiver { member: $ana turns: 1 reason: 'x' }",
       "BAD_FIELDS", "waiver.end_date"},
      {"a waiver that is over", "GrantWaiver",
       "parent: $scheme waiver { member: $ana turns: 1 reason: 'x' end_date: $day-1 }", "BAD_FIELDS",
       "waiver.end_date"},
      {"pledged tomorrow", "ImportMembers",
       "parent: $scheme members { member { display_name: 'D' reference: 'd' } pledged_date: $day+1 }", "BAD_FIELDS",
       "members[0].pledged_date"},
      {"waiting since tomorrow", "ImportMembers",
       "parent: $scheme members { member { display_name: 'D' reference: 'd' } waiting_since_date: $day+1 }",
       "BAD_FIELDS", "members[0].waiting_since_date"},
  };
#undef LOG
#undef GIFT
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, WordsThatTheSchemeDoesNotHave) {
#define ANA(REST) "member { name: $ana " REST " }"
#define GROUP(REST) "scheme_id: 'barry' scheme { display_name: 'B' } rule_set { groups { " REST " } }"
  constexpr Row kRows[] = {
      {"a category of hours", "LogExchange",
       "parent: $scheme actor: $ben exchange { giver: $ben receiver: $ana minutes: 9 happened_on_date: $day "
       "category: 'knitting' }",
       "UNKNOWN_CATEGORY"},
      {"an offer", "UpdateMember", ANA("offers { category: 'knitting' }"), "BAD_FIELDS", "member.offers[0].category"},
      {"a need", "UpdateMember", ANA("needs { category: '' }"), "BAD_FIELDS", "member.needs[0].category"},
      {"a language", "UpdateMember", ANA("languages: 'Klingon'"), "BAD_FIELDS", "member.languages[0]"},
      {"a service", "UpdateMember", ANA("journeys { service: 'spa' stage: STAGE_FORMER }"), "BAD_FIELDS",
       "member.journeys[0].service"},
      {"no stage", "UpdateMember", ANA("journeys { service: 'stroke-ward' }"), "BAD_FIELDS",
       "member.journeys[0].stage"},
      {"a check", "UpdateMember", ANA("checks { kind: 'mensa' valid_until_date: $day }"), "BAD_FIELDS",
       "member.checks[0].kind"},
      {"a place", "UpdateMember", ANA("place: 'SW1'"), "BAD_FIELDS", "member.place"},
      {"a setting", "UpdateMember", ANA("offers { category: 'pets' settings: SETTING_UNSPECIFIED }"), "BAD_FIELDS",
       "member.offers[0].settings"},
      {"a day twice", "UpdateMember",
       ANA("availability { day: DAY_MONDAY parts: PART_OF_DAY_MORNING } "
           "availability { day: DAY_MONDAY parts: PART_OF_DAY_EVENING }"),
       "BAD_FIELDS", "member.availability[1].day"},
      {"a day without a part", "UpdateMember", ANA("availability { day: DAY_MONDAY }"), "BAD_FIELDS",
       "member.availability[0].parts"},
      {"a reference with a space", "UpdateMember", ANA("reference: 'A 1'"), "BAD_FIELDS", "member.reference"},
      {"a megabyte of plan", "UpdateMember", ANA("plan: $megabyte"), "BAD_FIELDS", "member.plan"},
      {"room for too many", "UpdateMember", ANA("capacity: 1001"), "BAD_FIELDS", "member.capacity"},
      {"room for less than nobody", "UpdateMember", ANA("buddies_wanted: -1"), "BAD_FIELDS", "member.buddies_wanted"},
      {"a check that the rules require and do not have", "CreateScheme",
       "scheme_id: 'barry' scheme { display_name: 'B' } rule_set { matching { required_checks: 'mensa' } }",
       "BAD_FIELDS", "rule_set.matching.required_checks[0]"},
      {"a group that nobody is told from", "CreateScheme", GROUP("id: 'all'"), "BAD_FIELDS",
       "rule_set.groups[0].languages"},
      {"a group of a language that the rules lack", "CreateScheme", GROUP("id: 'all' languages: 'Klingon'"),
       "BAD_FIELDS", "rule_set.groups[0].languages[0]"},
      {"a group of a service that the rules lack", "CreateScheme", GROUP("id: 'all' services: 'spa'"), "BAD_FIELDS",
       "rule_set.groups[0].services[0]"},
      {"a group of no stage", "CreateScheme", GROUP("id: 'all' stages: STAGE_UNSPECIFIED"), "BAD_FIELDS",
       "rule_set.groups[0].stages[0]"},
      {"a group of a place without a code", "CreateScheme", GROUP("id: 'all' places: ''"), "BAD_FIELDS",
       "rule_set.groups[0].places[0]"},
      {"a floor above everyone", "CreateScheme", GROUP("id: 'all' languages: 'Welsh' floor_per_mille: 1001"),
       "BAD_FIELDS", "rule_set.groups[0].floor_per_mille"},
      {"fewer than no people", "CreateScheme", GROUP("id: 'all' languages: 'Welsh' population_count: -1"), "BAD_FIELDS",
       "rule_set.groups[0].population_count"},
      {"a group without an id", "CreateScheme", GROUP("languages: 'Welsh'"), "BAD_FIELDS", "rule_set.groups[0]"},
      {"discharged from nowhere", "DischargeMember", "name: $ana service: 'spa'", "FORBIDDEN_MOVE"},
      {"discharged from nothing", "DischargeMember", "name: $ana", "BAD_FIELDS", "service"},
  };
#undef GROUP
#undef ANA
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, MovesThatAreNotAllowed) {
  constexpr Row kRows[] = {
      {"confirming one's own hours", "ConfirmExchange", "name: $walk actor: $ben", "OWN_HOURS"},
      {"a stranger confirms", "ConfirmExchange", "name: $walk actor: $cai", "NOT_A_PARTY"},
      {"a stranger disputes", "DisputeExchange", "name: $walk actor: $cai reason: 'x'", "NOT_A_PARTY"},
      {"a stranger logs", "LogExchange",
       "parent: $scheme actor: $cai exchange { giver: $ben receiver: $ana minutes: 9 happened_on_date: $day }",
       "NOT_A_PARTY"},
      {"a stranger accepts", "AcceptMatch", "name: $match actor: $cai", "NOT_A_PARTY"},
      {"a stranger declines", "DeclineMatch", "name: $match actor: $cai", "NOT_A_PARTY"},
      {"helping oneself", "LogExchange",
       "parent: $scheme actor: $ben exchange { giver: $ben receiver: $ben minutes: 9 happened_on_date: $day }",
       "SAME_PERSON"},
      {"one's own buddy", "ProposeMatch", "parent: $scheme match { giver: $ana receiver: $ana }", "SELF_PAIR"},
      {"a gift to oneself", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: $cai_minutes amount: 1", "SAME_ACCOUNT"},
      {"hours under somebody else's match", "LogExchange",
       "parent: $scheme actor: $cai exchange { giver: $cai receiver: $ana minutes: 9 happened_on_date: $day "
       "match: $match }",
       "BAD_FIELDS", "exchange.match"},
      {"hours with one who has left", "LogExchange",
       "parent: $scheme actor: $ana exchange { giver: $ana receiver: $left minutes: 9 happened_on_date: $day }",
       "MEMBER_LEFT"},
      {"a match with one who has left", "ProposeMatch", "parent: $scheme match { giver: $left receiver: $ana }",
       "MEMBER_LEFT"},
      {"suggestions for one who has left", "SuggestBuddies", "name: $left", "MEMBER_LEFT"},
      {"a pledge of one who has left", "MakePledge", "parent: $scheme pledge { member: $left }", "MEMBER_LEFT"},
      {"changing one who has left", "UpdateMember", "member { name: $left plan: 'x' }", "MEMBER_LEFT"},
      {"leaving twice", "RemoveMember", "name: $left", "MEMBER_LEFT"},
      {"leaving with help under way", "RemoveMember", "name: $ana", "MEMBER_OWES"},
      {"a second pledge", "MakePledge", "parent: $scheme pledge { member: $ana }", "PLEDGE_EXISTS"},
      {"withdrawing with a turn held", "WithdrawPledge", "name: $ana_pledge", "PLEDGE_OUTSTANDING"},
      {"waiving for no reason", "WaivePledge", "name: $ana_pledge", "REASON_REQUIRED"},
      {"disputing for no reason", "DisputeExchange", "name: $walk actor: $ana", "REASON_REQUIRED"},
      {"settling for no reason", "SettleExchange", "name: $walk actor: $cara minutes: 5", "REASON_REQUIRED"},
      {"a coordinator's bare no", "DeclineMatch", "name: $match actor: $cara", "REASON_REQUIRED"},
      {"accepting before it is approved", "AcceptMatch", "name: $match actor: $ana", "FORBIDDEN_MOVE"},
      {"ending before it begins", "EndMatch", "name: $match actor: $ana", "FORBIDDEN_MOVE"},
      {"confirming what is confirmed", "ConfirmExchange", "name: $lift actor: $ben", "FORBIDDEN_MOVE"},
      {"disputing what is confirmed", "DisputeExchange", "name: $lift actor: $ben reason: 'x'", "FORBIDDEN_MOVE"},
      {"settling what is confirmed", "SettleExchange", "name: $lift actor: $cara minutes: 1 reason: 'x'",
       "FORBIDDEN_MOVE"},
      {"proposing the pair again", "ProposeMatch", "parent: $scheme match { giver: $ben receiver: $ana }",
       "ALREADY_PAIRED"},
      {"a scheme of that name", "CreateScheme", "scheme_id: 'leith' scheme { display_name: 'L' }", "SCHEME_EXISTS"},
      {"somebody else's reference", "UpdateMember", "member { name: $ben reference: 'A-1' }", "REFERENCE_TAKEN"},
  };
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, EntriesThatCannotBeMovedOrUndone) {
  constexpr Row kRows[] = {
      {"undoing for no reason", "ReverseEntry", "name: $kept", "REASON_REQUIRED"},
      {"undoing twice", "ReverseEntry", "name: $opened reason: 'x'", "ALREADY_REVERSED"},
      {"undoing the undoing", "ReverseEntry", "name: $reversal reason: 'x'", "NOT_REVERSIBLE"},
      {"undoing a hold", "ReverseEntry", "name: $held reason: 'x'", "NOT_REVERSIBLE"},
      {"undoing a release", "ReverseEntry", "name: $void reason: 'x'", "NOT_REVERSIBLE"},
      {"posting what was let go", "PostHold", "name: $let_go", "HOLD_ALREADY_RESOLVED"},
      {"letting go twice", "VoidHold", "name: $let_go", "HOLD_ALREADY_RESOLVED"},
      {"posting an exchange behind its back", "PostHold", "name: $walk_hold", "FORBIDDEN_MOVE"},
      {"letting a match's turn go behind its back", "VoidHold", "name: $match_hold", "FORBIDDEN_MOVE"},
      {"an exchange by hand", "PostEntry",
       "parent: $scheme kind: KIND_EXCHANGE from_account: $ana_minutes to_account: $ben_minutes amount: 1",
       "BAD_FIELDS", "kind"},
      {"a turn by hand", "PostEntry",
       "parent: $scheme kind: KIND_TURN from_account: $ana_turns to_account: $ben_turns amount: 1", "BAD_FIELDS",
       "kind"},
      {"a gift of turns", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $ana_turns to_account: $ben_turns amount: 1", "BAD_FIELDS",
       "from_account"},
      {"a gift out of nothing", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $opening to_account: $ben_minutes amount: 1", "BAD_FIELDS",
       "from_account"},
      {"a donation to a friend", "HoldEntry",
       "parent: $scheme kind: KIND_DONATION from_account: $cai_minutes to_account: $ben_minutes amount: 1",
       "BAD_FIELDS", "to_account"},
      {"an override without who and why", "PostEntry",
       "parent: $scheme kind: KIND_GIFT from_account: $cai_minutes to_account: $ben_minutes amount: 1 override {}",
       "BAD_FIELDS", "override.actor, override.reason"},
  };
  ExpectEachRefused(kRows);
}

TEST_F(BadInput, EtagsMasksFiltersAndPages) {
  Do("ListMembers", "parent: $scheme page_size: 1", "next_page_token", "members_token");
  constexpr Row kRows[] = {
      {"an old etag of a member", "UpdateMember", "member { name: $ana etag: '0' plan: 'x' }", "ETAG_MISMATCH"},
      {"of a scheme", "UpdateScheme", "scheme { name: $scheme etag: '0' display_name: 'x' }", "ETAG_MISMATCH"},
      {"of a match", "ApproveMatch", "name: $match etag: 'x'", "ETAG_MISMATCH"},
      {"of an exchange", "ConfirmExchange", "name: $walk actor: $ana etag: '9'", "ETAG_MISMATCH"},
      {"of a pledge", "WaivePledge", "name: $ana_pledge etag: '9' reason: 'x'", "ETAG_MISMATCH"},
      {"a field nobody has", "UpdateMember", "member { name: $ana } update_mask { paths: 'shoe_size' }",
       "UNKNOWN_MASK_PATH"},
      {"a state set by hand", "UpdateMember", "member { name: $ana state: STATE_LEFT } update_mask { paths: 'state' }",
       "UNKNOWN_MASK_PATH"},
      {"a path into a message", "UpdateMember", "member { name: $ana } update_mask { paths: 'contact.phone' }",
       "UNKNOWN_MASK_PATH"},
      {"a scheme's rules", "UpdateScheme", "scheme { name: $scheme } update_mask { paths: 'rule_set' }",
       "UNKNOWN_MASK_PATH"},
      {"a name taken away", "UpdateMember", "member { name: $ana } update_mask { paths: '*' }", "BAD_FIELDS",
       "member.display_name"},
      {"a filter on no field", "ListMembers", "parent: $scheme filter: 'shoe_size = 40'", "BAD_FILTER"},
      {"a filter that stops", "ListMatches", "parent: $scheme filter: 'state ='", "BAD_FILTER"},
      {"a megabyte of filter", "ListEntries", "parent: $scheme filter: $megabyte", "BAD_FILTER"},
      {"pages of less than nothing", "ListExchanges", "parent: $scheme page_size: -1", "BAD_FIELDS", "page_size"},
      {"suggestions below zero", "SuggestBuddies", "name: $ana page_size: -1", "BAD_FIELDS", "page_size"},
      {"another list's token", "ListPledges", "parent: $scheme page_token: $members_token", "BAD_PAGE_TOKEN"},
      {"another scheme's", "ListMembers", "parent: $leith page_token: $members_token", "BAD_PAGE_TOKEN"},
      {"another filter's", "ListMembers", "parent: $scheme filter: 'waiting = true' page_token: $members_token",
       "BAD_PAGE_TOKEN"},
      {"a made-up token", "GetStatement", "name: $ana_minutes page_token: 'Mg'", "BAD_PAGE_TOKEN"},
  };
  ExpectEachRefused(kRows);
  EXPECT_NE(
      Refused("ListMembers", "parent: $scheme filter: 'shoe_size = 40'", "BAD_FILTER").message().find("shoe_size"),
      std::string::npos);
}

TEST_F(BadInput, EverythingWrongIsSaidAtOnceAndNotWithoutEnd) {
  const absl::Status status = Refused("LogExchange",
                                      "parent: $scheme actor: 'me' exchange { giver: 'ana' receiver: $ben minutes: 0 "
                                      "happened_on_date: 'today' }",
                                      "BAD_FIELDS");
  EXPECT_EQ(FieldsOf(status), "exchange.giver, exchange.minutes, actor, exchange.happened_on_date");
  std::string offers;
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&offers, "offers { category: 'pets' ");
    for (int j = 0; j < 1000; ++j) absl::StrAppend(&offers, "settings: 0 ");
    absl::StrAppend(&offers, "}");
  }
  const absl::Status many = Refused("UpdateMember", absl::StrCat("member { name: $ana ", offers, "}"), "BAD_FIELDS");
  EXPECT_LE(RefusalOf(many)->fields.size(), 100u);
  std::string genders;
  for (int j = 0; j < 1000; ++j) absl::StrAppend(&genders, "wanted_genders: GENDER_WOMAN ");
  Refuse("UpdateMember", absl::StrCat("member { name: $ana ", genders, "}"), "BAD_FIELDS");
}

TEST_F(BadInput, ARequestIdIsOneRequest) {
  const std::string walk = "parent: $scheme actor: $ben request_id: 'r1' exchange { giver: $ben receiver: $cai ";
  const Answer first = Do("LogExchange", walk + "minutes: 30 happened_on_date: $day }", "exchange.name", "first");
  const int64_t entries = EntryCount();
  const std::string digest = Digest();
  const Answer again = Do("LogExchange", walk + "minutes: 30 happened_on_date: $day }");
  EXPECT_EQ(FieldOf(again, "exchange"), FieldOf(first, "exchange"));
  EXPECT_EQ(EntryCount(), entries);
  EXPECT_EQ(Digest(), digest);
  const absl::Status other =
      Refused("LogExchange", walk + "minutes: 45 happened_on_date: $day note: 'longer' }", "REQUEST_ID_REUSED");
  EXPECT_EQ(RefusalOf(other)->fact("fields"), "exchange.minutes, exchange.note");
  // The first answer stays the answer, whatever became of it since; and a refusal was never remembered.
  Confirm("walk");
  Do("ConfirmExchange", "name: $first actor: $cai request_id: 'r2'");
  EXPECT_EQ(FieldOf(Do("ConfirmExchange", "name: $first actor: $cai request_id: 'r2'"), "exchange.state"),
            "STATE_CONFIRMED");
  EXPECT_EQ(FieldOf(Do("LogExchange", walk + "minutes: 30 happened_on_date: $day }"), "exchange.state"),
            "STATE_LOGGED");
  Refuse("DisputeExchange", "name: $first actor: $cai reason: 'no' request_id: 'r3'", "FORBIDDEN_MOVE");
  Refuse("DisputeExchange", "name: $first actor: $cai reason: 'no' request_id: 'r3'", "FORBIDDEN_MOVE");
  // It counts within one scheme and one rpc; a reopened server still knows it.
  Do("CreateMember", "parent: $leith member { display_name: 'Yan' } request_id: 'r1'");
  Reopen();
  EXPECT_EQ(FieldOf(Do("LogExchange", walk + "minutes: 30 happened_on_date: $day }"), "exchange.name"), Named("first"));
}

}  // namespace
}  // namespace turnabout
