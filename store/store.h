// A Store runs commands one at a time over everything the journal implies, and answers each once it is durable.
//
//   Book book;
//   absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(journal, clock, {&book});
//   absl::StatusOr<uint64_t> revision = (*store)->WriteAndWait({}, [](Txn& txn) {
//     txn.Put("colour", "green");
//     return absl::OkStatus();
//   });
//   (*store)->Read(0, [](const Snapshot& snapshot) { snapshot.Get("colour"); });
//
// Invariants:
//   (1) A command that returns an error leaves nothing behind.
//   (2) Nobody sees what is not durable, but for commands of the same group, which are answered after it is; when it
//       cannot be written, every one of them is told so, whatever it would have answered.
//   (3) Commands are answered in the order in which they ran.
//   (4) After a failed sync nothing more is written: memory would be ahead of the disk.
//
// Threads: safe for concurrent use. One thread of its own, the writer, runs every command; another seals and writes the
// group that is ready while the writer goes on with the next; with a shelf, a third takes what is durable there.
#ifndef TURNABOUT_STORE_STORE_H_
#define TURNABOUT_STORE_STORE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "store/audit/audit.h"
#include "store/engine.h"
#include "store/journal/block.h"
#include "store/journal/journal.h"
#include "store/observer.h"
#include "store/projection/projection.h"
#include "store/shelf/shelf.h"
#include "store/txn.h"
#include "store/worker.h"

namespace turnabout {

struct WriteOptions {
  // After this nothing is run: DEADLINE_PASSED. DEFAULT: no deadline.
  absl::Time deadline = absl::InfiniteFuture();
  // True: the command runs, its answer is as if it had been written, and nothing is.
  bool dry_run = false;
  // Asked just before the command runs; true: it does not (CANCELLED). DEFAULT: never.
  std::function<bool()> cancelled = {};
};

// Where a store keeps what it need not keep in memory.
struct ShelfOptions {
  // Null: everything stays in memory.
  std::unique_ptr<Shelf> shelf;
  // What is durable goes to the shelf when there are so many records of it, or when the first has waited for so long.
  uint64_t cut_records = 200'000;
  std::chrono::milliseconds cut_every{500};
};

class Store {
 public:
  // Deterministic, without side effects: it may be run where its writes are dropped. Runs on the writer's thread.
  using Command = absl::AnyInvocable<absl::Status(Txn&)>;
  // Told the command's status and the revision at which its writes are durable. Must not block.
  using Answer = absl::AnyInvocable<void(const absl::Status&, uint64_t revision)>;

  // Fills `projections` from `shelf`, where there is one, and replays what `journal` has after that. Without a shelf
  // they stay in memory whole. A shelf that does not fit the journal is emptied. Errors: those of Journal::Read, and
  // DATA_LOSS of a projection. REQUIRES: `clock`, the projections and the observer, if there is one, outlive the store;
  // the projections are empty, and are not read once the store is gone where there was a shelf.
  static absl::StatusOr<std::unique_ptr<Store>> Open(std::unique_ptr<Journal> journal, const Clock& clock,
                                                     std::vector<Projection*> projections, ShelfOptions shelf = {},
                                                     StoreObserver* observer = nullptr);

  // Answers every command that waits, takes what is durable to the shelf, then stops.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Queues `command` and returns. `answer` is called once, from the writer's thread or, when the command cannot be
  // queued, from this one: QUEUE_FULL, or JOURNAL_UNAVAILABLE after a failed write.
  void Write(WriteOptions options, Command command, Answer answer);

  // Write, waited for. Not from the writer's thread.
  absl::StatusOr<uint64_t> WriteAndWait(WriteOptions options, Command command);

  // Runs `read` over the latest durable revision. UNAVAILABLE/REVISION_NOT_REACHED when that is below
  // `at_least_revision`, or UNAVAILABLE/SHELF_DAMAGED, which stops the store; else what `read` returned. `read` must
  // not block, and must not call the store.
  absl::Status Read(uint64_t at_least_revision, absl::FunctionRef<absl::Status(const Snapshot&)> read) const;

  // The latest durable revision, and the block it ends.
  uint64_t revision() const { return revision_.load(std::memory_order_acquire); }
  Head head() const;

  const Journal& journal() const { return *journal_; }

  // How many commands wait for the writer, the one that it runs among them.
  size_t queue_depth() const;

  // How many durable records are not on the shelf yet; 0 without one.
  uint64_t shelf_lag() const;

  // Calls `told` once, from the writer's thread, when a write has failed and the store takes no more. The server stops
  // itself then. REQUIRES: set before the first Write.
  void OnFailure(std::function<void(const absl::Status&)> told) { on_failure_ = std::move(told); }

  // Calls `told`, and whoever asked for it before, from the writer's thread whenever revision() has moved on. It must
  // not block. REQUIRES: called before the first Write.
  void OnPublished(std::function<void()> told) { on_published_.push_back(std::move(told)); }

  // Replays the journal into empty projections and compares them with what is at hand, in memory and on the shelf.
  // DATA_LOSS/JOURNAL_DAMAGED with the first place that is not as written; DATA_LOSS/BOOKS_DISAGREE with what differs;
  // UNAVAILABLE/SHELF_DAMAGED.
  // Writers and readers go on meanwhile, but for the moment in which the digests are taken.
  absl::StatusOr<Verified> Verify() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  struct Waiting {
    WriteOptions options;
    Command command;
    Answer answer;
  };
  struct Answered {
    Answer answer;
    absl::Status status;
  };

  Store(std::unique_ptr<Journal> journal, const Clock& clock, std::vector<Projection*> projections, ShelfOptions shelf,
        StoreObserver* observer);

  // Opening (store_open.cc).
  absl::Status Recover();
  absl::Status ReplayTail();
  absl::Status UseShelf(const Head& journal_head);
  absl::Status EmptyShelf();

  std::shared_lock<std::shared_mutex> LockToRead() const;
  absl::Status CheckShelf() const;
  template <typename Change>
  void ChangeDurable(Change change);

  // The writer's thread: one turn of RunWriter each.
  void RunWriter();
  bool WaitForWork();
  void FinishGroup();
  void RunCommands();
  void StartGroup();
  bool ShelfFails() const;
  bool HasRoom() const;
  absl::Status RunCommand(Waiting& waiting);
  void Published(const Head& head);
  void Refused(const absl::Status& status);
  void Fail(const absl::Status& status);

  GroupReport ReportStaged();
  void Tell(const GroupReport& report);

  // What it hands to others.
  absl::StatusOr<Head> WriteGroup(BlockBuilder& group, absl::Time now, GroupReport report);
  void Shelve(std::vector<Cut>& cuts, const Head& head);
  bool CutIsDue() const;
  void StartCut();
  void FinishCut();

  const std::unique_ptr<Journal> journal_;
  const Clock& clock_;
  const std::unique_ptr<Shelf> shelf_;  // null for none
  const uint64_t cut_records_;
  const std::chrono::milliseconds cut_every_;
  StoreObserver* const observer_;  // null for none

  // Held shared to read the durable layers, alone to change them. Taken through the door, which whoever changes them
  // keeps shut until it has its turn: readers who never pause would keep it out for ever otherwise.
  mutable std::shared_mutex durable_;
  mutable std::mutex door_;
  Engine engine_;  // its durable layer guarded by durable_, the rest the writer's thread's own
  std::atomic<uint64_t> revision_{0};

  // The writer's thread only.
  std::deque<Waiting> taken_;                 // from the queue
  std::atomic<size_t> taken_count_{0};        // how many of them are left, for whoever asks
  std::chrono::nanoseconds staged_apply_{0};  // for which commands of what is staged ran
  std::vector<Answered> staged_answers_;
  std::vector<Answered> sealed_answers_;
  absl::Time group_time_ = absl::InfinitePast();  // of what is staged
  bool writing_ = false;                          // a group is with the disk worker
  bool cutting_ = false;                          // a cut is with the shelf worker
  std::optional<Instant> uncut_since_;            // when something was published that no cut holds; nothing for none

  // Said by the workers, heard by the writer between two commands.
  std::atomic<bool> group_ended_{false};
  std::atomic<bool> cut_ended_{false};
  std::atomic<bool> shelf_refuses_{false};

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<Waiting> queue_;              // guarded by mutex_
  bool stopping_ = false;                  // guarded by mutex_
  absl::Status failed_;                    // guarded by mutex_, changed by the writer alone; OK while writing works
  absl::StatusOr<Head> written_ = Head{};  // guarded by mutex_: how the last group that ended did
  std::function<void(const absl::Status&)> on_failure_;
  std::vector<std::function<void()>> on_published_;

  RowBatch shelf_rows_;  // the shelf worker's, kept for its memory
  Head chain_;           // the end of the journal; of whichever thread writes a group
  std::thread writer_;
  // Last, so that they end first.
  Worker disk_;
  Worker shelver_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_STORE_H_
