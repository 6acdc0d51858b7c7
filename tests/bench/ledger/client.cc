#include "tests/bench/ledger/client.h"

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "tests/bench/ledger/stream_load.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout::bench {

// One connection each.
struct LedgerClient::Channels {
  std::vector<std::unique_ptr<v1::LedgerService::Stub>> stubs;
};

namespace {

constexpr int kChannels = 4;
constexpr std::chrono::seconds kConnectTime{30};

using Names = std::vector<std::string>;
using Stub = v1::LedgerService::Stub;

// How PostEntry is called, and what of it differs from one call to the next.
struct Unary {
  using Request = v1::PostEntryRequest;
  using Response = v1::PostEntryResponse;

  static void Prepare(Request& request) {
    request.set_parent(kScheme);
    request.set_kind(v1::Entry::KIND_GIFT);
    request.set_amount(1);
  }
  static void Fill(const Names& accounts, int, Transfers& transfers, Request& request) {
    const Transfer transfer = transfers.Next();
    request.set_from_account(accounts[transfer.from]);
    request.set_to_account(accounts[transfer.to]);
    request.set_request_id(RequestIdText(transfer.request_id));
  }
  static void Call(Stub& stub, grpc::ClientContext* context, const Request* request, Response* response,
                   std::function<void(grpc::Status)> done) {
    stub.async()->PostEntry(context, request, response, std::move(done));
  }
  static bool Accepted(const Response& response, int) { return response.entry().amount() == 1; }
};

// BatchWriteEntries: one request id for the call, from which each item has its own.
struct Batch {
  using Request = v1::BatchWriteEntriesRequest;
  using Response = v1::BatchWriteEntriesResponse;

  static void Prepare(Request& request) { request.set_parent(kScheme); }
  static void Fill(const Names& accounts, int batch, Transfers& transfers, Request& request) {
    request.clear_items();
    for (int i = 0; i < batch; ++i) {
      const Transfer transfer = transfers.Next();
      v1::BatchItem& item = *request.add_items();
      item.set_kind(v1::Entry::KIND_GIFT);
      item.set_from_account(accounts[transfer.from]);
      item.set_to_account(accounts[transfer.to]);
      item.set_amount(1);
      if (i == 0) request.set_request_id(RequestIdText(transfer.request_id));
    }
  }
  static void Call(Stub& stub, grpc::ClientContext* context, const Request* request, Response* response,
                   std::function<void(grpc::Status)> done) {
    stub.async()->BatchWriteEntries(context, request, response, std::move(done));
  }
  static bool Accepted(const Response& response, int batch) { return response.written_count() == batch; }
};

[[noreturn]] void GiveUp(const std::string& what) {
  std::fprintf(stderr, "bench_ledger: a call did not do what was asked: %s\n", what.c_str());
  std::abort();
}

// One place among those in flight: makes a call, and says when it is free for the next.
template <typename Kind>
class Caller {
 public:
  Caller(const Names& accounts, const Load& load, Stub& stub, std::function<void(Caller*, Recorder::Time)> answered)
      : accounts_(accounts),
        batch_(load.batch),
        stub_(stub),
        transfers_(load.spread, NextSeed()),
        answered_(std::move(answered)) {
    Kind::Prepare(request_);
  }

  void Call(Recorder::Time due) {
    due_ = due;
    context_.emplace();
    Kind::Fill(accounts_, batch_, transfers_, request_);
    Kind::Call(stub_, &*context_, &request_, &response_, [this](const grpc::Status& status) { Done(status); });
  }

 private:
  void Done(const grpc::Status& status) {
    if (!status.ok()) GiveUp(status.error_message());
    if (!Kind::Accepted(response_, batch_)) GiveUp(response_.ShortDebugString().substr(0, 500));
    answered_(this, due_);
  }

  const Names& accounts_;
  const int batch_;
  Stub& stub_;
  Transfers transfers_;
  const std::function<void(Caller*, Recorder::Time)> answered_;
  std::optional<grpc::ClientContext> context_;
  typename Kind::Request request_;
  typename Kind::Response response_;
  Recorder::Time due_;
};

// All that are in flight together.
template <typename Kind>
class Crowd {
 public:
  Crowd(const Names& accounts, const Load& load, const std::vector<std::unique_ptr<Stub>>& stubs, absl::Duration length)
      : load_(load), until_(Recorder::Now() + absl::ToChronoNanoseconds(length)) {
    for (int i = 0; i < load.in_flight; ++i) {
      callers_.emplace_back(accounts, load, *stubs[i % stubs.size()],
                            [this](Caller<Kind>* caller, Recorder::Time due) { Answered(caller, due); });
    }
  }

  Sample Run() {
    if (load_.calls_per_s > 0) {
      CallWhenDue();
    } else {
      busy_ = load_.in_flight;
      for (Caller<Kind>& caller : callers_) caller.Call(Recorder::Now());
    }
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return busy_ == 0; });
    return recorder_.Take();
  }

 private:
  void CallWhenDue() {
    for (Caller<Kind>& caller : callers_) free_.push_back(&caller);
    const std::chrono::nanoseconds apart(static_cast<int64_t>(1e9 / load_.calls_per_s));
    for (Recorder::Time due = Recorder::Now(); due < until_; due += apart) {
      std::this_thread::sleep_until(due);
      TakeFree()->Call(due);
    }
  }

  Caller<Kind>* TakeFree() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !free_.empty(); });
    Caller<Kind>* caller = free_.front();
    free_.pop_front();
    ++busy_;
    return caller;
  }

  void Answered(Caller<Kind>* caller, Recorder::Time due) {
    recorder_.Answered(due, load_.batch);
    const Recorder::Time now = Recorder::Now();
    if (load_.calls_per_s == 0 && now < until_) return caller->Call(now);
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(caller);
    --busy_;
    changed_.notify_all();
  }

  const Load load_;
  const Recorder::Time until_;
  Recorder recorder_;
  std::deque<Caller<Kind>> callers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Caller<Kind>*> free_;  // guarded by mutex_
  int busy_ = 0;                    // guarded by mutex_
};

std::unique_ptr<Stub> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // or all channels would share one connection
  const auto channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  TURNABOUT_CHECK(channel->WaitForConnected(std::chrono::system_clock::now() + kConnectTime));
  return v1::LedgerService::NewStub(channel);
}

}  // namespace

LedgerClient::LedgerClient(const std::string& address, std::vector<std::string> accounts)
    : accounts_(std::move(accounts)), channels_(std::make_unique<Channels>()) {
  for (int i = 0; i < kChannels; ++i) channels_->stubs.push_back(Connect(address));
}

LedgerClient::~LedgerClient() = default;

Sample LedgerClient::Run(const Load& load, absl::Duration length) {
  if (load.stream) {
    std::vector<Stub*> stubs;
    for (const auto& stub : channels_->stubs) stubs.push_back(stub.get());
    return RunStreams(accounts_, stubs, load.in_flight / static_cast<int>(stubs.size()), load.spread, length);
  }
  if (load.batch == 1) return Crowd<Unary>(accounts_, load, channels_->stubs, length).Run();
  return Crowd<Batch>(accounts_, load, channels_->stubs, length).Run();
}

std::vector<std::string> InventedAccounts() {
  const SystemClock clock;
  IdSource ids(clock, NextSeed());
  std::vector<std::string> names;
  for (int i = 0; i < kAccounts; ++i) {
    names.push_back(absl::StrCat(kScheme, "/accounts/", ids.Next<MemberId>().ToString(), ".minutes"));
  }
  return names;
}

}  // namespace turnabout::bench
