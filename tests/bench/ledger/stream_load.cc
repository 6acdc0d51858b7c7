#include "tests/bench/ledger/stream_load.h"

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "tests/bench/ledger/client.h"

namespace turnabout::bench {
namespace {

// One stream: writes while its window has room, reads all the time.
class Stream final : public grpc::ClientBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse> {
 public:
  Stream(const std::vector<std::string>& accounts, v1::LedgerService::Stub& stub, int window, Spread spread,
         Recorder::Time until, Recorder& recorder)
      : accounts_(accounts), window_(window), transfers_(spread, NextSeed()), until_(until), recorder_(recorder) {
    stub.async()->WriteEntries(&context_, this);
    request_.set_parent(kScheme);
    request_.set_request_id(RequestIdText(transfers_.Next().request_id));
    AddHold();  // until no more is written
    StartRead(&response_);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      WriteNext();
    }
    StartCall();
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    if (!ok) return Close();  // OnDone says why
    WriteNext();
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      const std::lock_guard<std::mutex> lock(mutex_);
      return Close();
    }
    if (response_.results_size() != 1 || !response_.results(0).has_entry()) {
      std::fprintf(stderr, "bench_ledger: a stream did not do what was asked: %s\n",
                   response_.ShortDebugString().substr(0, 500).c_str());
      std::abort();
    }
    Recorder::Time asked;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      asked = asked_.front();
      asked_.pop_front();
      WriteNext();
    }
    recorder_.Answered(asked, 1);
    StartRead(&response_);
  }

  void OnDone(const grpc::Status& status) override {
    if (!status.ok()) {
      std::fprintf(stderr, "bench_ledger: a stream ended: %s\n", status.error_message().c_str());
      std::abort();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

  void Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return done_; });
  }

 private:
  void Close() {
    if (!std::exchange(closed_, true)) RemoveHold();
  }

  void WriteNext() {
    if (writing_ || closed_ || asked_.size() >= static_cast<size_t>(window_)) return;
    const Recorder::Time now = Recorder::Now();
    if (now >= until_) {
      StartWritesDone();
      return Close();
    }
    const Transfer transfer = transfers_.Next();
    request_.set_client_sequence(++sequence_);
    if (sequence_ == 2) {
      request_.clear_parent();
      request_.clear_request_id();
    }
    v1::BatchItem& item = request_.items_size() == 0 ? *request_.add_items() : *request_.mutable_items(0);
    item.set_kind(v1::Entry::KIND_GIFT);
    item.set_from_account(accounts_[transfer.from]);
    item.set_to_account(accounts_[transfer.to]);
    item.set_amount(1);
    asked_.push_back(now);
    writing_ = true;
    grpc::WriteOptions options;
    if (asked_.size() < static_cast<size_t>(window_)) options.set_buffer_hint();
    StartWrite(&request_, options);
  }

  const std::vector<std::string>& accounts_;
  const int window_;
  Transfers transfers_;
  const Recorder::Time until_;
  Recorder& recorder_;
  grpc::ClientContext context_;
  v1::WriteEntriesRequest request_;
  v1::WriteEntriesResponse response_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Recorder::Time> asked_;  // guarded by mutex_, as is all below: of messages without an answer
  int64_t sequence_ = 0;
  bool writing_ = false;
  bool closed_ = false;
  bool done_ = false;
};

}  // namespace

Sample RunStreams(const std::vector<std::string>& accounts, const std::vector<v1::LedgerService::Stub*>& stubs,
                  int window, Spread spread, absl::Duration length) {
  Recorder recorder;
  const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
  std::vector<std::unique_ptr<Stream>> streams;
  for (v1::LedgerService::Stub* stub : stubs) {
    streams.push_back(std::make_unique<Stream>(accounts, *stub, window, spread, until, recorder));
  }
  for (const auto& stream : streams) stream->Wait();
  return recorder.Take();
}

}  // namespace turnabout::bench
