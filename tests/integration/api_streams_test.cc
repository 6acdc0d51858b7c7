// The rpcs that stream, over TCP against a whole server: order, breaking off, draining, callers who do not read.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "server/daemon/server.h"
#include "tests/integration/support.h"
#include "tests/support/status.h"
#include "tests/support/writer_gate.h"
#include "turnabout/v1/journal_service.grpc.pb.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"

namespace turnabout {
namespace {

class StreamsTest : public testing::Test {
 protected:
  StreamsTest() {
    Config config;
    config.ephemeral = true;
    config.grpc.port = 0;
    config.http.port = 0;
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config, clock_, Seed{1}, [](const absl::Status&) {});
    EXPECT_TRUE(IsOk(server));
    server_ = *std::move(server);
    channel_ = NewChannel();
    ledger_ = v1::LedgerService::NewStub(channel_);
    journal_ = v1::JournalService::NewStub(channel_);
    MakeScheme();
  }

  std::shared_ptr<grpc::Channel> NewChannel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  void MakeScheme() {
    grpc::ClientContext scheme_call;
    v1::CreateSchemeRequest scheme;
    scheme.set_scheme_id("cardiff");
    scheme.mutable_scheme()->set_display_name("Cardiff");
    scheme.mutable_rule_set()->mutable_credit()->set_overdraft_minutes_max(1'000'000);
    scheme.mutable_rule_set()->mutable_credit()->set_balance_minutes_max(1'000'000);
    v1::CreateSchemeResponse made;
    EXPECT_TRUE(v1::SchemeService::NewStub(channel_)->CreateScheme(&scheme_call, scheme, &made).ok());
    for (std::string* account : {&ana_, &ben_}) {
      grpc::ClientContext member_call;
      v1::CreateMemberRequest member;
      member.set_parent("schemes/cardiff");
      member.mutable_member()->set_display_name("somebody");
      v1::CreateMemberResponse joined;
      EXPECT_TRUE(v1::MemberService::NewStub(channel_)->CreateMember(&member_call, member, &joined).ok());
      *account = absl::StrCat(absl::StrReplaceAll(joined.member().name(), {{"/members/", "/accounts/"}}), ".minutes");
    }
  }

  v1::WriteEntriesRequest Gift(int64_t number, bool first) const {
    v1::WriteEntriesRequest request;
    if (first) {
      request.set_parent("schemes/cardiff");
      request.set_request_id("hours");
    }
    request.set_client_sequence(number);
    v1::BatchItem& item = *request.add_items();
    item.set_kind(v1::Entry::KIND_GIFT);
    item.set_from_account(ana_);
    item.set_to_account(ben_);
    item.set_amount(1);
    return request;
  }

  // Sends gifts from number `first` on until told to stop or the stream ends; returns the number of the last answer.
  int64_t SendFrom(int64_t first, int64_t last, const std::atomic<bool>& stop, grpc::Status& ending) {
    grpc::ClientContext context;
    const auto stream = ledger_->WriteEntries(&context);
    std::thread sender([&] {
      for (int64_t number = first; number <= last && !stop; ++number) {
        if (!stream->Write(Gift(number, number == first))) break;
      }
      stream->WritesDone();
    });
    int64_t answered = first - 1;
    for (v1::WriteEntriesResponse response; stream->Read(&response); answered = response.client_sequence()) {
      EXPECT_EQ(response.client_sequence(), answered + 1);
      EXPECT_EQ(response.results_size(), 1);
      EXPECT_TRUE(response.results(0).has_entry());
      numbers_.insert(response.results(0).entry().number());
    }
    sender.join();
    ending = stream->Finish();
    return answered;
  }

  int64_t Balance() const {
    grpc::ClientContext context;
    v1::GetAccountRequest request;
    request.set_name(ben_);
    v1::GetAccountResponse response;
    EXPECT_TRUE(ledger_->GetAccount(&context, request, &response).ok());
    return response.account().posted();
  }

  SystemClock clock_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::LedgerService::Stub> ledger_;
  std::unique_ptr<v1::JournalService::Stub> journal_;
  std::string ana_, ben_;
  std::set<int64_t> numbers_;  // of entries that answers named
};

TEST_F(StreamsTest, ManyMovementsAreAnsweredInOrder) {
  const std::atomic<bool> never{false};
  grpc::Status ending;
  EXPECT_EQ(SendFrom(1, 5000, never, ending), 5000);
  EXPECT_TRUE(ending.ok()) << ending.error_message();
  EXPECT_EQ(numbers_.size(), 5000u);
  EXPECT_EQ(Balance(), 5000);
}

TEST_F(StreamsTest, ManyFirstAnswersAtOnceReachTheirCaller) {
  grpc::ClientContext context;
  const auto stream = ledger_->WriteEntries(&context);
  {
    const WriterGate gate(server_->app().context.store);
    for (int64_t number = 1; number <= 500; ++number) ASSERT_TRUE(stream->Write(Gift(number, number == 1)));
    absl::SleepFor(absl::Milliseconds(50));  // until they are with the server
  }
  v1::WriteEntriesResponse response;
  for (int64_t number = 1; number <= 500; ++number) ASSERT_TRUE(stream->Read(&response));
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamsTest, AMessageOutOfOrderIsToldSo) {
  grpc::ClientContext context;
  const auto stream = ledger_->WriteEntries(&context);
  stream->Write(Gift(1, true));
  stream->Write(Gift(3, false));
  stream->WritesDone();
  int answers = 0;
  for (v1::WriteEntriesResponse response; stream->Read(&response);) ++answers;
  const grpc::Status ending = stream->Finish();
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(ending.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << ending.error_message();
  NoteReason("OUT_OF_ORDER");
}

TEST_F(StreamsTest, ACallerWhoVanishesLeavesWholeMessages) {
  {
    grpc::ClientContext context;
    const auto stream = ledger_->WriteEntries(&context);
    for (int64_t number = 1; number <= 1000; ++number) stream->Write(Gift(number, number == 1));
    v1::WriteEntriesResponse response;
    EXPECT_TRUE(stream->Read(&response));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  const std::atomic<bool> never{false};
  grpc::Status ending;
  EXPECT_EQ(SendFrom(1, 1000, never, ending), 1000);
  EXPECT_EQ(Balance(), 1000);
}

TEST_F(StreamsTest, AStopAnswersWhatWasTakenAndTellsToTryAgain) {
  const std::atomic<bool> never{false};
  grpc::Status ending;
  int64_t answered = 0;
  std::thread sender([&] { answered = SendFrom(1, 1'000'000, never, ending); });
  while (Balance() < 100) std::this_thread::yield();
  const absl::Time start = clock_.Now();
  server_->Drain();
  EXPECT_LT(clock_.Now() - start, absl::Seconds(8));
  sender.join();
  EXPECT_EQ(ending.error_code(), grpc::StatusCode::UNAVAILABLE) << ending.error_message();
  EXPECT_GE(answered, 100);
  EXPECT_EQ(numbers_.size(), answered);
}

TEST_F(StreamsTest, AWatchThatIsOpenedAgainAndAgainMissesNothing) {
  std::atomic<bool> stop{false};
  grpc::Status ending;
  int64_t answered = 0;
  std::thread sender([&] { answered = SendFrom(1, 3000, stop, ending); });
  int64_t revision = 0;
  std::vector<int64_t> seen;
  while (seen.size() < 3000) {
    grpc::ClientContext context;
    v1::WatchJournalRequest request;
    request.set_parent("schemes/cardiff");
    request.set_after_revision(revision);
    request.set_entries_only(true);
    const auto watch = journal_->WatchJournal(&context, request);
    v1::WatchJournalResponse response;
    for (int i = 0; i < 3 && seen.size() < 3000 && watch->Read(&response); ++i) {
      for (const v1::JournalEvent& event : response.events()) seen.push_back(event.entry().number());
      revision = response.revision();
    }
    context.TryCancel();
  }
  sender.join();
  EXPECT_EQ(answered, 3000);
  EXPECT_EQ(seen.size(), 3000u);
  for (size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], static_cast<int64_t>(i) + 1);
}

TEST_F(StreamsTest, CallersWhoDoNotReadHoldUpNeitherWritersNorTheStop) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchJournalResponse>>> idle;
  const std::shared_ptr<grpc::Channel> channel = NewChannel();
  const auto journal = v1::JournalService::NewStub(channel);
  for (int i = 0; i < 20; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    v1::WatchJournalRequest request;
    request.set_parent("schemes/cardiff");
    idle.push_back(journal->WatchJournal(contexts.back().get(), request));
  }
  const std::atomic<bool> never{false};
  grpc::Status ending;
  EXPECT_EQ(SendFrom(1, 5000, never, ending), 5000);
  for (const auto& context : contexts) context->TryCancel();
  idle.clear();
  server_->Drain();
}

TEST_F(StreamsTest, AWatchOfWhatIsNotThereIsRefused) {
  grpc::ClientContext context;
  v1::WatchJournalRequest request;
  request.set_parent("schemes/nowhere");
  const auto watch = journal_->WatchJournal(&context, request);
  v1::WatchJournalResponse response;
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(StreamsTest, AStopEndsWatchesWithAWordToTryAgain) {
  grpc::ClientContext context;
  v1::WatchJournalRequest request;
  request.set_parent("schemes/cardiff");
  const auto watch = journal_->WatchJournal(&context, request);
  v1::WatchJournalResponse response;
  ASSERT_TRUE(watch->Read(&response));
  std::thread stop([&] { server_->Drain(); });
  while (watch->Read(&response)) {
  }
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stop.join();
}

}  // namespace
}  // namespace turnabout
