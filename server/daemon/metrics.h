// Metrics count what the server does, and write it down as Prometheus reads it. docs/operate/metrics.md lists them.
//
//   Metrics metrics(MethodNames());
//   Store::Open(std::move(journal), clock, {&book}, {}, &metrics);
//   App app(store, ledger, clock, ids, metrics);
//   metrics.Text({.journal = "rocksdb", .head = store.head(), …});
//
// No label ever holds what a person or a scheme is called: only names of rpcs, reasons and codes, of which there are so
// many and no more.
#ifndef TURNABOUT_SERVER_DAEMON_METRICS_H_
#define TURNABOUT_SERVER_DAEMON_METRICS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/app/call_observer.h"
#include "server/daemon/process.h"
#include "store/journal/block.h"
#include "store/observer.h"

namespace turnabout {

// What is not counted but looked at, when somebody asks.
struct Readings {
  std::string journal = {};  // the backend's name
  Head head = {};
  uint64_t queue_depth = 0;
  uint64_t shelf_lag = 0;  // in records
  int64_t entries = 0;
  int64_t accounts = 0;
  // Of the disk that has the data folder; nothing where there is no folder, or the disk does not say.
  std::optional<uint64_t> disk_free_bytes = {};
  uint64_t low_water_bytes = 0;
  std::optional<ProcessReadings> process = {};
};

// Threads: safe for concurrent use.
class Metrics final : public StoreObserver, public CallObserver {
 public:
  // `methods` are the names of every rpc.
  explicit Metrics(const std::vector<std::string>& methods);
  ~Metrics() override;

  void GroupEnded(const GroupReport& group) override;
  void CutEnded(const CutReport& cut) override;

  // REQUIRES: `method` is one of the methods.
  void CallEnded(absl::string_view method, std::optional<Reason> refused, std::chrono::nanoseconds time) override;
  void ItemsRefused(Reason reason, int64_t count) override;

  // Prometheus' text format 0.0.4: by name, and within a name by labels. A method is there once it has been called.
  std::string Text(const Readings& readings) const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_METRICS_H_
