#include "tests/bench/ledger/contest.h"

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/version.h"
#include "tests/bench/common/files.h"
#include "tests/bench/ledger/disk.h"
#include "tests/bench/ledger/engine.h"
#include "tests/bench/ledger/peer_postgres.h"
#include "tests/bench/ledger/peer_rocksdb.h"
#include "tests/bench/ledger/peer_sqlite.h"
#include "tests/bench/ledger/server.h"

namespace turnabout::bench {
namespace {

constexpr int kBatch = 1000;
constexpr int kBatchMost = 8190;
constexpr int kBatchesInFlight = 4;
constexpr int kStreamInFlight = 4096;
constexpr int64_t kManyTransfers = 10'000'000;
constexpr int kEngineInFlight = 8192;
constexpr Spread kSpreads[] = {Spread::kUniform, Spread::kZipf, Spread::kHot};
// One entry with its request id, alone in a block: what is appended when a single call is synced.
constexpr double kSingleBytes = 320;

// What is going on, for whoever watches; nothing is left of it in a file.
void Say(const std::string& what) {
  if (::isatty(STDERR_FILENO) == 1) std::fprintf(stderr, "\r%-70s\r", what.c_str());
}

struct Contender {
  std::string name;
  Process* process = nullptr;  // that serves it; null where this process does the work itself
  std::function<Sample(absl::Duration)> run;
};

class TheContest {
 public:
  explicit TheContest(const ContestOptions& options)
      : options_(options),
        folder_(options.parent),
        disk_(folder_.path()),
        server_(folder_.path()),
        echo_(folder_.path()) {
    outcome_.versions.push_back(absl::StrCat("turnaboutd ", kVersion));
    outcome_.versions.push_back(absl::StrCat("gRPC ", grpc::Version()));
    AddDisk();
    AddEngine();
    AddEcho();
    AddTurnabout();
    AddPostgres();
    AddSqlite();
    AddRocksdb();
  }

  Outcome Run() {
    const int64_t entries_before = server_.CountEntries().entries;
    for (const Contender& contender : contenders_) Pause(contender);
    for (int round = 0; round < options_.rounds; ++round) {
      for (const Contender& contender : contenders_) RunOne(contender, round);
    }
    for (const Contender& contender : contenders_) Resume(contender);
    CheckServer(entries_before);
    CheckPostgres();
    if (options_.full) RunTenMillion();
    return std::move(outcome_);
  }

 private:
  static void Pause(const Contender& contender) {
    if (contender.process != nullptr) contender.process->Pause();
  }
  static void Resume(const Contender& contender) {
    if (contender.process != nullptr) contender.process->Resume();
  }

  void Add(std::string name, Process* process, std::function<Sample(absl::Duration)> run) {
    if (!options_.only.empty() && !absl::StrContains(name, options_.only)) return;
    contenders_.push_back({std::move(name), process, std::move(run)});
  }

  // Nobody else's process runs meanwhile, and nobody else's bytes wait to be written.
  void RunOne(const Contender& contender, int round) {
    Say(absl::StrCat("round ", round + 1, " of ", options_.rounds, ": ", contender.name));
    SettleDisk(folder_.path());
    Resume(contender);
    const double cpu_before = contender.process == nullptr ? 0 : contender.process->CpuSeconds();
    Sample sample = contender.run(options_.length);
    if (contender.process != nullptr) {
      sample.cpu_us_per_transfer =
          1e6 * (contender.process->CpuSeconds() - cpu_before) / static_cast<double>(sample.transfers);
    }
    Pause(contender);
    outcome_.results.Add(contender.name, sample);
  }

  void AddDisk() {
    Add("disk-single", nullptr, [this](absl::Duration length) { return AppendGroups(disk_, kSingleBytes, 1, length); });
    Add("disk-groups", nullptr, [this](absl::Duration length) {
      return AppendGroups(disk_, bytes_per_transfer_, transfers_per_group_, length);
    });
  }

  void AddEngine() {
    Add("engine-on-file-uniform", nullptr, [this](absl::Duration length) {
      const int64_t bytes = disk_.appended_bytes();
      const Sample sample = Engine(NewFileJournal(disk_)).Run(kEngineInFlight, Spread::kUniform, length);
      bytes_per_transfer_ = static_cast<double>(disk_.appended_bytes() - bytes) / static_cast<double>(sample.transfers);
      transfers_per_group_ = sample.transfers_per_group;
      return sample;
    });
    for (const Spread spread : kSpreads) {
      Add(absl::StrCat("engine-", NameOf(spread)), nullptr, [this, spread](absl::Duration length) {
        const TemporaryFolder folder(folder_.path());
        return Engine(NewRocksdbJournal(absl::StrCat(folder.path(), "/data"))).Run(kEngineInFlight, spread, length);
      });
    }
  }

  void AddCalls(const std::string& name, Process& process, LedgerClient& client, const Load& load) {
    Add(name, &process, [&client, load](absl::Duration length) { return client.Run(load, length); });
  }

  void AddEcho() {
    for (const int in_flight : {1, 64}) {
      AddCalls(absl::StrCat("echo-unary-", in_flight), echo_.process(), echo_.client(), {.in_flight = in_flight});
    }
    AddCalls("echo-stream", echo_.process(), echo_.client(), {.in_flight = kStreamInFlight, .stream = true});
    AddCalls("echo-batch-1000", echo_.process(), echo_.client(), {.in_flight = kBatchesInFlight, .batch = kBatch});
  }

  void AddTurnabout() {
    for (const int in_flight : {1, 64, 512}) {
      for (const Spread spread : kSpreads) {
        if (in_flight == 1 && spread != Spread::kUniform) continue;
        AddCalls(absl::StrCat("turnabout-unary-", in_flight, "-", NameOf(spread)), server_.process(), server_.client(),
                 {.in_flight = in_flight, .spread = spread});
      }
    }
    Add("turnabout-unary-half", &server_.process(), [this](absl::Duration length) {
      const double peak = outcome_.results.Rate("turnabout-unary-512-uniform");
      return server_.client().Run({.in_flight = 512, .calls_per_s = peak / 2}, length);
    });
    for (const Spread spread : kSpreads) {
      AddCalls(absl::StrCat("turnabout-stream-", NameOf(spread)), server_.process(), server_.client(),
               {.in_flight = kStreamInFlight, .stream = true, .spread = spread});
      AddCalls(absl::StrCat("turnabout-batch-1000-", NameOf(spread)), server_.process(), server_.client(),
               {.in_flight = kBatchesInFlight, .batch = kBatch, .spread = spread});
    }
    AddCalls("turnabout-batch-8190-uniform", server_.process(), server_.client(),
             {.in_flight = kBatchesInFlight, .batch = kBatchMost});
  }

  void Skip(const absl::Status& why) { outcome_.skipped.push_back(std::string(why.message())); }

  void AddPostgres() {
    absl::StatusOr<std::unique_ptr<Postgres>> started = Postgres::Start(folder_.path());
    if (!started.ok()) return Skip(started.status());
    postgres_ = *std::move(started);
    outcome_.versions.push_back(absl::StrCat("PostgreSQL ", postgres_->Version()));
    AddStatements(1, 1, Spread::kUniform);
    for (const int clients : {16, 64}) {
      for (const Spread spread : kSpreads) AddStatements(clients, 1, spread);
    }
    for (const int clients : {1, 2, 4}) AddStatements(clients, kBatch, Spread::kUniform);
  }

  void AddStatements(int clients, int batch, Spread spread) {
    Add(absl::StrCat("postgres-", batch == 1 ? "" : "set-", clients, "-", NameOf(spread)), &postgres_->process(),
        [this, clients, batch, spread](absl::Duration length) {
          return postgres_->Run(clients, batch, spread, length);
        });
  }

  void AddSqlite() {
    absl::StatusOr<std::unique_ptr<Sqlite>> opened = Sqlite::Open(folder_.path());
    if (!opened.ok()) return Skip(opened.status());
    sqlite_ = *std::move(opened);
    outcome_.versions.push_back(absl::StrCat("SQLite ", sqlite_->Version()));
    for (const int batch : {1, kBatch}) {
      Add(absl::StrCat("sqlite-", batch), nullptr,
          [this, batch](absl::Duration length) { return sqlite_->Run(batch, length); });
    }
  }

  void AddRocksdb() {
    rocksdb_ = std::make_unique<RawRocksdb>(folder_.path());
    outcome_.versions.push_back(absl::StrCat("RocksDB ", RawRocksdb::Version()));
    Add("rocksdb-64-threads", nullptr, [this](absl::Duration length) { return rocksdb_->Run(64, 1, length); });
    Add("rocksdb-batch-1000", nullptr, [this](absl::Duration length) { return rocksdb_->Run(1, kBatch, length); });
  }

  int64_t Acknowledged(absl::string_view starts) const {
    int64_t transfers = 0;
    for (const std::string& name : outcome_.results.contenders()) {
      if (absl::StartsWith(name, starts)) transfers += outcome_.results.Transfers(name);
    }
    return transfers;
  }

  // What was acknowledged is there, no more and no less, and what it takes on the disk once it is settled.
  void CheckServer(int64_t entries_before) {
    const Audit audit = server_.CountEntries();
    const int64_t acknowledged = Acknowledged("turnabout-");
    if (audit.entries - entries_before != acknowledged || audit.sum_minutes != 0) {
      std::fprintf(stderr, "\nbench_ledger: turnaboutd has %lld entries for %lld acknowledged transfers, sum %lld\n",
                   static_cast<long long>(audit.entries - entries_before), static_cast<long long>(acknowledged),
                   static_cast<long long>(audit.sum_minutes));
      std::exit(1);
    }
    if (acknowledged == 0) return;
    server_.Stop();
    outcome_.results.Note("bytes_per_transfer",
                          static_cast<double>(BytesOnDisk(server_.data_dir())) / static_cast<double>(acknowledged));
  }

  void CheckPostgres() {
    if (postgres_ == nullptr) return;
    const absl::Status checked = postgres_->Check(Acknowledged("postgres-"));
    if (checked.ok()) return;
    std::fprintf(stderr, "\nbench_ledger: %s\n", std::string(checked.message()).c_str());
    std::exit(1);
  }

  // A server with a history: killed, started again, and verified in full.
  void RunTenMillion() {
    for (const Contender& contender : contenders_) Pause(contender);
    const TemporaryFolder folder(folder_.path());
    LedgerServer server(folder.path());
    for (int64_t written = 0; written < kManyTransfers;) {
      Say(absl::StrCat("writing 10 million transfers: ", written));
      written += server.client().Run({.in_flight = kBatchesInFlight, .batch = kBatchMost}, absl::Seconds(1)).transfers;
    }
    server.Kill();
    SettleDisk(folder_.path());
    Say("starting over 10 million transfers");
    outcome_.results.Note("recover_10m_s", absl::ToDoubleSeconds(server.Start()));
    Say("verifying 10 million transfers");
    outcome_.results.Note("verify_10m_s", absl::ToDoubleSeconds(server.Verify().took));
    server.Stop();
  }

  const ContestOptions options_;
  const TemporaryFolder folder_;
  PrewrittenFile disk_;
  // What the engine wrote over a file, so that the disk can be measured with the same; these until it has run.
  double bytes_per_transfer_ = 180;
  double transfers_per_group_ = 4000;
  LedgerServer server_;
  EchoServer echo_;
  std::unique_ptr<Postgres> postgres_;
  std::unique_ptr<Sqlite> sqlite_;
  std::unique_ptr<RawRocksdb> rocksdb_;
  std::vector<Contender> contenders_;
  Outcome outcome_;
};

}  // namespace

Outcome RunContest(const ContestOptions& options) { return TheContest(options).Run(); }

}  // namespace turnabout::bench
