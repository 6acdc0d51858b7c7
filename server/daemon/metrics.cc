#include "server/daemon/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/check.h"
#include "base/version.h"

namespace turnabout {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildHistogram;
using prometheus::ClientMetric;
using prometheus::Counter;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Buckets = Histogram::BucketBoundaries;

// Bounds in seconds. A call that waits for the disk takes about as long as the disk; a round takes seconds.
Buckets CallBounds() { return {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10, 60}; }
Buckets SyncBounds() { return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5}; }
Buckets ApplyBounds() { return {0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1}; }
Buckets CutBounds() { return {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}; }
// In commands.
Buckets GroupBounds() { return {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192}; }

// Why a journal may refuse a block.
constexpr Reason kWriteFailures[] = {Reason::kDiskFull, Reason::kJournalUnavailable, Reason::kJournalDamaged,
                                     Reason::kWriterDeposed};

constexpr size_t kCodes = 17;  // of gRPC, which are absl's

double Seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string NameOf(Reason reason) { return std::string(InfoOf(reason).name); }

// One rpc. A place is empty until there is something to count, so that nobody reads of methods that nobody calls.
struct Method {
  std::string name;
  std::atomic<Histogram*> time{nullptr};
  std::array<std::atomic<Counter*>, kCodes> by_code{};
};

// What is in `place`, put there by `make` when it is empty. Two threads may make it at once: a family gives both the
// same.
template <typename T, typename Make>
T& InPlace(std::atomic<T*>& place, Make make) {
  T* found = place.load(std::memory_order_acquire);
  if (found != nullptr) return *found;
  found = &make();
  place.store(found, std::memory_order_release);
  return *found;
}

MetricFamily Reading(MetricType type, std::string name, std::string help, double value) {
  ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}
MetricFamily Gauge(std::string name, std::string help, double value) {
  return Reading(MetricType::Gauge, std::move(name), std::move(help), value);
}
MetricFamily Total(std::string name, std::string help, double value) {
  return Reading(MetricType::Counter, std::move(name), std::move(help), value);
}

void AddBuild(const Readings& readings, std::vector<MetricFamily>& families) {
  MetricFamily info =
      Gauge("turnabout_build_info", "Which release this is and where its journal is kept; always 1.", 1);
  info.metric[0].label = {{"journal", readings.journal}, {"version", std::string(kVersion)}};
  families.push_back(std::move(info));
}

void AddBooks(const Readings& readings, std::vector<MetricFamily>& families) {
  const Head& head = readings.head;
  const auto value = [](auto number) { return static_cast<double>(number); };
  families.push_back(Gauge("turnabout_write_queue_depth",
                           "Commands that wait for the writer, the one that it runs among them.",
                           value(readings.queue_depth)));
  families.push_back(Gauge("turnabout_journal_head_block", "Number of the last block in the journal; 0 for none.",
                           value(head.number)));
  families.push_back(Gauge("turnabout_journal_head_timestamp_seconds",
                           "When the last block was sealed, in seconds since 1970; 0 for none.",
                           absl::ToDoubleSeconds(absl::Microseconds(head.time_micros))));
  families.push_back(Gauge("turnabout_journal_revision",
                           "The latest revision that is on disk: how many records the journal has.",
                           value(head.last_sequence)));
  families.push_back(
      Total("turnabout_entries_total", "Entries in the ledger, of every scheme and kind.", value(readings.entries)));
  families.push_back(Gauge("turnabout_accounts", "Accounts in the ledger, of every scheme.", value(readings.accounts)));
  families.push_back(Gauge("turnabout_shelf_lag_records",
                           "Index lag: records of the journal whose rows and indexes are in memory and not on disk "
                           "yet. Answers are right all the same; a start replays them.",
                           value(readings.shelf_lag)));
}

void AddDisk(const Readings& readings, std::vector<MetricFamily>& families) {
  if (!readings.disk_free_bytes.has_value()) return;
  families.push_back(Gauge("turnabout_disk_free_bytes", "Free on the disk that has the data folder.",
                           static_cast<double>(*readings.disk_free_bytes)));
  families.push_back(Gauge("turnabout_disk_low_water_bytes", "Writes are refused while less than this is free.",
                           static_cast<double>(readings.low_water_bytes)));
}

void AddProcess(const ProcessReadings& process, std::vector<MetricFamily>& families) {
  families.push_back(Gauge("turnabout_process_resident_memory_bytes", "Memory that the server has in use.",
                           static_cast<double>(process.resident_bytes)));
  families.push_back(Total("turnabout_process_cpu_seconds_total", "Processor time that the server has used.",
                           absl::ToDoubleSeconds(process.cpu)));
  families.push_back(Gauge("turnabout_process_open_fds", "Files and connections that the server has open.",
                           static_cast<double>(process.open_files)));
  families.push_back(Gauge("turnabout_process_max_fds", "The most files and connections that the server may have open.",
                           static_cast<double>(process.open_files_max)));
  families.push_back(Gauge("turnabout_process_start_time_seconds",
                           "When the server was started, in seconds since 1970.",
                           absl::ToDoubleSeconds(process.started - absl::UnixEpoch())));
}

}  // namespace

struct Metrics::Parts {
  Counter& OneCounter(const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
  Histogram& OneHistogram(const char* name, const char* help, const Buckets& bounds) {
    return BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
  }

  prometheus::Registry registry;

  prometheus::Family<Counter>& calls = BuildCounter()
                                           .Name("turnabout_calls_total")
                                           .Help("Calls that were answered, by rpc and by gRPC's code.")
                                           .Register(registry);
  prometheus::Family<Histogram>& call_times =
      BuildHistogram()
          .Name("turnabout_call_duration_seconds")
          .Help("From when a call had come in whole until its answer was ready, by rpc.")
          .Register(registry);
  prometheus::Family<Counter>& refusals = BuildCounter()
                                              .Name("turnabout_refusals_total")
                                              .Help(
                                                  "What was refused, by reason: whole calls, and items of batches and "
                                                  "streams that were otherwise answered.")
                                              .Register(registry);
  prometheus::Family<Counter>& write_failures =
      BuildCounter()
          .Name("turnabout_journal_write_failures_total")
          .Help("Groups that could not be written to the journal. After any but DISK_FULL the server stops.")
          .Register(registry);

  Counter& commands = OneCounter("turnabout_commands_total", "Commands that the writer ran, refused ones among them.");
  Counter& records = OneCounter("turnabout_journal_records_written_total", "Records that reached the journal.");
  Counter& bytes =
      OneCounter("turnabout_journal_bytes_written_total", "Bytes of the records that reached the journal.");
  Counter& shelved = OneCounter("turnabout_shelf_records_written_total",
                                "Records whose rows and indexes were put on disk beside the journal.");
  Histogram& group_commands = OneHistogram("turnabout_group_commands",
                                           "Group size: commands that the journal took with one sync.", GroupBounds());
  Histogram& apply_time =
      OneHistogram("turnabout_group_apply_seconds", "Apply time: for which the writer ran the commands of one group.",
                   ApplyBounds());
  Histogram& sync_time = OneHistogram("turnabout_journal_sync_seconds",
                                      "Sync time: for which the journal made one group durable.", SyncBounds());
  Histogram& cut_time = OneHistogram(
      "turnabout_shelf_cut_seconds",
      "For which one batch of rows and indexes was on its way to the disk, behind the writer.", CutBounds());

  // None changes once it is made, but for what is inside.
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> methods;
  absl::flat_hash_map<Reason, Counter*> refused_calls;
  absl::flat_hash_map<Reason, Counter*> refused_items;
};

Metrics::Metrics(const std::vector<std::string>& methods) : parts_(std::make_unique<Parts>()) {
  for (const std::string& name : methods) {
    auto method = std::make_unique<Method>();
    method->name = name;
    parts_->methods[name] = std::move(method);
  }
  // Named before they happen, so that the first is seen as a change.
  for (const ReasonInfo& info : AllReasons()) {
    const std::string reason(info.name);
    parts_->refused_calls[info.reason] = &parts_->refusals.Add({{"of", "call"}, {"reason", reason}});
    parts_->refused_items[info.reason] = &parts_->refusals.Add({{"of", "item"}, {"reason", reason}});
  }
  for (const Reason reason : kWriteFailures) parts_->write_failures.Add({{"reason", NameOf(reason)}});
}

Metrics::~Metrics() = default;

void Metrics::GroupEnded(const GroupReport& group) {
  parts_->commands.Increment(static_cast<double>(group.commands));
  parts_->apply_time.Observe(Seconds(group.apply));
  if (group.records == 0) return;
  if (!group.written.ok()) {
    parts_->write_failures.Add({{"reason", NameOf(*RefusedFor(group.written))}}).Increment();
    return;
  }
  parts_->sync_time.Observe(Seconds(group.sync));
  parts_->group_commands.Observe(static_cast<double>(group.commands));
  parts_->records.Increment(static_cast<double>(group.records));
  parts_->bytes.Increment(static_cast<double>(group.bytes));
}

void Metrics::CutEnded(const CutReport& cut) {
  parts_->shelved.Increment(static_cast<double>(cut.records));
  parts_->cut_time.Observe(Seconds(cut.time));
}

void Metrics::CallEnded(absl::string_view method, std::optional<Reason> refused, std::chrono::nanoseconds time) {
  const auto found = parts_->methods.find(method);
  TURNABOUT_CHECK(found != parts_->methods.end());
  Method& called = *found->second;
  const absl::StatusCode code = refused.has_value() ? InfoOf(*refused).code : absl::StatusCode::kOk;
  InPlace(called.by_code[static_cast<size_t>(code)], [&]() -> Counter& {
    return parts_->calls.Add({{"method", called.name}, {"code", absl::StatusCodeToString(code)}});
  }).Increment();
  InPlace(called.time, [&]() -> Histogram& {
    return parts_->call_times.Add({{"method", called.name}}, CallBounds());
  }).Observe(Seconds(time));
  if (refused.has_value()) parts_->refused_calls.at(*refused)->Increment();
}

void Metrics::ItemsRefused(Reason reason, int64_t count) {
  parts_->refused_items.at(reason)->Increment(static_cast<double>(count));
}

std::string Metrics::Text(const Readings& readings) const {
  std::vector<MetricFamily> families = parts_->registry.Collect();
  AddBuild(readings, families);
  AddBooks(readings, families);
  AddDisk(readings, families);
  if (readings.process.has_value()) AddProcess(*readings.process, families);
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (MetricFamily& family : families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const ClientMetric& a, const ClientMetric& b) { return a.label < b.label; });
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace turnabout
