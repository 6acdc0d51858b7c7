// Lists, pages, filters, masks, and calls that only ask whether they would be allowed.
#include <algorithm>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

struct List {
  const char* rpc;
  const char* request;
  const char* items;  // the repeated field
  const char* key;    // of an item: what tells it from others
};

constexpr List kLists[] = {
    {"ListSchemes", "", "schemes", "name"},
    {"ListPlaces", "parent: $scheme", "places", "code"},
    {"ListRuleSets", "parent: $scheme", "rule_sets", "name"},
    {"ListMembers", "parent: $scheme", "members", "name"},
    {"ListPledges", "parent: $scheme", "pledges", "name"},
    {"ListAccounts", "parent: $scheme", "accounts", "name"},
    {"ListEntries", "parent: $scheme", "entries", "number"},
    {"GetStatement", "name: $ana_minutes", "lines", "entry.name"},
    {"ListHolds", "parent: $scheme", "holds", "name"},
    {"ListExchanges", "parent: $scheme", "exchanges", "name"},
    {"ListMatches", "parent: $scheme", "matches", "name"},
    {"ListRounds", "parent: $scheme", "rounds", "name"},
    {"ListLeftOut", "parent: $round", "left_out", "member"},
};

class Lists : public SchemeTest {
 protected:
  Lists() {
    Member("ana", absl::StrCat(kByPhone, " reference: 'A-1' capacity: 100"));
    for (int i = 0; i < 3; ++i) AddOneOfEach();
    Do("ListRounds", "parent: $scheme", "rounds[2].name", "round");
  }

  // A row for each list but that of rule sets.
  void AddOneOfEach() {
    const std::string id = absl::StrCat("x", ++added_);
    Do("CreateScheme", absl::StrCat("scheme_id: '", id, "' scheme { display_name: 'X' }"));
    Do("ImportPlaces", absl::StrCat("parent: $scheme places { code: '", id, "' }"));
    for (const std::string kind : {"a", "b"}) {
      Member(id + kind, "needs { category: 'shopping' settings: SETTING_PHONE }");
    }
    Pledge(id + "a");
    Propose("ana", id + "a", "match");
    Log("ana", id + "a", added_, "walk");
    Do("RunRound", "parent: $scheme seed: 1");
  }

  // A filter on a member's name, as text inside a request.
  std::string Is(absl::string_view field, absl::string_view how, absl::string_view member) {
    return absl::StrCat(field, " ", how, R"( \")", Named(member), R"(\")");
  }

  static int CountOf(const Answer& answer, absl::string_view field) {
    int count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(FieldOf(answer, absl::StrCat(field, "#")), &count));
    return count;
  }

  std::vector<std::string> KeysOf(const Answer& answer, const List& list) {
    std::vector<std::string> keys;
    for (int i = 0; i < CountOf(answer, list.items); ++i) {
      keys.push_back(FieldOf(answer, absl::StrCat(list.items, "[", i, "].", list.key)));
    }
    return keys;
  }

 private:
  int added_ = 0;
};

TEST_F(Lists, PagesHaveNoRepeatsAndNoGapsWhileRowsAreAdded) {
  for (const List& list : kLists) {
    SCOPED_TRACE(list.rpc);
    const std::vector<std::string> older = KeysOf(Try(list.rpc, list.request), list);
    ASSERT_GE(older.size(), list.items == std::string("rule_sets") ? 1u : 3u);
    std::set<std::string> seen;
    std::string token;
    bool added = false;
    do {
      const Answer page = Try(list.rpc, absl::StrCat(list.request, " page_size: 2 page_token: '", token, "'"));
      const std::vector<std::string> keys = KeysOf(page, list);
      EXPECT_LE(keys.size(), 2u);
      for (const std::string& key : keys) EXPECT_TRUE(seen.insert(key).second) << key << " again";
      token = FieldOf(page, "next_page_token");
      if (!added) AddOneOfEach();
      added = true;
    } while (!token.empty());
    for (const std::string& key : older) EXPECT_TRUE(seen.contains(key)) << key << " is missing";
  }
}

TEST_F(Lists, PageSizesAreCoercedAndDefaulted) {
  for (int call = 0; call < 2; ++call) {
    std::string import = "parent: $scheme ";
    for (int i = 0; i < 600; ++i) {
      absl::StrAppend(&import, "members { member { display_name: 'M' reference: 'm", call, "-", i, "' } } ");
    }
    Do("ImportMembers", import);
  }
  for (const auto& [size, expected] : {std::pair{0, 50}, {1, 1}, {1000, 1000}, {1001, 1000}, {2147483647, 1000}}) {
    const Answer page = Try("ListMembers", absl::StrCat("parent: $scheme page_size: ", size));
    EXPECT_EQ(CountOf(page, "members"), expected);
    EXPECT_NE(FieldOf(page, "next_page_token"), "");
  }
  EXPECT_EQ(CountOf(Try("ListEntries", "parent: $scheme page_size: 1000000"), "entries"), EntryCount());
}

TEST_F(Lists, EveryListRefusesASizeBelowZeroAndATokenOfNobody) {
  for (const List& list : kLists) {
    Refuse(list.rpc, absl::StrCat(list.request, " page_size: -1"), "BAD_FIELDS");
    Refuse(list.rpc, absl::StrCat(list.request, " page_token: 'AAAAAAAAAAAAAAAA'"), "BAD_PAGE_TOKEN");
  }
}

TEST_F(Lists, FiltersChooseAndPagesKeepThem) {
  struct Case {
    const char* rpc;
    const char* items;
    std::string filter;
    int expected;
  };
  const Case kCases[] = {
      {"ListMembers", "members", "", 7},
      {"ListMembers", "members", "pledged = true", 3},
      {"ListMembers", "members", "waiting = true AND pledged = false", 4},
      {"ListMembers", "members", R"(reference = \"A-1\")", 1},
      {"ListMembers", "members", "offer = shopping", 1},
      {"ListMembers", "members", "NOT offer = shopping", 6},
      {"ListMembers", "members", "state = LEFT", 0},
      {"ListPledges", "pledges", "state = MADE", 3},
      {"ListPledges", "pledges", Is("member", "=", "x2a"), 1},
      {"ListAccounts", "accounts", "unit = TURNS", 7},
      {"ListAccounts", "accounts", "unit = MINUTES", 11},
      {"ListEntries", "entries", "unit = TURNS", 3},
      {"ListEntries", "entries", "kind = EXCHANGE AND amount > 1", 2},
      {"ListEntries", "entries", "current_state = POSTED", 0},
      {"ListExchanges", "exchanges", "minutes < 3", 2},
      {"ListExchanges", "exchanges", Is("receiver", "=", "x1a"), 1},
      {"ListExchanges", "exchanges", "state = LOGGED OR state = CONFIRMED", 3},
      {"ListMatches", "matches", "state = PROPOSED", 3},
      {"ListMatches", "matches", Is("giver", "!=", "ana"), 0},
  };
  for (const Case& each : kCases) {
    SCOPED_TRACE(absl::StrCat(each.rpc, " ", each.filter));
    const std::string request = absl::StrCat("parent: $scheme filter: \"", each.filter, "\"");
    EXPECT_EQ(CountOf(Try(each.rpc, request), each.items), each.expected);
    int paged = 0;
    std::string token;
    do {
      const Answer page = Try(each.rpc, absl::StrCat(request, " page_size: 1 page_token: '", token, "'"));
      paged += CountOf(page, each.items);
      token = FieldOf(page, "next_page_token");
    } while (!token.empty());
    EXPECT_EQ(paged, each.expected);
  }
}

TEST_F(Lists, AStatementWalkedWhileHoursComeInKeepsItsBalances) {
  Do("SettleExchange", "name: $walk actor: $cara minutes: 2 reason: 'x'");
  std::vector<std::string> balances;
  std::string token;
  do {
    const Answer page = Try("GetStatement", absl::StrCat("name: $ana_minutes page_size: 1 page_token: '", token, "'"));
    balances.push_back(FieldOf(page, "lines[0].balance"));
    token = FieldOf(page, "next_page_token");
    Log("ana", "x1a", 5, "more");
    Confirm("more");
  } while (!token.empty());
  EXPECT_EQ(balances, (std::vector<std::string>{"2", "0", "0", "0"}));
  Do("GetStatement", "name: $ana_minutes start_date: $day+1");
  EXPECT_EQ(CountOf(Try("GetStatement", "name: $ana_minutes start_date: $day+1"), "lines"), 0);
  EXPECT_EQ(CountOf(Try("GetStatement", "name: $ana_minutes end_date: $day"), "lines"), 0);
  EXPECT_EQ(CountOf(Try("GetStatement", "name: $ana_minutes start_date: $day end_date: $day+1"), "lines"), 12);
}

TEST_F(Lists, AMaskChangesWhatItNamesAndNothingElse) {
  Do("UpdateMember", "member { name: $ana plan: 'to walk again' travel_metres: 900 } update_mask { paths: 'plan' }");
  EXPECT_EQ(Get("GetMember", "name: $ana view: MEMBER_VIEW_FULL", "member.plan"), "to walk again");
  EXPECT_EQ(Get("GetMember", "name: $ana", "member.travel_metres"), "0");
  EXPECT_EQ(Get("GetMember", "name: $ana", "member.plan"), "");    // for those who may see it
  Do("UpdateMember", "member { name: $ana travel_metres: 900 }");  // no mask: what is set
  EXPECT_EQ(Get("GetMember", "name: $ana view: MEMBER_VIEW_FULL", "member.plan"), "to walk again");
  Do("UpdateMember", "member { name: $ana display_name: 'Ana' } update_mask { paths: '*' }");
  EXPECT_EQ(Get("GetMember", "name: $ana view: MEMBER_VIEW_FULL", "member.plan"), "");
  EXPECT_EQ(Get("GetMember", "name: $ana", "member.reference"), "");
  Member("next", "reference: 'A-1'");  // the reference is free again
  // The etag that a read gave works once.
  Do("GetMember", "name: $ana", "member.etag", "etag");
  Do("UpdateMember", "member { name: $ana etag: $etag plan: 'a' }");
  Refuse("UpdateMember", "member { name: $ana etag: $etag plan: 'b' }", "ETAG_MISMATCH");
}

TEST_F(Lists, AMaskThatNamesAFieldOftenIsReadOnce) {
  std::string mask = "member { name: $ana plan: 'x' } update_mask { ";
  for (int i = 0; i < 50'000; ++i) absl::StrAppend(&mask, "paths: 'plan' paths: '*' ");
  Refuse("UpdateMember", absl::StrCat(mask, "paths: 'shoe_size' }"), "UNKNOWN_MASK_PATH");
}

TEST_F(Lists, ASchemeHasItsFillOfPlaces) {
  for (int call = 0; call < 10; ++call) {
    std::string import = "parent: $scheme ";
    for (int i = 0; i < 1000; ++i) {
      if (call > 0 || i > 2) absl::StrAppend(&import, "places { code: 'p", call, "-", i, "' } ");
    }
    Do("ImportPlaces", import);
  }
  Refuse("ImportPlaces", "parent: $scheme places { code: 'one-more' }", "BAD_FIELDS");
  Do("ImportPlaces", "parent: $scheme places { code: 'P9-999' display_name: 'moved' }");
}

TEST_F(Lists, AnImportIsAllOrNothingAndSaysWhatBecameOfEachRow) {
  const char* kRows =
      "parent: $scheme members { member { display_name: 'Ana' reference: 'A-1' } } "
      "members { member { display_name: 'Dai' reference: 'D-1' excluded_members: 'A-1' } pledged_date: $day-10 } ";
  Refuse("ImportMembers", absl::StrCat(kRows, "members { member { display_name: 'Eve' reference: 'A-1' } }"),
         "BAD_FIELDS");
  const Answer first = Do("ImportMembers", kRows);
  EXPECT_EQ(FieldOf(first, "outcomes[0]"), "OUTCOME_UPDATED");
  EXPECT_EQ(FieldOf(first, "outcomes[1]"), "OUTCOME_CREATED");
  const std::string before = Digest();
  const Answer again = Do("ImportMembers", kRows);
  EXPECT_EQ(FieldOf(again, "outcomes[0]"), "OUTCOME_UNCHANGED");
  EXPECT_EQ(FieldOf(again, "outcomes[1]"), "OUTCOME_UNCHANGED");
  EXPECT_EQ(Digest(), before);
  EXPECT_EQ(FieldOf(again, "names[0]"), Named("ana"));
}

TEST_F(Lists, AReadAtItsWritesRevisionSeesTheWrite) {
  for (int i = 0; i < 20; ++i) {
    const Answer made = Do("UpdateMember", absl::StrCat("member { name: $ana plan: '", i, "' }"));
    EXPECT_EQ(Get("GetMember",
                  absl::StrCat("name: $ana view: MEMBER_VIEW_FULL at_least_revision: ", FieldOf(made, "revision")),
                  "member.plan"),
              absl::StrCat(i));
  }
}

struct Allowed {
  const char* rpc;
  const char* request;
};

// One call of each rpc that writes, in an order in which each can be done.
constexpr Allowed kAllowed[] = {
    {"CreateScheme", "scheme_id: 'barry' scheme { display_name: 'Barry' }"},
    {"UpdateScheme", "scheme { name: $scheme display_name: 'Caerdydd' }"},
    {"ImportPlaces", "parent: $scheme places { code: 'CF11' }"},
    {"CreateMember", "parent: $scheme member { display_name: 'Fay' }"},
    {"UpdateMember", "member { name: $ana plan: 'x' }"},
    {"ImportMembers", "parent: $scheme members { member { display_name: 'Gil' reference: 'G' } }"},
    {"DischargeMember", "name: $dai service: 'ward'"},
    {"MakePledge", "parent: $scheme pledge { member: $ana }"},
    {"WithdrawPledge", "name: $dai_pledge"},
    {"WaivePledge", "name: $eve_pledge reason: 'x'"},
    {"GrantWaiver", "parent: $scheme waiver { member: $eve turns: 1 reason: 'x' end_date: $day }"},
    {"PostEntry", "parent: $scheme kind: KIND_GIFT from_account: $ana_minutes to_account: $ben_minutes amount: 1"},
    {"HoldEntry", "parent: $scheme kind: KIND_GIFT from_account: $ana_minutes to_account: $ben_minutes amount: 1"},
    {"PostHold", "name: $held"},
    {"VoidHold", "name: $held2"},
    {"ReverseEntry", "name: $posted reason: 'x'"},
    {"LogExchange",
     "parent: $scheme actor: $ben exchange { giver: $ben receiver: $ana minutes: 9 happened_on_date: $day }"},
    {"ConfirmExchange", "name: $walk actor: $ana"},
    {"DisputeExchange", "name: $lift actor: $ana reason: 'x'"},
    {"SettleExchange", "name: $lift actor: $cara minutes: 1 reason: 'x'"},
    {"ProposeMatch", "parent: $scheme match { giver: $ben receiver: $ana }"},
    {"ApproveMatch", "name: $match"},
    {"AcceptMatch", "name: $match actor: $eve"},
    {"DeclineMatch", "name: $match actor: $eve"},
    {"EndMatch", "name: $active actor: $eve"},
    {"RemoveMember", "name: $nobody_else"},
    {"RunRound", "parent: $scheme seed: 1"},
    {"TransferBetweenSchemes", "from_account: $ana_minutes to_account: $zoe_minutes amount: 1"},
    {"BatchWriteEntries",
     "parent: $scheme items { kind: KIND_GIFT from_account: $ana_minutes to_account: $ben_minutes amount: 1 }"},
};

class ValidateOnly : public SchemeTest {
 protected:
  ValidateOnly()
      : SchemeTest(
            "services { id: 'ward' } "
            "credit { clearing_overdraft_minutes_max: 9 clearing_balance_minutes_max: 9 }") {
    for (const char* name : {"ana", "ben", "cai", "fay", "nobody_else"}) Member(name);
    Member("dai", "journeys { service: 'ward' stage: STAGE_CURRENT }");
    Member("eve", absl::StrCat(kByPhone, " buddies_wanted: 3"));
    Pledge("dai", "deferred_until_discharge: true");
    Do("GrantWaiver", "parent: $scheme waiver { member: $eve turns: 2 reason: 'x' end_date: $day+9 }");
    Start("fay", "eve", "active");
    Propose("cai", "eve", "match");
    Pledge("eve");
    Log("ben", "ana", 9, "walk");
    Log("ben", "ana", 9, "lift");
    const char* kGift = "parent: $scheme kind: KIND_GIFT from_account: $ana_minutes to_account: $ben_minutes amount: 1";
    Do("PostEntry", kGift, "entry.name", "posted");
    Do("HoldEntry", kGift, "entry.name", "held");
    Do("HoldEntry", kGift, "entry.name", "held2");
  }
};

TEST_F(ValidateOnly, AnswersAsTheCallWouldAndWritesNothing) {
  std::vector<std::string> covered;
  for (const Allowed& each : kAllowed) {
    SCOPED_TRACE(each.rpc);
    covered.push_back(each.rpc);
    const std::string before = Digest();
    const std::string dry = absl::StrCat(each.request, " validate_only: true request_id: 'once'");
    EXPECT_EQ(ReasonOf(Try(each.rpc, dry).status()), "OK");
    EXPECT_EQ(ReasonOf(Try(each.rpc, dry).status()), "OK");
    EXPECT_EQ(Digest(), before);
    // The id was not used up, and the real call writes.
    Do(each.rpc, absl::StrCat(each.request, " request_id: 'once'"));
    EXPECT_NE(Digest(), before);
  }
  std::vector<std::string> writes = EveryWrite();
  std::sort(covered.begin(), covered.end());
  EXPECT_EQ(covered, writes) << "every rpc that writes belongs in kAllowed";
}

}  // namespace
}  // namespace turnabout
