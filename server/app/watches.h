// Watches tell callers what is written in their scheme, in order and as it becomes durable, each at their own pace.
//
//   auto watch = watches.Start(request);                  // from any revision on
//   (*watch)->Next([](absl::StatusOr<v1::WatchJournalResponse> response) { ... });
//
// A watch reads the journal itself, from wherever its caller is. So a caller who is slow, or a million entries behind,
// costs writers nothing, and one who comes back with the last revision they had misses nothing.
#ifndef TURNABOUT_SERVER_APP_WATCHES_H_
#define TURNABOUT_SERVER_APP_WATCHES_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/journal_service.pb.h"

namespace turnabout {

class Watches;
struct ReadRecord;

// Threads: safe for concurrent use.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  // Calls `reply` once, from a thread of the Watches': with what came next; with nothing but how far it is when that
  // has moved on and nothing came for a while; or with why the watch is over. REQUIRES: every earlier reply has come.
  void Next(Reply<v1::WatchJournalResponse> reply);

  // The watch is over; a Next that waits is told `status`, and so is every later one.
  void End(const absl::Status& status);

 private:
  friend class Watches;

  explicit Watch(Watches& watches) : watches_(watches) {}

  Watches& watches_;

  // Set by Watches::Start and not changed again.
  std::shared_ptr<const SchemeView> scheme_;
  std::optional<AccountKey> account_;
  bool entries_only_ = false;

  // The thread of the Watches' alone, once it has started.
  uint64_t sequence_ = 0;  // everything up to here was sent or passed over
  uint64_t block_ = 0;     // the number of the block to read next; 0 while that is not known
  uint64_t told_ = 0;      // the revision of the last response
  absl::Time told_at_;     // and when that was

  Reply<v1::WatchJournalResponse> waiting_;  // guarded by the Watches' mutex; null for none
  absl::Status over_;                        // likewise; OK while it goes on
};

class Watches {
 public:
  // How long nothing is said to a caller for whom nothing came. DEFAULT: 10 s.
  struct Options {
    absl::Duration progress_every = absl::Seconds(10);
  };

  // REQUIRES: `context` outlives the Watches, and nothing has been written through it yet.
  explicit Watches(const Context& context) : Watches(context, Options()) {}
  Watches(const Context& context, Options options);
  // Ends every watch that waits: DRAINING.
  ~Watches();
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  // Errors: as WatchJournal's. REQUIRES: the Watches outlive the watch.
  absl::StatusOr<std::shared_ptr<Watch>> Start(const v1::WatchJournalRequest& request);

 private:
  friend class Watch;
  // Rung when there may be something to read; outlives the Watches where the store still knows it.
  struct Bell {
    std::mutex mutex;
    std::condition_variable changed;
    bool rung = false;                           // guarded by mutex
    bool stopping = false;                       // likewise
    std::deque<std::shared_ptr<Watch>> waiting;  // likewise: those with a Next that may not be answered
  };

  void Run();
  bool Serve(Watch& watch);
  absl::Status ReadOn(Watch& watch, v1::WatchJournalResponse& response) const;
  absl::Status ReadBlock(Watch& watch, const Block& block, v1::WatchJournalResponse& response) const;
  absl::Status Show(const Watch& watch, absl::Span<const ReadRecord> records, int64_t time_micros,
                    v1::WatchJournalResponse& response) const;
  static Reply<v1::WatchJournalResponse> TakeReply(Watch& watch);

  const Context& context_;
  const Options options_;
  const std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
  std::thread thread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_WATCHES_H_
