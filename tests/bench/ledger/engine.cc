#include "tests/bench/ledger/engine.h"

#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/check.h"
#include "base/id.h"
#include "ledger/ledger.h"
#include "store/journal/rocksdb_journal.h"
#include "store/store.h"

namespace turnabout::bench {
namespace {

constexpr uint32_t kSchemeNumber = 1;
// One answer in so many is timed, for all of them: the clock would be a good part of what is measured.
constexpr int kTimedTogether = 64;

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * time.tv_usec; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// How many transfers are under way, and a way to wait until there are fewer.
class Window {
 public:
  explicit Window(int most) : most_(most) {}

  void Enter() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return inside_ < most_; });
    ++inside_;
  }
  void Leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    // Woken in batches: one wake-up for each would be most of what is measured.
    if (--inside_ <= most_ / 2 || most_ == 1) changed_.notify_one();
  }
  void WaitUntilEmpty() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return inside_ == 0; });
  }

 private:
  const int most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;  // guarded by mutex_
};

}  // namespace

struct Engine::Parts {
  SystemClock clock;
  IdSource ids{clock, NextSeed()};
  Book book;
  Ledger ledger{book};
  std::unique_ptr<Store> store;
  std::vector<OwnerId> owners;

  Draft DraftOf(const Transfer& transfer) {
    return {.id = ids.Next<EntryId>(),
            .scheme = kSchemeNumber,
            .kind = EntryKind::kGift,
            .from = owners[transfer.from],
            .to = owners[transfer.to],
            .amount = 1};
  }
};

Engine::Engine(std::unique_ptr<Journal> journal) : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(std::move(journal), parts.clock, {&parts.book});
  TURNABOUT_CHECK(opened.ok());
  parts.store = *std::move(opened);
  for (int i = 0; i < kAccounts; ++i) parts.owners.push_back(parts.ids.Next<MemberId>().bytes());
  const auto open_accounts = [&](Txn& txn) {
    for (const OwnerId& owner : parts.owners) {
      parts.ledger.SetLimits({kSchemeNumber, Unit::kMinutes, owner}, {-kBalanceMax, kBalanceMax}, txn);
    }
    return absl::OkStatus();
  };
  TURNABOUT_CHECK(parts.store->WriteAndWait({}, open_accounts).ok());
}

Engine::~Engine() = default;

Sample Engine::Run(int in_flight, Spread spread, absl::Duration length) {
  Parts& parts = *parts_;
  Transfers transfers(spread, NextSeed());
  Window window(in_flight);
  const Head before = parts.store->head();
  const double cpu_before = CpuSeconds();
  const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
  Recorder recorder;
  int64_t asked = 0;
  for (Recorder::Time now = Recorder::Now(); now < until; now = Recorder::Now()) {
    for (int i = 0; i < kTimedTogether; ++i, ++asked) {
      const Transfer transfer = transfers.Next();
      const Draft draft = parts.DraftOf(transfer);
      window.Enter();
      parts.store->Write(
          {},
          [&parts, draft, transfer](Txn& txn) {
            if (txn.FindRequest(transfer.request_id).has_value()) return absl::AlreadyExistsError("");
            txn.Remember(transfer.request_id, {"", std::string(draft.id.view())});
            return parts.ledger.Post({draft}, txn).status();
          },
          [&window, &recorder, now, last = i == kTimedTogether - 1](const absl::Status& status, uint64_t) {
            TURNABOUT_CHECK(status.ok());
            if (last) recorder.Answered(now, kTimedTogether);
            window.Leave();
          });
    }
  }
  window.WaitUntilEmpty();
  Sample sample = recorder.Take();
  const auto done = static_cast<double>(asked);
  sample.cpu_us_per_transfer = 1e6 * (CpuSeconds() - cpu_before) / done;
  sample.transfers_per_group = done / static_cast<double>(parts.store->head().number - before.number);
  return sample;
}

std::unique_ptr<Journal> NewRocksdbJournal(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Journal>> journal = OpenRocksdbJournal({.folder = folder, .ballast_bytes = 0});
  TURNABOUT_CHECK(journal.ok());
  return *std::move(journal);
}

}  // namespace turnabout::bench
