// Watching a scheme: everything that was written, in order, from any revision on, and nothing of anybody else's.
#include <future>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "server/app/watches.h"
#include "tests/integration/books_support.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

class WatchTest : public BooksTest {
 protected:
  WatchTest() {
    watches_ = std::make_unique<Watches>(*context_, Watches::Options{.progress_every = absl::ZeroDuration()});
    NewScheme("cardiff");
    NewScheme("leith");
    for (std::string* member : {&ana_, &ben_}) *member = NewMember("cardiff");
    zoe_ = NewMember("leith");
  }

  absl::StatusOr<std::shared_ptr<Watch>> TryWatch(int64_t after, absl::string_view more = "") {
    return watches_->Start(
        Parse<v1::WatchJournalRequest>(absl::StrCat("parent: 'schemes/cardiff' after_revision: ", after, " ", more)));
  }

  using Told = absl::StatusOr<v1::WatchJournalResponse>;
  static std::future<Told> Ask(Watch& watch) {
    auto promise = std::make_shared<std::promise<Told>>();
    watch.Next([promise](Told told) { promise->set_value(std::move(told)); });
    return promise->get_future();
  }

  // Every event after `after` up to the latest revision.
  std::vector<v1::JournalEvent> EventsAfter(int64_t after, absl::string_view more = "") {
    std::vector<v1::JournalEvent> events;
    const int64_t latest = static_cast<int64_t>(store_->revision());
    const auto watch = Must(TryWatch(after, more));
    for (int64_t revision = after; revision < latest;) {
      const auto told = Must(Ask(*watch).get());
      EXPECT_GT(told.revision(), revision);
      revision = told.revision();
      for (const auto& event : told.events()) {
        EXPECT_LE(event.sequence(), revision);
        events.push_back(event);
      }
      if (testing::Test::HasFailure()) break;
    }
    return events;
  }

  void Give(const std::string& from, const std::string& to, int64_t amount, absl::string_view more = "") {
    Must(Write(&turnabout::Books::PostEntry,
               absl::StrCat("parent: 'schemes/cardiff' kind: KIND_GIFT from_account: '", AccountOf(from),
                            "' to_account: '", AccountOf(to), "' amount: ", amount, " ", more)));
  }

  static std::string TextOf(const v1::JournalEvent& event) {
    if (event.has_entry()) return absl::StrCat("entry ", event.entry().amount());
    return event.has_changed() ? event.changed() : absl::StrCat("gone ", event.removed());
  }
  static std::vector<std::string> TextsOf(const std::vector<v1::JournalEvent>& events) {
    std::vector<std::string> texts;
    for (const auto& event : events) texts.push_back(TextOf(event));
    return texts;
  }

  std::string ana_, ben_, zoe_;
  std::unique_ptr<Watches> watches_;  // before the store goes
};

TEST_F(WatchTest, TellsOfWhatWasMadeAndOfEveryEntryAsItWasWritten) {
  const auto made = TextsOf(EventsAfter(0));
  for (const std::string& name : {std::string("schemes/cardiff"), std::string("schemes/cardiff/ruleSets/1"),
                                  "schemes/cardiff/members/" + ana_, AccountOf(ana_), AccountOf("pot")}) {
    EXPECT_NE(std::find(made.begin(), made.end(), name), made.end()) << name;
  }
  for (const std::string& text : made) EXPECT_FALSE(absl::StrContains(text, "leith")) << text;
  const auto before = static_cast<int64_t>(store_->revision());
  Give(ana_, ben_, 30, "note: 'for the lift' actor: 'coordinators/cara'");
  const auto events = EventsAfter(before);
  ASSERT_EQ(TextsOf(events), std::vector<std::string>{"entry 30"});
  EXPECT_EQ(events[0].entry().note(), "for the lift");
  EXPECT_EQ(events[0].entry().actor(), "coordinators/cara");
  EXPECT_EQ(events[0].entry().sequence(), events[0].sequence());
  EXPECT_EQ(events[0].entry().from_account(), AccountOf(ana_));
}

TEST_F(WatchTest, FromEveryRevisionOnItIsTheSameStory) {
  for (int i = 1; i <= 12; ++i) Give(ana_, ben_, i, i % 2 == 0 ? "note: 'words'" : "");
  const auto all = EventsAfter(0);
  for (int64_t after = 0; after <= static_cast<int64_t>(store_->revision()); ++after) {
    std::vector<std::string> rest;
    for (const auto& event : all) {
      if (event.sequence() > after) rest.push_back(TextOf(event));
    }
    EXPECT_EQ(TextsOf(EventsAfter(after)), rest) << after;
  }
}

TEST_F(WatchTest, AHoldIsToldOfAsHeldWhateverBecameOfIt) {
  const auto before = static_cast<int64_t>(store_->revision());
  const auto held = Must(Write(&turnabout::Books::HoldEntry,
                               absl::StrCat("parent: 'schemes/cardiff' kind: KIND_GIFT from_account: '",
                                            AccountOf(ana_), "' to_account: '", AccountOf(ben_), "' amount: 5")));
  Must(Write(&turnabout::Books::PostHold, absl::StrCat("name: '", held.entry().name(), "' amount: 3")));
  const auto events = EventsAfter(before);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].entry().current_state(), v1::Entry::STATE_HELD);
  EXPECT_EQ(events[1].entry().current_state(), v1::Entry::STATE_POSTED);
  EXPECT_EQ(events[1].entry().hold(), held.entry().name());
}

TEST_F(WatchTest, OneAccountOrEntriesAloneCanBeAskedFor) {
  const std::string cara = NewMember("cardiff");
  Give(ana_, ben_, 1);
  Give(cara, ben_, 2);
  Give(cara, ana_, 3);
  EXPECT_EQ(TextsOf(EventsAfter(0, "entries_only: true")), (std::vector<std::string>{"entry 1", "entry 2", "entry 3"}));
  EXPECT_EQ(TextsOf(EventsAfter(0, absl::StrCat("account: '", AccountOf(ana_), "'"))),
            (std::vector<std::string>{"entry 1", "entry 3"}));
}

TEST_F(WatchTest, WaitsForWhatIsWrittenNext) {
  const auto watch = Must(TryWatch(static_cast<int64_t>(store_->revision())));
  for (int i = 1; i <= 3; ++i) {
    std::future<Told> told = Ask(*watch);
    EXPECT_EQ(told.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
    Give(ana_, ben_, i);
    const auto events = Must(told.get());
    ASSERT_EQ(events.events_size(), 1);
    EXPECT_EQ(events.events(0).entry().amount(), i);
  }
}

TEST_F(WatchTest, TellsHowFarItIsWhenNothingCameForItsCaller) {
  const auto before = static_cast<int64_t>(store_->revision());
  const auto watch = Must(TryWatch(before));
  std::future<Told> told = Ask(*watch);
  NewMember("leith");
  const auto progress = Must(told.get());
  EXPECT_EQ(progress.events_size(), 0);
  EXPECT_GT(progress.revision(), before);
}

TEST_F(WatchTest, ALargeBlockComesInSeveralResponses) {
  std::string items;
  for (int i = 0; i < 2500; ++i) {
    absl::StrAppend(&items, "items { kind: KIND_GIFT from_account: '", AccountOf(i % 2 == 0 ? ana_ : ben_),
                    "' to_account: '", AccountOf(i % 2 == 0 ? ben_ : ana_), "' amount: 1 note: '", i, "' }\n");
  }
  const auto before = static_cast<int64_t>(store_->revision());
  Must(Write(&turnabout::Books::BatchWriteEntries, absl::StrCat("parent: 'schemes/cardiff' ", items)));
  const auto watch = Must(TryWatch(before));
  int told = 0;
  int responses = 0;
  while (told < 2500) {
    const auto response = Must(Ask(*watch).get());
    ASSERT_LE(response.events_size(), 1000);
    for (const auto& event : response.events()) EXPECT_EQ(event.entry().note(), absl::StrCat(told++));
    ++responses;
  }
  EXPECT_EQ(responses, 3);
}

TEST_F(WatchTest, WhatCannotBeWatchedIsRefused) {
  const auto latest = static_cast<int64_t>(store_->revision());
  EXPECT_TRUE(IsRefused(TryWatch(latest + 1), Reason::kNotInJournal));
  EXPECT_TRUE(IsRefused(TryWatch(-1), Reason::kBadFields));
  EXPECT_TRUE(IsRefused(TryWatch(0, "account: 'schemes/cardiff/accounts/nobody.minutes'"), Reason::kAccountNotFound));
  EXPECT_TRUE(IsRefused(TryWatch(0, absl::StrCat("account: '", AccountOf(zoe_, "leith"), "'")), Reason::kOtherScheme));
  EXPECT_TRUE(
      IsRefused(watches_->Start(Parse<v1::WatchJournalRequest>("parent: 'schemes/nowhere'")), Reason::kSchemeNotFound));
  EXPECT_TRUE(IsRefused(watches_->Start(Parse<v1::WatchJournalRequest>("parent: 'nowhere'")), Reason::kBadFields));
}

TEST_F(WatchTest, EndsWhenItIsToldTo) {
  const auto watch = Must(TryWatch(static_cast<int64_t>(store_->revision())));
  std::future<Told> told = Ask(*watch);
  watch->End(Refuse(Reason::kDraining));
  EXPECT_TRUE(IsRefused(told.get(), Reason::kDraining));
  EXPECT_TRUE(IsRefused(Ask(*watch).get(), Reason::kDraining));
  const auto other = Must(TryWatch(static_cast<int64_t>(store_->revision())));
  told = Ask(*other);
  watches_.reset();
  EXPECT_TRUE(IsRefused(told.get(), Reason::kDraining));
}

TEST_F(WatchTest, WhoDoesNotAskHoldsUpNobody) {
  const auto slow = Must(TryWatch(0));
  const auto quick = Must(TryWatch(static_cast<int64_t>(store_->revision()), "entries_only: true"));
  std::thread writer([&] {
    for (int i = 1; i <= 200; ++i) Give(i % 2 == 0 ? ana_ : ben_, i % 2 == 0 ? ben_ : ana_, 1);
  });
  int told = 0;
  while (told < 200) told += Must(Ask(*quick).get()).events_size();
  writer.join();
  EXPECT_EQ(told, 200);
  int entries = 0;
  while (entries < 200) {
    const auto response = Must(Ask(*slow).get());
    for (const auto& event : response.events()) entries += event.has_entry() ? 1 : 0;
  }
}

}  // namespace
}  // namespace turnabout
