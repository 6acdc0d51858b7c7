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
// Threads: safe for concurrent use. One thread of its own, the writer, runs every command.
#ifndef TURNABOUT_STORE_STORE_H_
#define TURNABOUT_STORE_STORE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "store/journal/block.h"
#include "store/journal/journal.h"
#include "store/projection/projection.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"
#include "store/txn.h"

namespace turnabout {

struct WriteOptions {
  // After this nothing is run: DEADLINE_PASSED. DEFAULT: no deadline.
  absl::Time deadline = absl::InfiniteFuture();
  // True: the command runs, its answer is as if it had been written, and nothing is.
  bool dry_run = false;
  // Asked just before the command runs; true: it does not (CANCELLED). DEFAULT: never.
  std::function<bool()> cancelled = {};
};

// What VerifyStore found.
struct Verified {
  uint64_t blocks = 0;
  uint64_t records = 0;
  uint64_t entries = 0;
  Head head;
  Sha256Digest digest{};  // of every projection together
};

class Store {
 public:
  // Deterministic, without side effects: it may be run where its writes are dropped. Runs on the writer's thread.
  using Command = absl::AnyInvocable<absl::Status(Txn&)>;
  // Told the command's status and the revision at which its writes are durable. Must not block.
  using Answer = absl::AnyInvocable<void(const absl::Status&, uint64_t revision)>;

  // Replays `journal` into `projections`. Errors: those of Journal::Read, and DATA_LOSS of a projection.
  // REQUIRES: `clock` and the projections outlive the store; the projections are empty.
  static absl::StatusOr<std::unique_ptr<Store>> Open(std::unique_ptr<Journal> journal, const Clock& clock,
                                                     std::vector<Projection*> projections);

  // Answers every command that waits, then stops.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Queues `command` and returns. `answer` is called once, from the writer's thread or, when the command cannot be
  // queued, from this one: QUEUE_FULL, or JOURNAL_UNAVAILABLE after a failed write.
  void Write(WriteOptions options, Command command, Answer answer);

  // Write, waited for. Not from the writer's thread.
  absl::StatusOr<uint64_t> WriteAndWait(WriteOptions options, Command command);

  // Runs `read` over the latest durable revision. UNAVAILABLE/REVISION_NOT_REACHED when that is below
  // `at_least_revision`; else what `read` returned. `read` must not block, and must not call the store.
  absl::Status Read(uint64_t at_least_revision, absl::FunctionRef<absl::Status(const Snapshot&)> read) const;

  // The latest durable revision, and the block it ends.
  uint64_t revision() const { return revision_.load(std::memory_order_acquire); }
  Head head() const;

  const Journal& journal() const { return *journal_; }

  // Calls `told` once, from the writer's thread, when a write has failed and the store takes no more. The server stops
  // itself then. REQUIRES: set before the first Write.
  void OnFailure(std::function<void(const absl::Status&)> told) { on_failure_ = std::move(told); }

  // Replays the journal into empty projections and compares them with what is at hand. DATA_LOSS with what differs.
  // Writers and readers go on meanwhile, but for the moment in which the digests are taken.
  absl::StatusOr<Verified> Verify() const;

 private:
  friend class Txn;

  struct Waiting {
    WriteOptions options;
    Command command;
    Answer answer;
  };
  struct Answered {
    Answer answer;
    absl::Status status;
  };

  Store(std::unique_ptr<Journal> journal, const Clock& clock, std::vector<Projection*> projections);
  absl::Status Replay();
  std::shared_lock<std::shared_mutex> LockToRead() const;
  void RunWriter();
  std::deque<Waiting> TakeWaiting();
  absl::Status RunCommand(Waiting& waiting, absl::Time now);
  absl::Status CommitGroup(absl::Time now);
  void Fail(const absl::Status& status);

  std::unique_ptr<Journal> journal_;
  const Clock& clock_;
  Records records_;
  Requests requests_;
  std::vector<Projection*> projections_;  // records_ and requests_ first

  // Held shared to read the durable layers, alone to publish. Taken through the door, which whoever publishes keeps
  // shut until it has its turn: readers who never pause would keep it out for ever otherwise.
  mutable std::shared_mutex durable_;
  mutable std::mutex door_;
  Head head_;  // guarded by durable_
  std::atomic<uint64_t> revision_{0};

  // The writer's thread only.
  BlockBuilder builder_;
  absl::Status append_status_;  // of the command that runs
  int64_t last_time_micros_ = 0;
  size_t command_bytes_start_ = 0;      // where the command that runs began
  uint32_t command_records_start_ = 0;  // likewise

  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Waiting> queue_;  // guarded by queue_mutex_
  bool stopping_ = false;      // guarded by queue_mutex_
  absl::Status failed_;        // guarded by queue_mutex_; OK while writing works
  std::function<void(const absl::Status&)> on_failure_;
  std::thread writer_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_STORE_H_
