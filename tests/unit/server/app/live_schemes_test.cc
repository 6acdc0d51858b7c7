#include "server/app/live_schemes.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/app/app.h"
#include "store/journal/memory_journal.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

// What somebody who asked was told.
struct Told {
  bool known = false;
  uint64_t revision = 0;
  int64_t people = 0;
  std::vector<LivePair> pairs;
};

class LiveSchemesTest : public testing::Test {
 protected:
  LiveSchemesTest() : ledger_(book_) {
    store_ = *Store::Open(NewMemoryJournal(), clock_, {&book_});
    app_.emplace(*store_, ledger_, clock_, ids_);
    live_ = std::make_unique<LiveSchemes>(app_->context);
    v1::CreateSchemeRequest request;
    request.set_scheme_id("cardiff");
    request.mutable_scheme()->set_display_name("Cardiff");
    Wait<v1::CreateSchemeResponse>([&](auto reply) { app_->schemes.CreateScheme({}, request, std::move(reply)); });
  }

  template <typename Response, typename Call>
  Response Wait(Call call) {
    std::promise<absl::StatusOr<Response>> promise;
    call([&](absl::StatusOr<Response> response) { promise.set_value(std::move(response)); });
    absl::StatusOr<Response> response = promise.get_future().get();
    EXPECT_TRUE(IsOk(response.status()));
    return response.ok() ? *response : Response();
  }

  // A member who helps, or would like help, by phone; with a pledge when they would like it.
  MemberId Join(const std::string& name, bool gives) {
    v1::CreateMemberRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("parent: 'schemes/cardiff' member { display_name: '", name, "' ", gives ? "offers" : "needs",
                     " { category: 'shopping' settings: SETTING_PHONE } }"),
        &request));
    const auto made =
        Wait<v1::CreateMemberResponse>([&](auto reply) { app_->members.CreateMember({}, request, std::move(reply)); });
    if (!gives) {
      v1::MakePledgeRequest pledge;
      pledge.set_parent("schemes/cardiff");
      pledge.mutable_pledge()->set_member(made.member().name());
      Wait<v1::MakePledgeResponse>([&](auto reply) { app_->pledges.MakePledge({}, pledge, std::move(reply)); });
    }
    return *MemberId::Parse(ParseChildName(made.member().name(), kMembers)->id);
  }

  Told Ask(const std::string& slug = "cardiff", absl::Duration patience = absl::Seconds(2)) {
    std::promise<Told> promise;
    live_->Ask(slug, patience, [&](LiveScheme* scheme) {
      Told told;
      if (scheme != nullptr) told = {true, scheme->revision, scheme->pool.size(), scheme->pool.Pairs()};
      promise.set_value(std::move(told));
    });
    return promise.get_future().get();
  }

  ManualClock clock_{absl::FromCivil(absl::CivilHour(2026, 3, 2, 10), absl::UTCTimeZone())};
  IdSource ids_{clock_, Seed{7}};
  Book book_;
  Ledger ledger_;
  std::unique_ptr<Store> store_;
  std::optional<App> app_;
  std::unique_ptr<LiveSchemes> live_;
};

TEST_F(LiveSchemesTest, IsReadOnceAndFollowedFromThenOn) {
  const MemberId ana = Join("ana", false);
  EXPECT_TRUE(Ask().pairs.empty());
  const MemberId ben = Join("ben", true);
  const Told told = Ask();
  EXPECT_EQ(told.pairs, (std::vector<LivePair>{{ben, ana}}));
  EXPECT_EQ(told.revision, store_->revision());
  EXPECT_EQ(live_->builds(), 1);
}

TEST_F(LiveSchemesTest, KnowsNoSchemeThatThereIsNot) {
  EXPECT_FALSE(Ask("leith").known);
  EXPECT_TRUE(Ask().known);
}

TEST_F(LiveSchemesTest, WhoeverWillNotWaitIsToldSo) {
  Join("ana", false);
  EXPECT_FALSE(Ask("cardiff", -absl::Seconds(1)).known);
  EXPECT_TRUE(Ask().known);  // it was worked out for the next all the same
  EXPECT_EQ(live_->builds(), 1);
  EXPECT_TRUE(Ask("cardiff", -absl::Seconds(1)).known);  // there is nothing to wait for any more
}

TEST_F(LiveSchemesTest, SuggestionsAreByScoreAsLongAsNobodyKnowsTheBestSet) {
  const MemberId ana = Join("ana", false);
  const MemberId ben = Join("ben", true);
  v1::SuggestBuddiesRequest request;
  request.set_name(NameOf("cardiff", kMembers, ana));
  const auto suggest = [&](absl::Duration time) {
    return Wait<v1::SuggestBuddiesResponse>([&](auto reply) {
      app_->rounds.SuggestBuddies({.deadline = clock_.Now() + time, .cancelled = {}}, request, std::move(reply));
    });
  };
  const v1::SuggestBuddiesResponse hurried = suggest(-absl::Seconds(1));
  ASSERT_EQ(hurried.suggestions_size(), 1);
  EXPECT_EQ(hurried.suggestions(0).giver(), NameOf("cardiff", kMembers, ben));
  EXPECT_FALSE(hurried.suggestions(0).in_best_set());
  EXPECT_FALSE(hurried.best_set_known());
  EXPECT_EQ(hurried.revision(), static_cast<int64_t>(store_->revision()));
  const v1::SuggestBuddiesResponse patient = suggest(absl::Seconds(5));
  ASSERT_EQ(patient.suggestions_size(), 1);
  EXPECT_TRUE(patient.suggestions(0).in_best_set());
  EXPECT_TRUE(patient.best_set_known());
  EXPECT_EQ(patient.suggestions(0).score(), hurried.suggestions(0).score());
  EXPECT_EQ(patient.suggestions(0).findings_size(), hurried.suggestions(0).findings_size());
}

TEST_F(LiveSchemesTest, IsWorkedOutAnewWhenVeryManyHaveChanged) {
  Join("ana", false);
  EXPECT_EQ(Ask().people, 1);
  for (int i = 0; i < 300; ++i) Join(absl::StrCat("ben ", i), true);
  EXPECT_EQ(Ask().people, 301);
  EXPECT_EQ(live_->builds(), 2);
  for (int i = 0; i < 30; ++i) Join(absl::StrCat("cas ", i), true);
  EXPECT_EQ(Ask().people, 331);
  EXPECT_EQ(live_->builds(), 2);
}

TEST_F(LiveSchemesTest, IsWorkedOutAnewOnANewDay) {
  Join("ana", false);
  Ask();
  clock_.Advance(absl::Minutes(50));
  Ask();
  EXPECT_EQ(live_->builds(), 1);
  clock_.Advance(absl::Hours(24));
  EXPECT_TRUE(Ask().known);
  EXPECT_EQ(live_->builds(), 2);
}

TEST_F(LiveSchemesTest, IsForgottenWhenNobodyAsksForLong) {
  Join("ana", false);
  Ask();
  clock_.Advance(absl::Minutes(61));
  Join("ben", true);
  // What is written wakes it, after a moment.
  while (live_->kept() > 0) std::this_thread::yield();
  EXPECT_EQ(Ask().pairs.size(), 1u);
  EXPECT_EQ(live_->builds(), 2);
}

TEST_F(LiveSchemesTest, ObeysANewRuleSet) {
  Join("ana", false);
  Join("ben", true);
  EXPECT_EQ(Ask().pairs.size(), 1u);
  ASSERT_TRUE(store_
                  ->WriteAndWait({},
                                 [](Txn& txn) {
                                   auto scheme = *LoadRow<rows::SchemeRow>(txn, SchemeKey("cardiff"));
                                   scheme.set_rule_set_number(2);
                                   SaveRow(txn, SchemeKey("cardiff"), scheme);
                                   rows::RuleSetRow rules;
                                   rules.mutable_rule_set()->mutable_matching()->add_required_checks("dbs");
                                   SaveRow(txn, RuleSetKey(scheme.number(), 2), rules);
                                   return absl::OkStatus();
                                 })
                  .ok());
  EXPECT_TRUE(Ask().pairs.empty());  // ben has no check
  EXPECT_EQ(live_->builds(), 2);
}

TEST_F(LiveSchemesTest, SeesAllThatWasWrittenBeforeWhileOthersWriteOn) {
  Ask();
  std::atomic<bool> stop{false};
  std::thread other([&] {
    for (int i = 0; !stop && i < 2'000; ++i) Join(absl::StrCat("cas ", i), true);
  });
  uint64_t revision = 0;
  for (int i = 0; i < 50; ++i) {
    const uint64_t before = store_->revision();
    const Told told = Ask();
    EXPECT_TRUE(told.known);
    EXPECT_GE(told.revision, before);
    EXPECT_GE(told.revision, revision);
    revision = told.revision;
  }
  stop = true;
  other.join();
}

TEST_F(LiveSchemesTest, WhoeverStillWaitsAtTheEndIsToldSo) {
  Join("ana", false);
  std::atomic<int> told{0};
  for (int i = 0; i < 100; ++i) live_->Ask("cardiff", absl::Hours(1), [&](LiveScheme*) { ++told; });
  live_ = nullptr;
  EXPECT_EQ(told, 100);
}

}  // namespace
}  // namespace turnabout
