#include "tests/bench/ledger/echo.h"

#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <deque>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/limits.h"
#include "tests/bench/common/files.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout::bench {
namespace {

// An entry as turnaboutd writes one, but for the accounts.
v1::Entry NewEntry() {
  v1::Entry entry;
  entry.set_name("schemes/bench/entries/01jd3v9k6t0000000000000000");
  entry.set_number(1'000'000);
  entry.set_kind(v1::Entry::KIND_GIFT);
  entry.set_state(v1::Entry::STATE_POSTED);
  entry.set_current_state(v1::Entry::STATE_POSTED);
  entry.set_unit(v1::UNIT_MINUTES);
  entry.set_amount(1);
  entry.mutable_create_time()->set_seconds(1'700'000'000);
  entry.mutable_create_time()->set_nanos(123'456'000);
  entry.set_happened_on_date("2026-01-01");
  entry.set_sequence(2'000'000);
  return entry;
}

template <typename Movement>
void Answer(const v1::Entry& as, const Movement& asked, v1::Entry& entry) {
  entry = as;
  entry.set_from_account(asked.from_account());
  entry.set_to_account(asked.to_account());
}

// Answers each message as it comes.
class EchoStream final : public grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse> {
 public:
  explicit EchoStream(const v1::Entry& entry) : entry_(entry) {
    StartSendInitialMetadata();
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = !ok;
    if (ok) {
      v1::WriteEntriesResponse& answer = answers_.emplace_back();
      answer.set_client_sequence(request_.client_sequence());
      for (const v1::BatchItem& item : request_.items()) Answer(entry_, item, *answer.add_results()->mutable_entry());
      answer.set_revision(2'000'000);
      StartRead(&request_);
    }
    WriteNext();
  }
  void OnWriteDone(bool) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    WriteNext();
  }
  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    if (writing_) return;
    if (answers_.empty()) {
      if (closed_) Finish(grpc::Status::OK);
      return;
    }
    response_ = std::move(answers_.front());
    answers_.pop_front();
    writing_ = true;
    grpc::WriteOptions options;
    if (!answers_.empty()) options.set_buffer_hint();
    StartWrite(&response_, options);
  }

  const v1::Entry& entry_;
  v1::WriteEntriesRequest request_;
  v1::WriteEntriesResponse response_;
  std::mutex mutex_;
  std::deque<v1::WriteEntriesResponse> answers_;  // guarded by mutex_, as is all below
  bool writing_ = false;
  bool closed_ = false;
};

class EchoService final : public v1::LedgerService::CallbackService {
 public:
  grpc::ServerUnaryReactor* PostEntry(grpc::CallbackServerContext* context, const v1::PostEntryRequest* request,
                                      v1::PostEntryResponse* response) override {
    Answer(entry_, *request, *response->mutable_entry());
    response->set_revision(2'000'000);
    return Finish(context);
  }

  grpc::ServerUnaryReactor* BatchWriteEntries(grpc::CallbackServerContext* context,
                                              const v1::BatchWriteEntriesRequest* request,
                                              v1::BatchWriteEntriesResponse* response) override {
    response->mutable_results()->Reserve(request->items_size());
    for (const v1::BatchItem& item : request->items()) Answer(entry_, item, *response->add_results()->mutable_entry());
    response->set_written_count(request->items_size());
    response->set_revision(2'000'000);
    return Finish(context);
  }

  grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse>* WriteEntries(
      grpc::CallbackServerContext*) override {
    return new EchoStream(entry_);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const v1::Entry entry_ = NewEntry();
};

}  // namespace

void ServeEcho(const std::string& ready_file) {
  EchoService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(static_cast<int>(kRequestBytesMax));
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  TURNABOUT_CHECK(server != nullptr);
  WriteWhole(ready_file, absl::StrCat("{\"grpc\":\"127.0.0.1:", port, "\"}\n"));
  server->Wait();
  std::exit(0);
}

}  // namespace turnabout::bench
