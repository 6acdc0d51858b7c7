// An EntryStream takes movements as they come and answers them in their order, many of them under way at once.
//
//   auto stream = EntryStream::Open(context, [reactor] { reactor->Look(); });
//   stream->Take(request);                       // and so on, while HasRoom()
//   stream->HalfClose();                         // nothing more comes
//   while (auto answer = stream->NextAnswer()) ...;
//   if (auto ending = stream->Ending()) ...;     // everything that was taken is answered, and this is how it ends
//
// Whatever has come while the writer was busy is written by one command, so that a stream costs the writer little more
// than the entries themselves.
#ifndef TURNABOUT_SERVER_APP_ENTRY_STREAM_H_
#define TURNABOUT_SERVER_APP_ENTRY_STREAM_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/app/entry_batch.h"
#include "server/app/request.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace turnabout {

// Threads: Take and HalfClose from one thread at a time, everything else from any.
class EntryStream : public std::enable_shared_from_this<EntryStream> {
 public:
  // `changed` is called, from any thread, when there may be an answer, room or an ending; it
  // must not block nor abandon the stream. REQUIRES: `context` outlives the stream and its commands.
  static std::shared_ptr<EntryStream> Open(const Context& context, std::function<void()> changed);

  // Takes the next message. One that is wrong ends the stream once those before it are answered.
  void Take(v1::WriteEntriesRequest request);

  // False while so many messages wait that the caller must too, and once the stream is ending.
  bool HasRoom() const;

  // Nothing more comes: the stream ends once everything that was taken is answered.
  void HalfClose() { End(absl::OkStatus()); }
  // The same, told by `status` why; the first ending counts.
  void End(const absl::Status& status);
  // Nobody waits for answers any more. `changed` is not called from when this has returned.
  void Abandon();

  // The next answer, in the order of the messages.
  std::optional<v1::WriteEntriesResponse> NextAnswer();
  // True when there is another.
  bool HasAnswer() const;

  // How the stream ends; nothing while it goes on, or has answers left.
  std::optional<absl::Status> Ending() const;

 private:
  struct Message {
    int64_t client_sequence = 0;
    std::unique_ptr<EntryBatch> batch;
  };
  using Messages = std::vector<Message>;

  EntryStream(const Context& context, std::function<void()> changed)
      : context_(context), changed_(std::move(changed)) {}

  absl::Status ReadFirst(const v1::WriteEntriesRequest& request);
  absl::StatusOr<Message> ReadMessage(v1::WriteEntriesRequest& request);
  void Queue();
  bool TakeWaiting(Messages& taken);
  void TakeAll(Messages& taken);
  absl::Status Write(Messages& messages, Txn& txn);
  void Answer(Messages& messages, const absl::Status& status, uint64_t revision);
  void Changed();

  const Context& context_;

  // The thread's that takes.
  std::string slug_;
  std::string actor_;
  std::string request_id_;
  int64_t taken_ = 0;  // the client sequence of the last message

  mutable std::mutex mutex_;
  std::vector<Message> waiting_;                  // for a command to take them
  bool queued_ = false;                           // a command that will take them is with the store
  int under_way_ = 0;                             // items taken and not answered
  int answered_ = 0;                              // items of answers_
  std::deque<v1::WriteEntriesResponse> answers_;  // not yet given out
  std::optional<absl::Status> ending_;            // the first that was said
  bool broken_ = false;                           // a message will have no answer: none after it has one either

  std::mutex told_;                // held while changed_ is called
  std::function<void()> changed_;  // guarded by told_; null once abandoned
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ENTRY_STREAM_H_
