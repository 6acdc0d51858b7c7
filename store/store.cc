#include "store/store.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/audit/replay.h"

namespace turnabout {
namespace {

absl::Status TooLarge(size_t limit, absl::string_view unit) {
  const std::string most = absl::StrCat(limit, " ", unit);
  return Refuse(Reason::kCommandTooLarge, {{"size", absl::StrCat("more than ", most)}, {"limit", most}});
}

}  // namespace

void Txn::Append(RecordKind kind, absl::string_view payload) {
  if (!store_.append_status_.ok()) return;
  const size_t bytes = store_.builder_.body_bytes() - store_.command_bytes_start_ + payload.size();
  const size_t records = store_.builder_.record_count() - store_.command_records_start_ + 1;
  if (bytes > kCommandBytesMax || records > kCommandRecordsMax) {
    store_.append_status_ =
        bytes > kCommandBytesMax ? TooLarge(kCommandBytesMax, "bytes") : TooLarge(kCommandRecordsMax, "records");
    return;
  }
  const RecordView record{store_.head_.last_sequence + store_.builder_.record_count() + 1, kind, payload};
  store_.builder_.Add(kind, payload);
  for (Projection* projection : store_.projections_) {
    const absl::Status staged = projection->Stage(record);
    if (store_.append_status_.ok()) store_.append_status_ = staged;
  }
}

Store::Store(std::unique_ptr<Journal> journal, const Clock& clock, std::vector<Projection*> projections)
    : journal_(std::move(journal)), clock_(clock), projections_{&records_, &requests_} {
  projections_.insert(projections_.end(), projections.begin(), projections.end());
}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(std::unique_ptr<Journal> journal, const Clock& clock,
                                                   std::vector<Projection*> projections) {
  std::unique_ptr<Store> store(new Store(std::move(journal), clock, std::move(projections)));
  RETURN_IF_ERROR(store->Replay());
  store->writer_ = std::thread([raw = store.get()] { raw->RunWriter(); });
  return store;
}

Store::~Store() {
  {
    std::lock_guard<std::mutex> lock(queue_mutex_);
    stopping_ = true;
  }
  queue_changed_.notify_all();
  if (writer_.joinable()) writer_.join();
}

absl::Status Store::Replay() {
  ASSIGN_OR_RETURN(const Head head, journal_->ReadHead());
  Verified seen;
  RETURN_IF_ERROR(ReplayInto(*journal_, head.number, projections_, seen));
  if (seen.head != head) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", absl::StrCat(seen.head.number + 1)}, {"problem", "the journal ends before its head"}});
  }
  if (head.number > 0) {
    RETURN_IF_ERROR(journal_->Read(head.number, [&](const Block& block) {
      last_time_micros_ = block.header.time_micros;
      return absl::OkStatus();
    }));
  }
  head_ = head;
  revision_.store(head.last_sequence, std::memory_order_release);
  return absl::OkStatus();
}

void Store::Write(WriteOptions options, Command command, Answer answer) {
  absl::Status refused;
  {
    std::lock_guard<std::mutex> lock(queue_mutex_);
    if (!failed_.ok()) {
      refused = failed_;
    } else if (stopping_) {
      refused = Refuse(Reason::kDraining);
    } else if (queue_.size() >= kWriteQueueMax) {
      refused = Refuse(Reason::kQueueFull, {{"limit", absl::StrCat(kWriteQueueMax)}});
    } else {
      queue_.push_back({std::move(options), std::move(command), std::move(answer)});
    }
  }
  if (refused.ok()) {
    queue_changed_.notify_one();
  } else {
    answer(refused, revision());
  }
}

absl::StatusOr<uint64_t> Store::WriteAndWait(WriteOptions options, Command command) {
  TURNABOUT_CHECK(std::this_thread::get_id() != writer_.get_id());
  std::promise<absl::StatusOr<uint64_t>> done;
  std::future<absl::StatusOr<uint64_t>> answer = done.get_future();
  Write(std::move(options), std::move(command), [&done](const absl::Status& status, uint64_t revision) {
    if (status.ok()) {
      done.set_value(revision);
    } else {
      done.set_value(status);
    }
  });
  return answer.get();
}

absl::Status Store::Read(uint64_t at_least_revision, absl::FunctionRef<absl::Status(const Snapshot&)> read) const {
  const std::shared_lock<std::shared_mutex> lock = LockToRead();
  const uint64_t latest = head_.last_sequence;
  if (latest < at_least_revision) {
    return Refuse(Reason::kRevisionNotReached,
                  {{"revision", absl::StrCat(at_least_revision)}, {"latest", absl::StrCat(latest)}});
  }
  return read(Snapshot(records_, requests_, Layer::kDurable, latest));
}

std::shared_lock<std::shared_mutex> Store::LockToRead() const {
  const std::lock_guard<std::mutex> through(door_);
  return std::shared_lock<std::shared_mutex>(durable_);
}

Head Store::head() const {
  const std::shared_lock<std::shared_mutex> lock = LockToRead();
  return head_;
}

std::deque<Store::Waiting> Store::TakeWaiting() {
  std::unique_lock<std::mutex> lock(queue_mutex_);
  queue_changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

void Store::RunWriter() {
  std::vector<Answered> answered;
  const auto commit = [&](absl::Time now) {
    const absl::Status committed = CommitGroup(now);
    for (Answered& each : answered) {
      // Even a refusal: it may rest on what an earlier command of the group wrote, which now never was.
      each.answer(committed.ok() ? each.status : committed, revision());
    }
    answered.clear();
  };
  while (true) {
    std::deque<Waiting> waiting = TakeWaiting();
    if (waiting.empty()) return;
    absl::Time now = std::max(clock_.Now(), absl::FromUnixMicros(last_time_micros_));
    while (!waiting.empty()) {
      absl::Status status = RunCommand(waiting.front(), now);
      answered.push_back({std::move(waiting.front().answer), std::move(status)});
      waiting.pop_front();
      if (builder_.record_count() >= kGroupRecordsMax || builder_.body_bytes() >= kGroupBytesMax) {
        commit(now);
        now = std::max(clock_.Now(), now);
      }
    }
    commit(now);
  }
}

// Runs one command; whatever it wrote is kept only when it is accepted and no dry run.
absl::Status Store::RunCommand(Waiting& waiting, absl::Time now) {
  {
    std::lock_guard<std::mutex> lock(queue_mutex_);
    if (!failed_.ok()) return failed_;
  }
  if (clock_.Now() > waiting.options.deadline) return Refuse(Reason::kDeadlinePassed);
  if (waiting.options.cancelled && waiting.options.cancelled()) return Refuse(Reason::kCancelled);

  const uint32_t records_before = builder_.record_count();
  command_bytes_start_ = builder_.body_bytes();
  command_records_start_ = records_before;
  append_status_ = absl::OkStatus();
  Txn txn(*this, records_, requests_, revision(), now);
  absl::Status status = waiting.command(txn);
  if (status.ok()) status = append_status_;
  const bool keep = status.ok() && !waiting.options.dry_run;
  if (!keep) builder_.Truncate(records_before);
  for (Projection* projection : projections_) {
    if (keep) {
      projection->Keep();
    } else {
      projection->Drop();
    }
  }
  return status;
}

absl::Status Store::CommitGroup(absl::Time now) {
  if (builder_.record_count() == 0) return absl::OkStatus();
  const Block block = builder_.Seal(head_, now);
  const absl::Status appended = journal_->Append(block);
  if (!appended.ok()) {
    for (Projection* projection : projections_) projection->Discard();
    // A full disk was found before anything was written: the group is refused, and later ones may fit again.
    if (!IsRefusedFor(appended, Reason::kDiskFull)) Fail(appended);
    return appended;
  }
  last_time_micros_ = block.header.time_micros;
  const std::lock_guard<std::mutex> shut(door_);
  const std::unique_lock<std::shared_mutex> lock(durable_);
  for (Projection* projection : projections_) projection->Publish();
  head_ = block.AsHead();
  revision_.store(head_.last_sequence, std::memory_order_release);
  return absl::OkStatus();
}

void Store::Fail(const absl::Status& status) {
  Log(Severity::kError, "journal write failed; no more writes are taken", {{"status", std::string(status.message())}});
  {
    std::lock_guard<std::mutex> lock(queue_mutex_);
    failed_ = status;
  }
  if (on_failure_) on_failure_(status);
}

absl::StatusOr<Verified> Store::Verify() const {
  std::vector<Sha256Digest> at_hand;
  Head head;
  {
    const std::shared_lock<std::shared_mutex> lock = LockToRead();
    for (const Projection* projection : projections_) at_hand.push_back(projection->Digest());
    head = head_;
  }
  std::vector<std::unique_ptr<Projection>> rebuilt;
  std::vector<Projection*> raw;
  for (const Projection* projection : projections_) {
    rebuilt.push_back(projection->NewEmpty());
    raw.push_back(rebuilt.back().get());
  }
  Verified verified;
  RETURN_IF_ERROR(ReplayInto(*journal_, head.number, raw, verified));
  if (verified.head != head) {
    return Refuse(Reason::kBooksDisagree, {{"problem", "the journal's head is not the one last written"}});
  }
  for (size_t i = 0; i < rebuilt.size(); ++i) {
    if (rebuilt[i]->Digest() != at_hand[i]) {
      return Refuse(Reason::kBooksDisagree,
                    {{"problem", absl::StrCat(rebuilt[i]->name(), " differ from what the journal implies")}});
    }
  }
  verified.digest = CombineDigests(at_hand);
  return verified;
}

}  // namespace turnabout
