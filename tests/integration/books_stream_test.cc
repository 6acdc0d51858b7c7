// Movements that come as a stream: answered in order, many under way at once, nothing twice however often it breaks.
#include <deque>
#include <future>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "base/limits.h"
#include "server/app/entry_stream.h"
#include "tests/integration/books_support.h"
#include "tests/support/writer_gate.h"

namespace turnabout {
namespace {

class StreamTest : public BooksTest {
 protected:
  StreamTest() {
    NewScheme("cardiff");
    for (std::string* member : {&ana_, &ben_}) *member = NewMember("cardiff");
  }

  std::shared_ptr<EntryStream> OpenStream() {
    return EntryStream::Open(*context_, [this] {
      const std::lock_guard<std::mutex> lock(mutex_);
      changed_.notify_all();
    });
  }

  std::string Gift(const std::string& from, const std::string& to, int64_t amount, absl::string_view more = "") const {
    return absl::StrCat("items { kind: KIND_GIFT from_account: '", AccountOf(from), "' to_account: '", AccountOf(to),
                        "' amount: ", amount, " ", more, " } ");
  }
  // The message with this number; the first one says what it is about.
  v1::WriteEntriesRequest Message(int64_t number, const std::string& items, bool first) const {
    return Parse<v1::WriteEntriesRequest>(
        absl::StrCat(first ? "parent: 'schemes/cardiff' request_id: 'stream' actor: 'coordinators/cara' " : "",
                     "client_sequence: ", number, " ", items));
  }

  // Waits until the stream is over; its answers are added to `answers`.
  absl::Status Finish(EntryStream& stream, std::vector<v1::WriteEntriesResponse>& answers) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      while (auto answer = stream.NextAnswer()) answers.push_back(*std::move(answer));
      if (const auto ending = stream.Ending()) return *ending;
      changed_.wait_for(lock, std::chrono::milliseconds(20));
    }
  }

  static std::vector<int64_t> NumbersOf(const std::vector<v1::WriteEntriesResponse>& answers) {
    std::vector<int64_t> numbers;
    for (const auto& answer : answers) numbers.push_back(answer.client_sequence());
    return numbers;
  }

  std::string ana_, ben_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

TEST_F(StreamTest, AnswersComeInOrderEachWithItsResultsAndRevision) {
  const auto stream = OpenStream();
  constexpr int kMessages = 300;
  for (int i = 1; i <= kMessages; ++i) {
    stream->Take(Message(i, Gift(ana_, ben_, 1) + (i % 3 == 0 ? Gift(ana_, ben_, 100'000) : ""), i == 1));
  }
  stream->HalfClose();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  ASSERT_EQ(answers.size(), kMessages);
  int64_t revision = 0;
  for (int i = 0; i < kMessages; ++i) {
    EXPECT_EQ(answers[i].client_sequence(), i + 1);
    EXPECT_EQ(answers[i].results(0).entry().amount(), 1);
    EXPECT_LE(answers[i].results(0).entry().sequence(), answers[i].revision());
    EXPECT_GE(answers[i].revision(), revision);
    revision = answers[i].revision();
    ASSERT_EQ(answers[i].results_size(), (i + 1) % 3 == 0 ? 2 : 1);
    if ((i + 1) % 3 == 0) {
      EXPECT_EQ(answers[i].results(1).refusal().reason(), "CREDIT_LIMIT_REACHED");
    }
  }
  EXPECT_EQ(BalanceOf(ben_), kMessages);
}

TEST_F(StreamTest, WhatWaitsWhileTheWriterIsBusyIsWrittenTogether) {
  const auto stream = OpenStream();
  WriterGate gate(*store_);
  for (int i = 1; i <= 100; ++i) stream->Take(Message(i, Gift(ana_, ben_, 1), i == 1));
  const uint64_t blocks = store_->head().number;
  gate.Open();
  stream->HalfClose();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  EXPECT_EQ(answers.size(), 100u);
  EXPECT_LE(store_->head().number, blocks + 2);
}

TEST_F(StreamTest, AStreamThatBrokeGoesOnWithoutLossOrRepeats) {
  std::vector<v1::WriteEntriesResponse> before;
  {
    const auto stream = OpenStream();
    for (int i = 1; i <= 5; ++i) stream->Take(Message(i, Gift(ana_, ben_, i), i == 1));
    stream->HalfClose();
    EXPECT_TRUE(IsOk(Finish(*stream, before)));
  }
  Open();  // and the server started again meanwhile
  // Of the five answers two came through.
  const auto stream = OpenStream();
  for (int i = 3; i <= 7; ++i) stream->Take(Message(i, Gift(ana_, ben_, i), i == 3));
  stream->HalfClose();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  ASSERT_EQ(NumbersOf(answers), (std::vector<int64_t>{3, 4, 5, 6, 7}));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(answers[i].results(0).repeated());
    EXPECT_EQ(answers[i].results(0).entry().name(), before[i + 2].results(0).entry().name());
  }
  EXPECT_FALSE(answers[3].results(0).repeated());
  EXPECT_EQ(BalanceOf(ben_), 1 + 2 + 3 + 4 + 5 + 6 + 7);
}

TEST_F(StreamTest, OtherContentUnderTheSameNumberIsRefused) {
  for (const int amount : {10, 11}) {
    const auto stream = OpenStream();
    stream->Take(Message(1, Gift(ana_, ben_, amount), true));
    stream->HalfClose();
    std::vector<v1::WriteEntriesResponse> answers;
    EXPECT_TRUE(IsOk(Finish(*stream, answers)));
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].results(0).refusal().reason(), amount == 11 ? "REQUEST_ID_REUSED" : "");
  }
  EXPECT_EQ(BalanceOf(ben_), 10);
}

TEST_F(StreamTest, AMessageThatIsWrongEndsItOnceThoseBeforeAreAnswered) {
  struct Case {
    std::string wrong;
    Reason reason;
  };
  const std::string gift = Gift(ana_, ben_, 1);
  std::string many;
  for (int i = 0; i <= kStreamItemsMax; ++i) many += gift;
  const Case cases[] = {
      {absl::StrCat("client_sequence: 3 ", gift), Reason::kOutOfOrder},
      {absl::StrCat("client_sequence: 1 ", gift), Reason::kOutOfOrder},
      {gift, Reason::kOutOfOrder},
      {"client_sequence: 2", Reason::kBadFields},
      {absl::StrCat("client_sequence: 2 ", many), Reason::kBadFields},
      {absl::StrCat("client_sequence: 2 parent: 'schemes/cardiff' ", gift), Reason::kBadFields},
  };
  for (const Case& each : cases) {
    const auto stream = OpenStream();
    stream->Take(Message(1, gift, true));
    stream->Take(Parse<v1::WriteEntriesRequest>(each.wrong));
    EXPECT_FALSE(stream->HasRoom());
    stream->Take(Message(2, gift, false));  // too late
    std::vector<v1::WriteEntriesResponse> answers;
    EXPECT_TRUE(IsRefused(Finish(*stream, answers), each.reason)) << each.wrong;
    EXPECT_EQ(NumbersOf(answers), std::vector<int64_t>{1}) << each.wrong;
  }
  EXPECT_EQ(BalanceOf(ben_), 1);  // the same request id each time
}

TEST_F(StreamTest, AFirstMessageThatIsWrongIsToldAllThatIsWrong) {
  const auto stream = OpenStream();
  stream->Take(Parse<v1::WriteEntriesRequest>(
      absl::StrCat("parent: 'cardiff' actor: 'who' request_id: '", std::string(200, 'x'), "' client_sequence: -1")));
  std::vector<v1::WriteEntriesResponse> answers;
  const absl::Status ending = Finish(*stream, answers);
  EXPECT_TRUE(IsRefused(ending, Reason::kBadFields));
  for (const char* field : {"parent", "actor", "request_id", "client_sequence"}) {
    EXPECT_TRUE(absl::StrContains(ending.message(), field)) << ending;
  }
}

TEST_F(StreamTest, ASchemeThatIsNotThereEndsIt) {
  const auto stream = OpenStream();
  stream->Take(Parse<v1::WriteEntriesRequest>(
      absl::StrCat("parent: 'schemes/nowhere' client_sequence: 1 ", Gift(ana_, ben_, 1))));
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsRefused(Finish(*stream, answers), Reason::kSchemeNotFound));
  EXPECT_TRUE(answers.empty());
}

TEST_F(StreamTest, ACallerWhoSendsFasterThanIsWrittenIsHeldBack) {
  const auto stream = OpenStream();
  WriterGate gate(*store_);
  int taken = 0;
  for (; stream->HasRoom(); ++taken) stream->Take(Message(taken + 1, Gift(ana_, ben_, 1, "request_id: 'x'"), !taken));
  EXPECT_EQ(taken, kStreamItemsWaitingMax);
  gate.Open();
  stream->HalfClose();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  EXPECT_EQ(answers.size(), kStreamItemsWaitingMax);
  EXPECT_EQ(BalanceOf(ben_), 1);
}

TEST_F(StreamTest, LargeMessagesAreHeldBackByTheirItems) {
  const auto stream = OpenStream();
  std::string items;
  for (int i = 0; i < kStreamItemsMax; ++i) items += Gift(ana_, ben_, 1, "request_id: 'x'");
  WriterGate gate(*store_);
  int taken = 0;
  for (; stream->HasRoom(); ++taken) stream->Take(Message(taken + 1, items, !taken));
  EXPECT_EQ(taken, 5);
  gate.Open();
  stream->HalfClose();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  EXPECT_EQ(answers.size(), 5u);
}

TEST_F(StreamTest, ACallerWhoNeverPausesIsAnsweredWhileTheWriterTakes) {
  const auto stream = OpenStream();
  constexpr int kMessages = 30'000;
  std::thread caller([&] {
    for (int i = 1; i <= kMessages; ++i) {
      while (!stream->HasRoom()) std::this_thread::yield();
      v1::WriteEntriesRequest request = Message(i, "", i == 1);
      request.clear_request_id();
      v1::BatchItem& item = *request.add_items();
      item.set_kind(v1::Entry::KIND_GIFT);
      item.set_from_account(AccountOf(i % 2 == 0 ? ana_ : ben_));
      item.set_to_account(AccountOf(i % 2 == 0 ? ben_ : ana_));
      item.set_amount(1);
      stream->Take(std::move(request));
    }
    stream->HalfClose();
  });
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsOk(Finish(*stream, answers)));
  caller.join();
  ASSERT_EQ(answers.size(), kMessages);
  for (int i = 0; i < kMessages; ++i) ASSERT_EQ(answers[i].client_sequence(), i + 1);
}

TEST_F(StreamTest, NothingIsAnsweredAfterAMessageThatCouldNotBeWritten) {
  const auto stream = OpenStream();
  stream->Take(Message(1, Gift(ana_, ben_, 1), true));
  while (!stream->NextAnswer().has_value()) {
    ASSERT_FALSE(stream->Ending().has_value());
    std::this_thread::yield();
  }
  // While the next command runs the disk is full; for the one after it there is room again.
  auto full = std::make_shared<std::atomic<bool>>(true);
  script_->before_append = [full](const Block&) {
    return full->exchange(false) ? Refuse(Reason::kDiskFull) : absl::OkStatus();
  };
  stream->Take(Message(2, Gift(ana_, ben_, 2), false));
  std::vector<v1::WriteEntriesResponse> rest;
  const absl::Status ending = Finish(*stream, rest);
  EXPECT_TRUE(IsRefused(ending, Reason::kDiskFull));
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(BalanceOf(ben_), 1);
}

TEST_F(StreamTest, TheServersStopEndsItOnceEverythingTakenIsAnswered) {
  const auto stream = OpenStream();
  WriterGate gate(*store_);
  for (int i = 1; i <= 10; ++i) stream->Take(Message(i, Gift(ana_, ben_, 1), i == 1));
  stream->End(Refuse(Reason::kDraining));
  EXPECT_FALSE(stream->Ending().has_value());
  gate.Open();
  std::vector<v1::WriteEntriesResponse> answers;
  EXPECT_TRUE(IsRefused(Finish(*stream, answers), Reason::kDraining));
  EXPECT_EQ(answers.size(), 10u);
}

}  // namespace
}  // namespace turnabout
