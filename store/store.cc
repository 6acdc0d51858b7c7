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

namespace turnabout {
namespace {

// With so many cuts' worth of records that no cut holds, writing waits for the shelf.
constexpr uint64_t kUncutCutsMax = 2;
// A shelf that could not be written is tried again after this.
constexpr std::chrono::milliseconds kShelfRetry{1000};

}  // namespace

Store::Store(std::unique_ptr<Journal> journal, const Clock& clock, std::vector<Projection*> projections,
             ShelfOptions shelf, StoreObserver* observer)
    : journal_(std::move(journal)),
      clock_(clock),
      shelf_(std::move(shelf.shelf)),
      cut_records_(shelf.cut_records),
      cut_every_(shelf.cut_every),
      observer_(observer),
      engine_(std::move(projections)) {}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(std::unique_ptr<Journal> journal, const Clock& clock,
                                                   std::vector<Projection*> projections, ShelfOptions shelf,
                                                   StoreObserver* observer) {
  std::unique_ptr<Store> store(
      new Store(std::move(journal), clock, std::move(projections), std::move(shelf), observer));
  RETURN_IF_ERROR(store->Recover());
  store->writer_ = std::thread([raw = store.get()] { raw->RunWriter(); });
  return store;
}

Store::~Store() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  const bool is_open = writer_.joinable();
  if (is_open) writer_.join();
  if (shelf_ == nullptr) return;
  ChangeDurable([&] { engine_.LeaveShelf(); });
  if (!is_open) return;
  const absl::Status synced = shelf_->Sync();
  if (!synced.ok())
    Log(Severity::kWarning, "the shelf could not be synced", {{"status", std::string(synced.message())}});
}

void Store::Write(WriteOptions options, Command command, Answer answer) {
  absl::Status refused;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
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
    changed_.notify_all();
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
  const uint64_t latest = engine_.head().last_sequence;
  if (latest < at_least_revision) {
    return Refuse(Reason::kRevisionNotReached,
                  {{"revision", absl::StrCat(at_least_revision)}, {"latest", absl::StrCat(latest)}});
  }
  const absl::Status done = read(Snapshot(engine_.records(), engine_.requests(), Layer::kDurable, latest));
  RETURN_IF_ERROR(CheckShelf());
  return done;
}

absl::Status Store::CheckShelf() const {
  if (shelf_ == nullptr) return absl::OkStatus();
  absl::Status damage = shelf_->damage();
  if (!damage.ok()) {
    // So that the writer, which stops the store, does not miss it between a look and its sleep.
    { const std::lock_guard<std::mutex> lock(mutex_); }
    changed_.notify_all();
  }
  return damage;
}

std::shared_lock<std::shared_mutex> Store::LockToRead() const {
  const std::lock_guard<std::mutex> through(door_);
  return std::shared_lock<std::shared_mutex>(durable_);
}

Head Store::head() const {
  const std::shared_lock<std::shared_mutex> lock = LockToRead();
  return engine_.head();
}

size_t Store::queue_depth() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.size() + taken_count_.load(std::memory_order_relaxed);
}

uint64_t Store::shelf_lag() const {
  if (shelf_ == nullptr) return 0;
  // Read first: by the time the revision is read, the shelf may have passed an older one.
  const uint64_t shelved = shelf_->reached().last_sequence;
  return revision() - shelved;
}

template <typename Change>
void Store::ChangeDurable(Change change) {
  const std::lock_guard<std::mutex> shut(door_);
  const std::unique_lock<std::shared_mutex> lock(durable_);
  change();
}

void Store::RunWriter() {
  while (WaitForWork()) {
    if (group_ended_.exchange(false)) FinishGroup();
    if (cut_ended_.exchange(false)) FinishCut();
    if (ShelfFails()) Fail(shelf_->damage());
    RunCommands();
    StartGroup();
    if (CutIsDue()) StartCut();
  }
}

// False once it is stopping, and everything that waited is done and on the shelf.
bool Store::WaitForWork() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto has_work = [&] {
    if (group_ended_ || cut_ended_ || ShelfFails()) return true;
    if (!queue_.empty() && HasRoom()) return true;
    return stopping_ && !writing_ && !cutting_;
  };
  if (taken_.empty() || !HasRoom()) {
    if (uncut_since_.has_value() && !cutting_) {
      changed_.wait_until(lock, *uncut_since_ + cut_every_, has_work);
    } else {
      changed_.wait(lock, has_work);
    }
  }
  if (taken_.empty()) std::swap(taken_, queue_);
  taken_count_.store(taken_.size(), std::memory_order_relaxed);
  if (!stopping_ || !taken_.empty() || writing_ || cutting_ || cut_ended_) return true;
  if (!uncut_since_.has_value()) return false;
  uncut_since_ = Instant();  // what is left is cut at once
  return true;
}

// Whether the shelf is damaged and nobody was told. The writer's thread.
bool Store::ShelfFails() const { return shelf_ != nullptr && failed_.ok() && !shelf_->damage().ok(); }

// Whether another command may run before the group is sealed.
bool Store::HasRoom() const {
  if (engine_.staged_records() >= kGroupRecordsMax || engine_.staged_bytes() >= kGroupBytesMax) return false;
  return !cutting_ || shelf_refuses_ || engine_.uncut_records() < kUncutCutsMax * cut_records_;
}

// Runs what was taken from the queue until the group is full, or until there is something else to do.
void Store::RunCommands() {
  if (taken_.empty()) return;
  const Instant start = Instant::clock::now();
  while (!taken_.empty() && HasRoom() && !group_ended_) {
    absl::Status status = RunCommand(taken_.front());
    staged_answers_.push_back({std::move(taken_.front().answer), std::move(status)});
    taken_.pop_front();
    taken_count_.store(taken_.size(), std::memory_order_relaxed);
  }
  staged_apply_ += Instant::clock::now() - start;
}

// Runs one command; whatever it wrote is kept only when it is accepted and no dry run.
absl::Status Store::RunCommand(Waiting& waiting) {
  if (!failed_.ok()) return failed_;
  const absl::Time now = clock_.Now();
  if (now > waiting.options.deadline) return Refuse(Reason::kDeadlinePassed);
  if (waiting.options.cancelled && waiting.options.cancelled()) return Refuse(Reason::kCancelled);
  // A group has one time, and no group's is before that of the group before.
  if (engine_.staged_records() == 0) group_time_ = std::max(group_time_, now);
  const auto command = [&](Txn& txn) -> absl::Status {
    const absl::Status status = waiting.command(txn);
    RETURN_IF_ERROR(CheckShelf());
    return status;
  };
  return engine_.Run(command, group_time_, !waiting.options.dry_run);
}

// Hands what is staged to the disk, unless that is busy. Alone in the queue, it is not worth another thread's waking.
void Store::StartGroup() {
  if (writing_) return;
  GroupReport report = ReportStaged();
  if (engine_.staged_records() == 0) {
    Tell(report);
    for (Answered& each : std::exchange(staged_answers_, {})) each.answer(each.status, revision());
    return;
  }
  auto group = std::make_shared<BlockBuilder>(engine_.Seal());
  sealed_answers_ = std::exchange(staged_answers_, {});
  writing_ = true;
  report.records = group->record_count();
  report.bytes = group->body_bytes();
  const auto write = [this, group, report, now = group_time_] {
    absl::StatusOr<Head> written = WriteGroup(*group, now, report);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      written_ = std::move(written);
      group_ended_ = true;
    }
    changed_.notify_all();
  };
  bool alone = taken_.empty();
  if (alone) {
    const std::lock_guard<std::mutex> lock(mutex_);
    alone = queue_.empty();
  }
  if (alone) {
    write();
  } else {
    disk_.Start(write);
  }
}

absl::StatusOr<Head> Store::WriteGroup(BlockBuilder& group, absl::Time now, GroupReport report) {
  const Block block = group.Seal(chain_, now);
  const Instant start = Instant::clock::now();
  report.written = journal_->Append(block);
  report.sync = Instant::clock::now() - start;
  Tell(report);
  RETURN_IF_ERROR(report.written);
  chain_ = block.AsHead();
  return chain_;
}

// What the observer is told of the commands that wait for their group to be written, but for the writing.
GroupReport Store::ReportStaged() {
  return {.commands = staged_answers_.size(), .apply = std::exchange(staged_apply_, {})};
}

void Store::Tell(const GroupReport& report) {
  if (observer_ != nullptr && report.commands > 0) observer_->GroupEnded(report);
}

void Store::FinishGroup() {
  writing_ = false;
  absl::StatusOr<Head> written;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    written = std::exchange(written_, Head{});
  }
  if (written.ok()) {
    Published(*written);
  } else {
    Refused(written.status());
  }
}

void Store::Published(const Head& head) {
  ChangeDurable([&] { engine_.Publish(head); });
  revision_.store(head.last_sequence, std::memory_order_release);
  if (shelf_ != nullptr && !uncut_since_.has_value()) uncut_since_ = std::chrono::steady_clock::now();
  for (Answered& each : std::exchange(sealed_answers_, {})) each.answer(each.status, head.last_sequence);
  for (const std::function<void()>& told : on_published_) told();
}

// The group that could not be written never was, and neither was what is staged above it. Even a refusal may rest on
// what an earlier command wrote, so that every one of them is told.
void Store::Refused(const absl::Status& status) {
  engine_.Discard();
  // A full disk was found before anything was written: the group is refused, and later ones may fit again.
  if (!IsRefusedFor(status, Reason::kDiskFull)) Fail(status);
  GroupReport staged = ReportStaged();
  staged.written = status;
  Tell(staged);
  for (Answered& each : std::exchange(sealed_answers_, {})) each.answer(status, revision());
  for (Answered& each : std::exchange(staged_answers_, {})) each.answer(status, revision());
}

void Store::Fail(const absl::Status& status) {
  if (!failed_.ok()) return;
  Log(Severity::kError, "no more writes are taken", {{"status", std::string(status.message())}});
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    failed_ = status;
  }
  if (on_failure_) on_failure_(status);
}

bool Store::CutIsDue() const {
  if (!uncut_since_.has_value() || cutting_) return false;
  return engine_.uncut_records() >= cut_records_ || std::chrono::steady_clock::now() - *uncut_since_ >= cut_every_;
}

void Store::StartCut() {
  auto cuts = std::make_shared<std::vector<Cut>>();
  ChangeDurable([&] { *cuts = engine_.TakeCuts(); });
  cutting_ = true;
  uncut_since_.reset();
  shelver_.Start([this, cuts, head = engine_.head()] { Shelve(*cuts, head); });
}

// The shelf worker's thread.
void Store::Shelve(std::vector<Cut>& cuts, const Head& head) {
  const Instant start = Instant::clock::now();
  const uint64_t before = shelf_->reached().last_sequence;
  RowBatch& rows = shelf_rows_;
  rows.Clear();
  // The names of their tables come in the opposite order of the projections: like this there is little left to sort.
  for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) (*cut)(rows);
  rows.Sort();
  for (absl::Status put = shelf_->Put(rows, head); !put.ok(); put = shelf_->Put(rows, head)) {
    if (!shelf_refuses_.exchange(true)) {
      Log(Severity::kWarning, "the shelf cannot be written; what is new stays in memory",
          {{"status", std::string(put.message())}});
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (changed_.wait_for(lock, kShelfRetry, [&] { return stopping_ || !shelf_->damage().ok(); })) break;
  }
  shelf_refuses_ = false;
  const CutReport report{shelf_->reached().last_sequence - before, Instant::clock::now() - start};
  if (observer_ != nullptr && report.records > 0) observer_->CutEnded(report);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    cut_ended_ = true;
  }
  changed_.notify_all();
}

void Store::FinishCut() {
  cutting_ = false;
  // When it was given up, because the store is stopping, what is in memory stays there.
  if (shelf_->reached().last_sequence >= engine_.cut_sequence()) ChangeDurable([&] { engine_.Shelved(); });
}

absl::StatusOr<Verified> Store::Verify() const {
  AtHand at_hand;
  std::unique_ptr<ShelfView> snapshot;
  {
    const std::shared_lock<std::shared_mutex> lock = LockToRead();
    for (const Projection* projection : engine_.projections()) {
      projection->AddRowsInMemory(at_hand.in_memory.emplace_back());
    }
    at_hand.head = engine_.head();
    if (shelf_ != nullptr) snapshot = shelf_->NewSnapshot();
    RETURN_IF_ERROR(CheckShelf());
  }
  for (RowBatch& rows : at_hand.in_memory) rows.Sort();
  at_hand.shelf = snapshot.get();
  std::vector<std::unique_ptr<Projection>> rebuilt;
  std::vector<Projection*> projections;
  for (const Projection* projection : engine_.given()) {
    rebuilt.push_back(projection->NewEmpty());
    projections.push_back(rebuilt.back().get());
  }
  ASSIGN_OR_RETURN(Verified verified, Audit(*journal_, projections, nullptr, at_hand));
  if (!verified.shelf.ok()) return verified.shelf;
  return verified;
}

}  // namespace turnabout
