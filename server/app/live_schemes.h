// LiveSchemes keep, for each scheme that somebody asks about, the best set of matches as things are now.
//
//   live.Ask("cardiff", absl::Seconds(2), [](LiveScheme* scheme) {
//     if (scheme != nullptr) scheme->pool.GiversOf(ana);   // as of scheme->revision
//   });
//
// A scheme is read from the store when it is first asked about, and worked out from nothing, which takes seconds in a
// large one; whoever will not wait so long is told so. From then on the journal says which of its people and pairs have
// changed, and those are read again when it is asked about next. On a new day, and when its rules change, it is worked
// out anew. What nobody has asked about for a while is forgotten.
//
// All of it happens on one thread of its own, so that neither the writer nor a caller ever waits for it.
#ifndef TURNABOUT_SERVER_APP_LIVE_SCHEMES_H_
#define TURNABOUT_SERVER_APP_LIVE_SCHEMES_H_

#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/seed.h"
#include "matcher/live/live_pool.h"
#include "server/app/pool.h"
#include "server/app/request.h"

namespace turnabout {

// A scheme as whoever asked sees it.
struct LiveScheme {
  LivePool& pool;  // balanced
  // Everything written up to here has been seen. What was written later has not, unless it kept coming all the while.
  uint64_t revision = 0;
};

class LiveSchemes {
 public:
  // Told once, on the LiveSchemes' thread, which it must not hold up. Null: not within the time there was, or there is
  // no such scheme.
  using Told = absl::AnyInvocable<void(LiveScheme* scheme)>;

  // REQUIRES: `context` outlives the LiveSchemes, and nothing has been written through it yet.
  explicit LiveSchemes(const Context& context);
  // Whoever waits is told null.
  ~LiveSchemes();
  LiveSchemes(const LiveSchemes&) = delete;
  LiveSchemes& operator=(const LiveSchemes&) = delete;

  // Tells of the scheme with everything that is durable now. Threads: any.
  void Ask(std::string slug, absl::Duration patience, Told told);

  // What decides between equally good sets of a scheme on a day: the same after a restart, another tomorrow.
  static Seed SeedOn(uint32_t scheme, absl::CivilDay day);

  // How many schemes were worked out from nothing so far, and how many are kept; for tests.
  int64_t builds() const;
  int64_t kept() const;

 private:
  struct Asking {
    int64_t number = 0;
    std::string slug;
    absl::Time until;
    Told told;
  };
  // Rung when there is something to do; outlives the LiveSchemes where the store still knows it.
  struct Bell {
    std::mutex mutex;
    std::condition_variable changed;
    std::list<Asking> asking;  // first come first; guarded by mutex, like all that follows
    int64_t last_number = 0;
    bool published = false;  // since the journal was read last
    bool following = false;  // there is a scheme to which that may matter
    bool stopping = false;
    int64_t builds = 0;
    int64_t kept = 0;
  };
  // One scheme. What has changed since it was brought up to date is read again then.
  struct Kept {
    std::shared_ptr<const SchemeView> scheme;
    std::unique_ptr<LivePool> pool;
    absl::Time as_of;
    absl::Time asked;
    bool is_outdated = false;  // all must be read again
    absl::flat_hash_set<MemberId> members;
    absl::flat_hash_set<std::pair<MemberId, MemberId>> pairs;
  };

  void Run();
  void AnswerFirst(std::unique_lock<std::mutex>& lock);
  void Drop(const std::string& slug, const absl::Status& why);
  void Forget();
  // Tells those who have waited as long as they would. False when all is to stop.
  bool GoesOn();

  // Up to date with everything that was durable when it was called, and the revision.
  absl::StatusOr<Kept*> BringUpToDate(const std::string& slug, uint64_t& revision);
  bool IsOutdated(const Kept& kept) const;
  absl::StatusOr<Kept*> Build(const std::string& slug);
  absl::Status ReadChanges(Kept& kept);

  // Reads the journal to its end, and notes in each scheme what has changed. When it cannot be read nothing is kept.
  absl::Status ReadOn();
  absl::Status ReadBlocks();
  absl::Status Note(const RecordView& record);
  void NoteRow(absl::string_view key);
  void NoteTurns(const AccountKey& account);
  Kept* FindByNumber(uint32_t scheme);

  const Context& context_;
  const std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();

  // The thread's alone.
  std::map<uint32_t, std::unique_ptr<Kept>> kept_;  // by the scheme's number
  uint64_t read_to_ = 0;                            // the last record that was noted
  uint64_t next_block_ = 0;                         // 0: nobody follows the journal

  std::thread thread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_LIVE_SCHEMES_H_
