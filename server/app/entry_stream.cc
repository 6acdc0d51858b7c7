#include "server/app/entry_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

// Leaves room for a slash, a message's number, a slash and an item's place within kRequestIdLengthMax.
constexpr size_t kStreamRequestIdLengthMax = 90;
// One command takes so many items at most: with an entry, a note and a request id each they fit in one block.
constexpr int kItemsOfCommandMax = 2048;

}  // namespace

std::shared_ptr<EntryStream> EntryStream::Open(const Context& context, std::function<void()> changed) {
  return std::shared_ptr<EntryStream>(new EntryStream(context, std::move(changed)));
}

absl::Status EntryStream::ReadFirst(const v1::WriteEntriesRequest& request) {
  Problems problems;
  slug_ = problems.CheckScheme("parent", request.parent());
  problems.CheckText("request_id", request.request_id(), kStreamRequestIdLengthMax, false);
  problems.CheckRequestId(request.request_id());
  actor_ = ReadActor("actor", request.actor(), slug_, false, problems).text;
  request_id_ = request.request_id();
  if (request.client_sequence() < 1) problems.Add("client_sequence", "Start with a number from 1");
  RETURN_IF_ERROR(problems.ToStatus());
  taken_ = request.client_sequence() - 1;
  return absl::OkStatus();
}

absl::StatusOr<EntryStream::Message> EntryStream::ReadMessage(v1::WriteEntriesRequest& request) {
  if (slug_.empty()) {
    RETURN_IF_ERROR(ReadFirst(request));
  } else if (!request.parent().empty() || !request.actor().empty() || !request.request_id().empty()) {
    return RefuseFields({{"parent", "Give parent, actor and request_id in the first message alone"}});
  }
  if (request.client_sequence() != taken_ + 1) {
    return Refuse(Reason::kOutOfOrder,
                  {{"given", absl::StrCat(request.client_sequence())}, {"expected", absl::StrCat(taken_ + 1)}});
  }
  Problems problems;
  problems.CheckRange("items", request.items_size(), 1, kStreamItemsMax);
  RETURN_IF_ERROR(problems.ToStatus());
  taken_ = request.client_sequence();
  EntryBatch::Whole whole{actor_, request_id_.empty() ? "" : absl::StrCat(request_id_, "/", taken_)};
  return Message{taken_, std::make_unique<EntryBatch>(slug_, std::move(whole), std::move(*request.mutable_items()),
                                                      DayOf(context_.clock.Now()))};
}

void EntryStream::Take(v1::WriteEntriesRequest request) {
  absl::StatusOr<Message> message = ReadMessage(request);
  if (!message.ok()) return End(message.status());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ending_.has_value()) return;
    under_way_ += message->batch->size();
    waiting_.push_back(*std::move(message));
    if (std::exchange(queued_, true)) return;
  }
  Queue();
}

bool EntryStream::HasRoom() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !ending_.has_value() && under_way_ + answered_ < kStreamItemsWaitingMax;
}

// Hands the store a command that writes whatever waits when its turn comes.
void EntryStream::Queue() {
  auto messages = std::make_shared<Messages>();
  context_.store.Write(
      {}, [self = shared_from_this(), messages](Txn& txn) { return self->Write(*messages, txn); },
      [self = shared_from_this(), messages](const absl::Status& status, uint64_t revision) {
        // The store refused the command before it could take anything.
        if (messages->empty()) self->TakeAll(*messages);
        self->Answer(*messages, status, revision);
      });
}

// Takes what one command may write. True when there is more: the caller queues a command for it.
bool EntryStream::TakeWaiting(Messages& taken) {
  const std::lock_guard<std::mutex> lock(mutex_);
  int items = 0;
  size_t count = 0;
  while (count < waiting_.size() && (count == 0 || items + waiting_[count].batch->size() <= kItemsOfCommandMax)) {
    items += waiting_[count++].batch->size();
  }
  taken.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.begin() + count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  queued_ = !waiting_.empty();
  return queued_;
}

void EntryStream::TakeAll(Messages& taken) {
  const std::lock_guard<std::mutex> lock(mutex_);
  taken = std::exchange(waiting_, {});
  queued_ = false;
}

// The writer's thread.
absl::Status EntryStream::Write(Messages& messages, Txn& txn) {
  if (TakeWaiting(messages)) Queue();
  ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(txn, messages.front().batch->slug()));
  for (Message& message : messages) message.batch->Write(context_, *scheme, txn);
  return absl::OkStatus();
}

void EntryStream::Answer(Messages& messages, const absl::Status& status, uint64_t revision) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Message& message : messages) under_way_ -= message.batch->size();
    if (!status.ok()) {
      broken_ = true;
      if (!ending_.has_value() || ending_->ok()) ending_ = status;
    }
    for (Message& message : messages) {
      if (broken_) break;
      message.batch->TellRefusals(context_.observer);
      v1::WriteEntriesResponse& answer = answers_.emplace_back();
      answer.set_client_sequence(message.client_sequence);
      answered_ += message.batch->size();
      answer.mutable_results()->Swap(&message.batch->results());
      answer.set_revision(static_cast<int64_t>(revision));
    }
  }
  Changed();
}

void EntryStream::End(const absl::Status& status) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!ending_.has_value()) ending_ = status;
  }
  Changed();
}

void EntryStream::Abandon() {
  const std::lock_guard<std::mutex> lock(told_);
  changed_ = nullptr;
}

void EntryStream::Changed() {
  const std::lock_guard<std::mutex> lock(told_);
  if (changed_) changed_();
}

std::optional<v1::WriteEntriesResponse> EntryStream::NextAnswer() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (answers_.empty()) return std::nullopt;
  std::optional<v1::WriteEntriesResponse> answer = std::move(answers_.front());
  answers_.pop_front();
  answered_ -= answer->results_size();
  return answer;
}

bool EntryStream::HasAnswer() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !answers_.empty();
}

std::optional<absl::Status> EntryStream::Ending() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return under_way_ == 0 && answers_.empty() ? ending_ : std::nullopt;
}

}  // namespace turnabout
