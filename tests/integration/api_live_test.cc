// The best set of matches as things are: what suggestions and a coordinator's no tell of it after each kind of change,
// held against a round done anew.
#include <algorithm>
#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/seed.h"
#include "server/app/live_schemes.h"
#include "server/records/dates.h"
#include "tests/integration/support.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

constexpr char kGives[] = " offers { category: 'shopping' settings: SETTING_PHONE } ";
constexpr char kNeeds[] = " needs { category: 'shopping' settings: SETTING_PHONE } ";

class BestSet : public SchemeTest {
 protected:
  // "ben for ana", of the best set as suggestions tell of it, sorted.
  std::vector<std::string> Suggested() {
    std::vector<std::string> pairs;
    for (const std::string& receiver : everyone_) {
      const Answer answer = Try("SuggestBuddies", absl::StrCat("name: $", receiver, " page_size: 100"));
      if (ReasonOf(answer.status()) == "MEMBER_LEFT") continue;
      EXPECT_EQ(FieldOf(answer, "best_set_known"), "true") << receiver;
      const int count = std::stoi(FieldOf(answer, "suggestions#"));
      bool others = false;
      for (int i = 0; i < count; ++i) {
        const std::string at = absl::StrCat("suggestions[", i, "].");
        if (FieldOf(answer, absl::StrCat(at, "in_best_set")) != "true") {
          others = true;
          continue;
        }
        EXPECT_FALSE(others) << "those of the best set come first";
        pairs.push_back(absl::StrCat(Who(FieldOf(answer, absl::StrCat(at, "giver"))), " for ", receiver));
      }
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  }

  // The same, of a round that is done anew and not written.
  std::vector<std::string> AnewFound() {
    absl::CivilDay today;
    std::string day = Fill("$day");
    day = day.substr(1, day.size() - 2);
    EXPECT_TRUE(absl::ParseCivilTime(day, &today));
    const uint32_t scheme = Named("scheme") == "schemes/cardiff" ? 1 : 2;
    const Answer round = Do("RunRound", absl::StrCat("parent: $scheme validate_only: true seed: ",
                                                     LiveSchemes::SeedOn(scheme, today).value));
    std::vector<std::string> pairs;
    const int count = std::stoi(FieldOf(round, "proposals#"));
    for (int i = 0; i < count; ++i) {
      const std::string at = absl::StrCat("proposals[", i, "].");
      pairs.push_back(absl::StrCat(Who(FieldOf(round, absl::StrCat(at, "giver"))), " for ",
                                   Who(FieldOf(round, absl::StrCat(at, "receiver")))));
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  }

  void Join(const std::string& name, absl::string_view fields) {
    Member(name, fields);
    everyone_.push_back(name);
  }
  std::string Who(const std::string& member) const {
    const auto at = std::find_if(everyone_.begin(), everyone_.end(),
                                 [&](const std::string& name) { return Named(name) == member; });
    return at == everyone_.end() ? "?" : *at;
  }

  // What the best set is, both ways.
  void Expect(const std::vector<std::string>& pairs) {
    EXPECT_EQ(Suggested(), pairs);
    EXPECT_EQ(AnewFound(), pairs);
  }

  std::vector<std::string> everyone_;
};

using Pairs = std::vector<std::string>;

TEST_F(BestSet, FollowsEachKindOfChange) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Expect({});  // she has no turn
  Pledge("ana");
  Expect({"ben for ana"});
  Do("WaivePledge", "name: $ana_pledge reason: 'moved away'");
  Expect({});
  Do("GrantWaiver", "parent: $scheme waiver { member: $ana turns: 1 reason: 'ill' end_date: $day+400 } actor: $cara");
  Expect({"ben for ana"});

  Join("cas", absl::StrCat(kNeeds, "languages: 'Welsh'"));
  Pledge("cas");
  Expect({"ben for ana"});  // ben speaks English
  Do("UpdateMember", "member { name: $ben languages: 'English' languages: 'Welsh' capacity: 2 }");
  Expect({"ben for ana", "ben for cas"});
  Do("UpdateMember", "member { name: $ben excluded_members: $cas }");
  Expect({"ben for ana"});
  Join("dee", absl::StrCat(kGives, "languages: 'Welsh'"));
  Expect({"ben for ana", "dee for cas"});
  Do("UpdateMember", "member { name: $ben capacity: 0 }");
  Expect({"dee for cas"});
  Do("RemoveMember", "name: $dee actor: $cara");
  Expect({});
}

TEST_F(BestSet, FollowsAMatchFromItsProposalToItsEnd) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Join("eve", kGives);
  Pledge("ana");
  Do("UpdateMember", "member { name: $eve languages: 'Welsh' }");
  Expect({"ben for ana"});
  Propose("ben", "ana", "match");
  Expect({});
  Do("UpdateMember", "member { name: $eve languages: 'English' }");
  Expect({});  // she is proposed somebody
  Approve("match");
  Accept("match", "ben");
  Expect({});
  Accept("match", "ana");
  Expect({});
  Do("EndMatch", "name: $match actor: $cara");
  Expect({"eve for ana"});  // she and ben rest
}

TEST_F(BestSet, ACoordinatorsNoTellsWhoIsNext) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Join("cas", kNeeds);
  Join("dee", kGives);
  for (const char* name : {"ana", "cas"}) Pledge(name);
  Do("UpdateMember", "member { name: $cas buddies_wanted: 0 }");
  Propose("ben", "ana", "match");
  Do("UpdateMember", "member { name: $cas buddies_wanted: 1 }");
  const Answer dry = Do("DeclineMatch", "name: $match actor: $cara reason: 'no' validate_only: true");
  EXPECT_EQ(FieldOf(dry, "best_set_known"), "false");
  const std::string decline = "name: $match actor: $cara reason: 'neighbours' request_id: 'no-1'";
  for (int times = 0; times < 2; ++times) {  // said again, it is told again
    const Answer told = Do("DeclineMatch", decline);
    EXPECT_EQ(FieldOf(told, "match.state"), "STATE_DECLINED");
    EXPECT_EQ(FieldOf(told, "best_set_known"), "true");
    ASSERT_EQ(FieldOf(told, "would_propose#"), "2");
    EXPECT_EQ(FieldOf(told, "would_propose[0].giver"), Named("dee"));
    EXPECT_EQ(FieldOf(told, "would_propose[0].receiver"), Named("ana"));
    EXPECT_EQ(FieldOf(told, "would_propose[1].giver"), Named("ben"));
    EXPECT_EQ(FieldOf(told, "would_propose[1].receiver"), Named("cas"));
    EXPECT_NE(FieldOf(told, "would_propose[0].findings#"), "0");
  }
  Expect({"ben for cas", "dee for ana"});
}

TEST_F(BestSet, AMembersNoTellsOfNobodyElse) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Join("dee", kGives);
  Pledge("ana");
  Propose("ben", "ana", "match");
  const Answer told = Do("DeclineMatch", "name: $match actor: $ana");
  EXPECT_EQ(FieldOf(told, "would_propose#"), "0");
  EXPECT_EQ(FieldOf(told, "best_set_known"), "false");
  Expect({"dee for ana"});
}

TEST_F(BestSet, APledgeThatLapsesCountsFromThatDay) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Pledge("ana");
  Expect({"ben for ana"});
  Days(183);
  EXPECT_EQ(PledgeState("ana"), "LAPSED");
  Expect({});
}

TEST_F(BestSet, ARestEndsOnItsDay) {
  Join("ana", kNeeds);
  Join("ben", kGives);
  Pledge("ana");
  Propose("ben", "ana", "match");
  Do("DeclineMatch", "name: $match actor: $ana");
  Expect({});
  Days(100);
  Expect({"ben for ana"});
}

TEST_F(BestSet, IsTheSameAfterARestart) {
  for (const char* name : {"ana", "cas", "eli"}) {
    Join(name, kNeeds);
    Pledge(name);
  }
  for (const char* name : {"ben", "dee"}) Join(name, kGives);
  const Pairs before = Suggested();
  EXPECT_EQ(before.size(), 2u);
  Reopen();
  EXPECT_EQ(Suggested(), before);
  Propose("ben", "ana", "match");
  const Pairs changed = Suggested();
  Reopen();
  EXPECT_EQ(Suggested(), changed);
}

TEST_F(BestSet, SchemesAreKeptApart) {
  Join("ana", kNeeds);
  Pledge("ana");
  Expect({});
  Name("scheme", "schemes/leith");
  const std::vector<std::string> in_cardiff = std::exchange(everyone_, {"zoe"});
  Join("ben", kGives);
  Join("cas", kNeeds);
  Pledge("cas");
  Do("UpdateMember", "member { name: $zoe capacity: 0 }");
  Expect({"ben for cas"});
  Name("scheme", "schemes/cardiff");
  everyone_ = in_cardiff;
  Expect({});
  Do("UpdateScheme", "scheme { name: $scheme display_name: 'Caerdydd' }");
  Expect({});
}

TEST_F(BestSet, IsThatOfARoundHoweverThingsChange) {
  const Seed seed = TestSeed(7);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  const auto some = [&](absl::string_view fields) { return random.OneIn(2, 3) ? std::string(fields) : ""; };
  const auto anyone = [&] { return everyone_[random.Below(everyone_.size())]; };
  const auto fields = [&] {
    return absl::StrCat(some(kGives), some(kNeeds), some("languages: 'English' "), some("languages: 'Welsh' "),
                        "capacity: ", random.Below(3), " buddies_wanted: ", random.Below(3), " ");
  };
  for (int i = 0; i < 12; ++i) {
    Join(absl::StrCat("m", i), fields());
    if (random.OneIn(1, 2)) Pledge(everyone_.back());
  }
  std::vector<std::string> matches;
  size_t seen = 0;
  for (int change = 0; change < (IsFullRun() ? 400 : 40); ++change) {
    switch (random.Below(6)) {
      case 0:
        Join(absl::StrCat("n", change), fields());
        break;
      case 1:
        (void)Try("UpdateMember", absl::StrCat("member { name: $", anyone(), " ", fields(), "}"));
        break;
      case 2:
        (void)Try("MakePledge", absl::StrCat("parent: $scheme pledge { member: $", anyone(), " }"));
        break;
      case 3: {
        const Answer made = Try(
            "ProposeMatch", absl::StrCat("parent: $scheme match { giver: $", anyone(), " receiver: $", anyone(), " }"));
        if (!made.ok()) break;
        matches.push_back(absl::StrCat("match", change));
        Name(matches.back(), FieldOf(made, "match.name"));
        break;
      }
      case 4:
        if (matches.empty()) break;
        (void)Try("ApproveMatch", absl::StrCat("name: $", matches[random.Below(matches.size())], " actor: $cara"));
        break;
      default:
        if (matches.empty()) break;
        (void)Try("DeclineMatch",
                  absl::StrCat("name: $", matches[random.Below(matches.size())], " actor: $cara reason: 'no'"));
    }
    const Pairs pairs = Suggested();
    ASSERT_EQ(pairs, AnewFound()) << "change " << change;
    seen += pairs.size();
  }
  EXPECT_GT(seen, 40u);
}

}  // namespace
}  // namespace turnabout
