#include "server/services/streams.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/reason.h"
#include "server/app/entry_stream.h"
#include "server/app/watches.h"
#include "server/services/serve.h"
#include "server/services/status.h"

namespace turnabout {
namespace {

// Reads while the stream has room and writes while it has answers, one of each at a time.
class WriteEntriesCall final : public grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse> {
 public:
  explicit WriteEntriesCall(App& app) : app_(app), stream_(EntryStream::Open(app.context, [this] { GoOn(); })) {
    ticket_ = app.gate.EnterToStay([stream = stream_] { stream->End(Refuse(Reason::kDraining)); });
    if (ticket_ == 0) stream_->End(Refuse(Reason::kDraining));
    // By itself: gRPC would keep it back with a first answer that is told to wait for the next one.
    StartSendInitialMetadata();
    GoOn();
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      stream_->Take(std::move(request_));
    } else {
      stream_->HalfClose();
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      reading_ = !ok;  // after the last one there is no other
    }
    GoOn();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      writing_ = false;
      gone_ = gone_ || !ok;
    }
    GoOn();
  }

  void OnCancel() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      gone_ = true;
    }
    GoOn();
  }

  void OnDone() override {
    stream_->Abandon();
    if (ticket_ != 0) app_.gate.LeaveAfterStay(ticket_);
    delete this;
  }

 private:
  void GoOn() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (finished_) return;
    if (!writing_) {
      if (gone_) return FinishWith(Refuse(Reason::kCancelled));
      if (std::optional<v1::WriteEntriesResponse> answer = stream_->NextAnswer()) {
        response_ = *std::move(answer);
        writing_ = true;
        // Answers that come together leave together.
        grpc::WriteOptions options;
        if (stream_->HasAnswer()) options.set_buffer_hint();
        StartWrite(&response_, options);
      } else if (const std::optional<absl::Status> ending = stream_->Ending()) {
        return FinishWith(*ending);
      }
    }
    if (!reading_ && stream_->HasRoom()) {
      reading_ = true;
      StartRead(&request_);
    }
  }

  void FinishWith(const absl::Status& status) {
    finished_ = true;
    TellEnd(app_, arrival_, status);
    Finish(ToGrpcStatus(status));
  }

  App& app_;
  const Arrival arrival_{"WriteEntries"};
  const std::shared_ptr<EntryStream> stream_;
  uint64_t ticket_ = 0;
  v1::WriteEntriesRequest request_;    // of the read that is under way
  v1::WriteEntriesResponse response_;  // of the write that is under way

  std::mutex mutex_;
  bool reading_ = false;   // guarded by mutex_
  bool writing_ = false;   // likewise
  bool gone_ = false;      // likewise: the caller
  bool finished_ = false;  // likewise
};

// Asks the watch for the next response when the one before has been written.
class WatchJournalCall final : public grpc::ServerWriteReactor<v1::WatchJournalResponse> {
 public:
  WatchJournalCall(App& app, const v1::WatchJournalRequest& request) : app_(app) {
    absl::StatusOr<std::shared_ptr<Watch>> watch = app.watches.Start(request);
    if (watch.ok()) {
      watch_ = *std::move(watch);
      ticket_ = app.gate.EnterToStay([watch = watch_] { watch->End(Refuse(Reason::kDraining)); });
    }
    if (ticket_ == 0) {
      FinishWith(watch.ok() ? Refuse(Reason::kDraining) : watch.status());
      return;
    }
    StartSendInitialMetadata();  // so that the caller knows at once that they are watching
    Ask();
  }

  void OnWriteDone(bool ok) override {
    if (ok) return Ask();
    FinishWith(Refuse(Reason::kCancelled));
  }

  void OnCancel() override {
    if (watch_ != nullptr) watch_->End(Refuse(Reason::kCancelled));
  }

  void OnDone() override {
    if (ticket_ != 0) app_.gate.LeaveAfterStay(ticket_);
    delete this;
  }

 private:
  void Ask() {
    watch_->Next([this](absl::StatusOr<v1::WatchJournalResponse> response) {
      if (!response.ok()) return FinishWith(response.status());
      response_ = *std::move(response);
      StartWrite(&response_);
    });
  }

  void FinishWith(const absl::Status& status) {
    TellEnd(app_, arrival_, status);
    Finish(ToGrpcStatus(status));
  }

  App& app_;
  const Arrival arrival_{"WatchJournal"};
  std::shared_ptr<Watch> watch_;  // null when it could not be started
  uint64_t ticket_ = 0;
  v1::WatchJournalResponse response_;  // of the write that is under way
};

}  // namespace

grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse>* ServeWriteEntries(App& app) {
  return new WriteEntriesCall(app);
}

grpc::ServerWriteReactor<v1::WatchJournalResponse>* ServeWatchJournal(App& app,
                                                                      const v1::WatchJournalRequest& request) {
  return new WatchJournalCall(app, request);
}

}  // namespace turnabout
