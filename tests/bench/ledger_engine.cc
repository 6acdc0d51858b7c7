#include "tests/bench/ledger_engine.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/id.h"
#include "ledger/ledger.h"
#include "store/journal/rocksdb_journal.h"
#include "store/store.h"

namespace turnabout::bench {
namespace {

constexpr uint32_t kScheme = 1;

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * time.tv_usec; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The engine with its accounts open.
struct Engine {
  SystemClock clock;
  IdSource ids{clock, Seed{7}};
  Book book;
  Ledger ledger{book};
  std::unique_ptr<Store> store;
  std::vector<OwnerId> owners;

  Engine(const std::string& folder, int accounts) {
    absl::StatusOr<std::unique_ptr<Journal>> journal = OpenRocksdbJournal({.folder = folder, .ballast_bytes = 0});
    TURNABOUT_CHECK(journal.ok());
    absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(*std::move(journal), clock, {&book});
    TURNABOUT_CHECK(opened.ok());
    store = *std::move(opened);
    for (int i = 0; i < accounts; ++i) owners.push_back(ids.Next<MemberId>().bytes());
    TURNABOUT_CHECK(store
                        ->WriteAndWait({},
                                       [&](Txn& txn) {
                                         for (const OwnerId& owner : owners) {
                                           ledger.SetLimits({kScheme, Unit::kMinutes, owner}, {}, txn);
                                         }
                                         return absl::OkStatus();
                                       })
                        .ok());
  }
};

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
    ++done_;
    // Woken in batches: one wake-up for each would be most of what is measured.
    if (--inside_ <= most_ / 2 || most_ == 1) changed_.notify_one();
  }
  void WaitUntilEmpty() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return inside_ == 0; });
  }
  int64_t done() const { return done_; }

 private:
  const int most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  int64_t done_ = 0;
};

}  // namespace

EngineFigures RunEngine(const std::string& folder, const EngineLoad& load) {
  Engine engine(folder, load.accounts);
  Random random(Seed{load.seed});
  Window window(load.in_flight);
  const Head before = engine.store->head();
  const double cpu_before = CpuSeconds();
  const absl::Time start = absl::Now();
  while (absl::Now() - start < load.length) {
    for (int i = 0; i < 256; ++i) {
      const size_t from =
          load.spread == Spread::kHot ? 1 + random.Below(engine.owners.size() - 1) : random.Below(engine.owners.size());
      const size_t to =
          load.spread == Spread::kHot ? 0 : (from + 1 + random.Below(engine.owners.size() - 1)) % engine.owners.size();
      const Draft draft{.id = engine.ids.Next<EntryId>(),
                        .scheme = kScheme,
                        .kind = EntryKind::kGift,
                        .from = engine.owners[from],
                        .to = engine.owners[to],
                        .amount = 1};
      window.Enter();
      engine.store->Write(
          {}, [&engine, draft](Txn& txn) { return engine.ledger.Post({draft}, txn).status(); },
          [&window](const absl::Status& status, uint64_t) {
            TURNABOUT_CHECK(status.ok());
            window.Leave();
          });
    }
  }
  window.WaitUntilEmpty();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const Head after = engine.store->head();
  EngineFigures figures;
  const auto done = static_cast<double>(window.done());
  figures.transfers_per_s = done / seconds;
  figures.transfers_per_block = done / static_cast<double>(after.number - before.number);
  figures.cpu_us_per_transfer = 1e6 * (CpuSeconds() - cpu_before) / done;
  figures.bytes_per_transfer = kEntryBytes + 5 + kBlockHeaderBytes / figures.transfers_per_block;
  return figures;
}

double RunFileCeiling(const std::string& folder, double bytes_per_transfer, double transfers_per_block,
                      absl::Duration length) {
  const std::string path = absl::StrCat(folder, "/ceiling");
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  TURNABOUT_CHECK(file >= 0);
  const std::string group(static_cast<size_t>(bytes_per_transfer * transfers_per_block), 'x');
  double transfers = 0;
  const absl::Time start = absl::Now();
  while (absl::Now() - start < length) {
    TURNABOUT_CHECK(write(file, group.data(), group.size()) == static_cast<ssize_t>(group.size()));
    TURNABOUT_CHECK(fdatasync(file) == 0);
    transfers += transfers_per_block;
  }
  const double rate = transfers / absl::ToDoubleSeconds(absl::Now() - start);
  close(file);
  unlink(path.c_str());
  return rate;
}

}  // namespace turnabout::bench
