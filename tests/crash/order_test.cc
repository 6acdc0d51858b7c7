// One order: whatever is asked at once, by calls, batches and streams, over kills and retries, happens as if one after
// the other, each between its question and its answer; and whoever watches is told just that order.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "tests/crash/client.h"
#include "tests/crash/server_child.h"
#include "tests/crash/writers.h"
#include "tests/support/seed.h"
#include "tests/unit/store/journal/journal_folder.h"
#include "turnabout/v1/journal_service.grpc.pb.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout {
namespace {

using Moment = std::chrono::steady_clock::time_point;
Moment Now() { return std::chrono::steady_clock::now(); }

constexpr char kScheme[] = "schemes/riverside";
constexpr int kMembers = 4;

// A movement that was answered.
struct Written {
  Moment asked;  // the first time
  Moment answered;
  int64_t sequence = 0;
  std::string entry;  // its name
};

// A balance that was read.
struct Seen {
  Moment asked;
  Moment answered;
  int64_t revision = 0;
  std::string account;
  int64_t posted = 0;
};

// What everybody was told. Threads: safe for concurrent use.
class Story {
 public:
  void Add(Written written) {
    const std::lock_guard<std::mutex> lock(mutex_);
    written_.push_back(std::move(written));
  }
  void Add(Seen seen) {
    const std::lock_guard<std::mutex> lock(mutex_);
    seen_.push_back(std::move(seen));
  }
  // Once nobody adds any more.
  const std::vector<Written>& written() const { return written_; }
  const std::vector<Seen>& seen() const { return seen_; }

 private:
  std::mutex mutex_;
  std::vector<Written> written_;
  std::vector<Seen> seen_;
};

// Somebody who goes on from one life of the server to the next.
class Person {
 public:
  Person(std::string id, std::vector<std::string> accounts, Seed seed, Story& story)
      : id_(std::move(id)), accounts_(std::move(accounts)), random_(seed), story_(story) {}
  virtual ~Person() = default;

  // Until the server is gone, or `stop`.
  virtual void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) = 0;

 protected:
  template <typename Movement>
  void Fill(Movement& movement) {
    const size_t from = random_.Below(accounts_.size());
    const size_t to = (from + 1 + random_.Below(accounts_.size() - 1)) % accounts_.size();
    movement.set_kind(v1::Entry::KIND_GIFT);
    movement.set_from_account(accounts_[from]);
    movement.set_to_account(accounts_[to]);
    movement.set_amount(random_.Between(1, 9));
  }

  void Tell(Moment asked, Moment answered, const v1::Entry& entry) {
    story_.Add(Written{asked, answered, entry.sequence(), entry.name()});
  }

  const std::string id_;
  const std::vector<std::string> accounts_;
  Random random_;
  Story& story_;
};

// True while the server answers. Any refusal fails the test.
bool Answers(const grpc::Status& status) {
  EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
              status.error_code() == grpc::StatusCode::CANCELLED)
      << status.error_code() << " " << status.error_message();
  return status.ok();
}

class Caller final : public Person {
 public:
  using Person::Person;
  void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) override {
    v1::LedgerService::Stub stub(channel);
    while (!stop) {
      if (!asked_.has_value()) {
        request_.Clear();
        request_.set_parent(kScheme);
        Fill(request_);
        request_.set_request_id(absl::StrCat(id_, "-", ++count_));
        asked_ = Now();
      }
      grpc::ClientContext context;
      v1::PostEntryResponse response;
      if (!Answers(stub.PostEntry(&context, request_, &response))) return;
      Tell(*asked_, Now(), response.entry());
      asked_.reset();
    }
  }

 private:
  v1::PostEntryRequest request_;
  std::optional<Moment> asked_;  // nothing once it was answered
  int count_ = 0;
};

class Batcher final : public Person {
 public:
  using Person::Person;
  void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) override {
    v1::LedgerService::Stub stub(channel);
    while (!stop) {
      if (!asked_.has_value()) Draw();
      grpc::ClientContext context;
      v1::BatchWriteEntriesResponse response;
      if (!Answers(stub.BatchWriteEntries(&context, request_, &response))) return;
      const Moment answered = Now();
      EXPECT_EQ(response.refused_count(), 0) << response.ShortDebugString();
      for (const v1::BatchItemResult& result : response.results()) Tell(*asked_, answered, result.entry());
      asked_.reset();
    }
  }

 private:
  void Draw() {
    request_.Clear();
    request_.set_parent(kScheme);
    request_.set_request_id(absl::StrCat(id_, "-", ++count_));
    for (int i = 0; i < 6; ++i) {
      v1::BatchItem& item = *request_.add_items();
      Fill(item);
      item.set_group(i / 3);  // the first three each for itself, the others together
    }
    asked_ = Now();
  }

  v1::BatchWriteEntriesRequest request_;
  std::optional<Moment> asked_;
  int count_ = 0;
};

class Streamer final : public Person {
 public:
  using Person::Person;
  void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) override {
    v1::LedgerService::Stub stub(channel);
    grpc::ClientContext context;
    const auto stream = stub.WriteEntries(&context);
    int64_t next = answered_ + 1;
    std::thread sender([&] {
      // What was sent to an earlier life is sent again in any case: it may have been written.
      for (bool first = true; !stop || next <= Highest(); first = false, ++next) {
        if (!stream->Write(Message(next, first))) return;
      }
      stream->WritesDone();
    });
    for (v1::WriteEntriesResponse response; stream->Read(&response);) {
      const Moment now = Now();
      EXPECT_EQ(response.client_sequence(), answered_ + 1);
      answered_ = response.client_sequence();
      EXPECT_TRUE(response.results(0).has_entry()) << response.ShortDebugString();
      Moment asked;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        asked = sent_.at(answered_).asked;
        sent_.erase(answered_);
      }
      Tell(asked, now, response.results(0).entry());
    }
    // After a kill a message may be on its way into a connection that is gone.
    context.TryCancel();
    sender.join();
    Answers(stream->Finish());
  }

 private:
  struct Sent {
    v1::WriteEntriesRequest request;
    Moment asked;
  };

  // The same message for the same number, however often it is sent.
  v1::WriteEntriesRequest Message(int64_t number, bool first) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [at, is_new] = sent_.try_emplace(number);
    Sent& sent = at->second;
    if (is_new) {
      sent.request.set_client_sequence(number);
      Fill(*sent.request.add_items());
      sent.asked = Now();
    }
    v1::WriteEntriesRequest request = sent.request;
    if (first) {
      request.set_parent(kScheme);
      request.set_request_id(id_);
    }
    return request;
  }

  int64_t Highest() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return sent_.empty() ? 0 : sent_.rbegin()->first;
  }

  int64_t answered_ = 0;
  std::mutex mutex_;
  std::map<int64_t, Sent> sent_;  // guarded by mutex_: without an answer
};

// Reads balances, each at the revision of somebody's last answer or later.
class Reader final : public Person {
 public:
  using Person::Person;
  void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) override {
    v1::LedgerService::Stub stub(channel);
    while (!stop) {
      v1::GetAccountRequest request;
      request.set_name(accounts_[random_.Below(accounts_.size())]);
      request.set_at_least_revision(random_.OneIn(1, 2) ? latest_ : 0);
      const Moment asked = Now();
      grpc::ClientContext context;
      v1::GetAccountResponse response;
      if (!Answers(stub.GetAccount(&context, request, &response))) return;
      story_.Add(Seen{asked, Now(), response.revision(), request.name(), response.account().posted()});
      EXPECT_GE(response.revision(), latest_);
      latest_ = response.revision();
    }
  }

 private:
  int64_t latest_ = 0;
};

// Follows the scheme, going on where it was each time.
class Follower final : public Person {
 public:
  using Person::Person;
  void Live(const std::shared_ptr<grpc::Channel>& channel, const std::atomic<bool>& stop) override {
    v1::JournalService::Stub stub(channel);
    grpc::ClientContext context;
    v1::WatchJournalRequest request;
    request.set_parent(kScheme);
    request.set_after_revision(revision_);
    request.set_entries_only(true);
    const auto watch = stub.WatchJournal(&context, request);
    std::thread end([&] {
      while (!stop) absl::SleepFor(absl::Milliseconds(1));
      absl::SleepFor(absl::Milliseconds(20));
      context.TryCancel();
    });
    for (v1::WatchJournalResponse response; watch->Read(&response);) {
      for (const v1::JournalEvent& event : response.events()) entries_.push_back(event.entry());
      revision_ = response.revision();
      count_ = entries_.size();
    }
    end.join();
    Answers(watch->Finish());
  }

  // Until it has been told of `count` entries.
  void CatchUp(const std::shared_ptr<grpc::Channel>& channel, size_t count) {
    std::atomic<bool> stop{false};
    std::thread end([&] {
      for (int i = 0; i < 10'000 && count_ < count; ++i) absl::SleepFor(absl::Milliseconds(1));
      stop = true;
    });
    Live(channel, stop);
    end.join();
  }

  const std::vector<v1::Entry>& entries() const { return entries_; }

 private:
  int64_t revision_ = 0;
  std::vector<v1::Entry> entries_;
  std::atomic<size_t> count_{0};
};

class OrderTest : public testing::Test {
 protected:
  OrderTest() : seed_(HasTestSeed() ? TestSeed(1) : SeedFromSystem()), random_(seed_) {}

  static std::shared_ptr<grpc::Channel> ChannelTo(const ServerChild& server) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(server.grpc_address(), grpc::InsecureChannelCredentials(), arguments);
  }

  ServerChildOptions Options() const {
    return {.data_dir = scratch_.path() + "/data", .scratch = scratch_.path(), .flags = {"--ballast-mib", "0"}};
  }

  void MakePeople(const Client& client) {
    ASSERT_TRUE(MakeScheme(client, "riverside").ok());
    const auto members = MakeMembers(client, "riverside", kMembers);
    ASSERT_TRUE(members.ok());
    for (const std::string& member : *members) {
      accounts_.push_back(absl::StrCat(absl::StrReplaceAll(member, {{"/members/", "/accounts/"}}), ".minutes"));
    }
    const auto add = [&](auto person) { people_.push_back(std::move(person)); };
    for (const char* id : {"ana", "ben", "cara"}) {
      add(std::make_unique<Caller>(id, accounts_, Seed{random_.Next()}, story_));
    }
    add(std::make_unique<Batcher>("dai", accounts_, Seed{random_.Next()}, story_));
    for (const char* id : {"elin", "farah"}) {
      add(std::make_unique<Streamer>(id, accounts_, Seed{random_.Next()}, story_));
    }
    for (const char* id : {"gwen", "hari"}) {
      add(std::make_unique<Reader>(id, accounts_, Seed{random_.Next()}, story_));
    }
    auto follower = std::make_unique<Follower>("ianto", accounts_, Seed{random_.Next()}, story_);
    follower_ = follower.get();
    add(std::move(follower));
  }

  // Everybody at once, until `during` is over.
  void LiveWhile(const ServerChild& server, const std::function<void()>& during) {
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (const auto& person : people_) {
      threads.emplace_back([&] { person->Live(ChannelTo(server), stop); });
    }
    during();
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }

  const Seed seed_;
  Random random_;
  const TemporaryFolder scratch_;
  Story story_;
  std::vector<std::string> accounts_;
  std::vector<std::unique_ptr<Person>> people_;
  Follower* follower_ = nullptr;
};

// Whoever was answered before somebody else asked comes before them.
testing::AssertionResult InRealTimeOrder(std::vector<Written> written) {
  std::sort(written.begin(), written.end(), [](const Written& a, const Written& b) { return a.sequence < b.sequence; });
  Moment latest_question = Moment::min();
  for (const Written& each : written) {
    if (each.answered < latest_question) {
      return testing::AssertionFailure() << each.entry << " was answered before one that comes first was asked";
    }
    latest_question = std::max(latest_question, each.asked);
  }
  return testing::AssertionSuccess();
}

// Balances after each entry; what a reader saw must be what they were at its revision, which must not be older than
// what anybody had been told by then.
testing::AssertionResult ReadsFit(const std::vector<v1::Entry>& entries, std::vector<Written> written,
                                  std::vector<Seen> seen) {
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.revision < b.revision; });
  std::map<std::string, int64_t> balances;
  size_t at = 0;
  for (const Seen& each : seen) {
    for (; at < entries.size() && entries[at].sequence() <= each.revision; ++at) {
      balances[entries[at].from_account()] -= entries[at].amount();
      balances[entries[at].to_account()] += entries[at].amount();
    }
    if (each.posted != balances[each.account]) {
      return testing::AssertionFailure() << each.account << " was read as " << each.posted << " at " << each.revision
                                         << " and was " << balances[each.account];
    }
  }
  std::sort(written.begin(), written.end(), [](const auto& a, const auto& b) { return a.answered < b.answered; });
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.asked < b.asked; });
  int64_t known = 0;
  at = 0;
  for (const Seen& each : seen) {
    for (; at < written.size() && written[at].answered < each.asked; ++at) {
      known = std::max(known, written[at].sequence);
    }
    if (each.revision < known) {
      return testing::AssertionFailure() << "a read at " << each.revision << " after an answer at " << known;
    }
  }
  return testing::AssertionSuccess();
}

TEST(OrderChecks, FindAnswersOutOfOrderAndReadsThatDoNotFit) {
  const auto at = [](int ms) { return Moment(std::chrono::milliseconds(ms)); };
  EXPECT_TRUE(InRealTimeOrder({{at(1), at(4), 2, "b"}, {at(2), at(3), 1, "a"}}));
  EXPECT_FALSE(InRealTimeOrder({{at(1), at(2), 2, "b"}, {at(3), at(4), 1, "a"}}));
  v1::Entry entry;
  entry.set_sequence(7);
  entry.set_from_account("ana");
  entry.set_to_account("ben");
  entry.set_amount(5);
  const std::vector<Written> written = {{at(1), at(2), 7, "a"}};
  EXPECT_TRUE(ReadsFit({entry}, written, {{at(3), at(4), 7, "ben", 5}, {at(0), at(1), 6, "ben", 0}}));
  EXPECT_FALSE(ReadsFit({entry}, written, {{at(3), at(4), 7, "ben", 0}}));
  EXPECT_FALSE(ReadsFit({entry}, written, {{at(3), at(4), 6, "ben", 0}}));
}

TEST_F(OrderTest, EverythingHappensBetweenQuestionAndAnswerOverKillsRetriesAndReconnects) {
  SCOPED_TRACE(RerunWith(seed_));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed_.value));
  const int kills = IsFullRun() ? 60 : 6;
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    ServerChild server(Options());
    ASSERT_TRUE(server.WaitUntilReady());
    if (kill == 0) {
      ASSERT_NO_FATAL_FAILURE(MakePeople(Client(server.grpc_address())));
    }
    LiveWhile(server, [&] {
      absl::SleepFor(absl::Milliseconds(100 + random_.Below(250)));
      EXPECT_TRUE(server.Kill()) << server.Errors();
    });
  }
  ServerChild server(Options());
  ASSERT_TRUE(server.WaitUntilReady());
  LiveWhile(server, [] { absl::SleepFor(absl::Milliseconds(200)); });
  const Client client(server.grpc_address());
  std::vector<v1::Entry> entries;
  v1::ListEntriesRequest list;
  list.set_parent(kScheme);
  ASSERT_TRUE(ListAll<v1::ListEntriesResponse>(client, list, [&](const auto& page) {
                entries.insert(entries.end(), page.entries().begin(), page.entries().end());
              }).ok());
  follower_->CatchUp(ChannelTo(server), entries.size());

  const std::vector<Written>& written = story_.written();
  EXPECT_TRUE(InRealTimeOrder(written));
  EXPECT_TRUE(ReadsFit(entries, written, story_.seen()));
  std::map<std::string, int64_t> there;
  for (const v1::Entry& entry : entries) there[entry.name()] = entry.sequence();
  std::set<std::string> told;
  for (const Written& each : written) {
    ASSERT_EQ(there[each.entry], each.sequence) << each.entry;
    ASSERT_TRUE(told.insert(each.entry).second) << "two movements were answered with " << each.entry;
  }
  EXPECT_EQ(written.size(), entries.size()) << "everything was asked again until it was answered, and written once";
  ASSERT_EQ(follower_->entries().size(), entries.size());
  for (size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(follower_->entries()[i].name(), entries[i].name());
  std::printf("%d kills, %zu movements answered, %zu in the journal, %zu balances read\n", kills, written.size(),
              entries.size(), story_.seen().size());
  EXPECT_GT(written.size(), 100u);
  EXPECT_EQ(server.Stop().code, 0) << server.Errors();
}

}  // namespace
}  // namespace turnabout
