#include "tests/bench/ledger/peer_postgres.h"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "tests/bench/ledger/files.h"
#include "tests/bench/ledger/postgres_schema.h"

namespace turnabout::bench {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin";
constexpr absl::Duration kStartTime = absl::Minutes(1);

struct Freer {
  void operator()(PGconn* connection) const { ::PQfinish(connection); }
  void operator()(PGresult* result) const { ::PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Freer>;
using Result = std::unique_ptr<PGresult, Freer>;

// The benchmark ends, in PostgreSQL's own words, when it did not do what was asked.
Result Expect(PGconn* connection, PGresult* raw) {
  Result result(raw);
  const ExecStatusType status = ::PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  std::fprintf(stderr, "bench_ledger: PostgreSQL: %s\n", ::PQerrorMessage(connection));
  std::abort();
}

Result Execute(PGconn* connection, const std::string& sql) {
  return Expect(connection, ::PQexec(connection, sql.c_str()));
}

int64_t NumberOf(PGconn* connection, const std::string& sql) {
  const Result result = Execute(connection, sql);
  int64_t number = -1;
  TURNABOUT_CHECK(absl::SimpleAtoi(::PQgetvalue(result.get(), 0, 0), &number));
  return number;
}

// One connection with both calls prepared.
class Client {
 public:
  explicit Client(const std::string& socket_folder)
      : connection_(::PQconnectdb(absl::StrCat("host=", socket_folder, " user=bench dbname=postgres").c_str())) {
    TURNABOUT_CHECK(::PQstatus(connection_.get()) == CONNECTION_OK);
    Prepare("one", "SELECT post($1::uuid, $2::int, $3::int, 1)");
    Prepare("many", "SELECT post_many($1::uuid[], $2::int[], $3::int[], $4::bigint[])");
  }

  // The parameters are binary: nothing is parsed.
  void Post(const Transfer& transfer) {
    const uint32_t from = htonl(static_cast<uint32_t>(transfer.from));
    const uint32_t to = htonl(static_cast<uint32_t>(transfer.to));
    const char* values[] = {reinterpret_cast<const char*>(transfer.request_id.data()),
                            reinterpret_cast<const char*>(&from), reinterpret_cast<const char*>(&to)};
    const int lengths[] = {16, 4, 4};
    const int formats[] = {1, 1, 1};
    Expect(connection_.get(), ::PQexecPrepared(connection_.get(), "one", 3, values, lengths, formats, 1));
  }

  void PostMany(Transfers& transfers, int batch) {
    std::vector<std::string> requests;
    std::vector<int> from;
    std::vector<int> to;
    for (int i = 0; i < batch; ++i) {
      const Transfer transfer = transfers.Next();
      requests.push_back(RequestIdText(transfer.request_id));
      from.push_back(transfer.from);
      to.push_back(transfer.to);
    }
    const std::string texts[] = {Array(requests), Array(from), Array(to), Array(std::vector<int>(batch, 1))};
    const char* values[] = {texts[0].c_str(), texts[1].c_str(), texts[2].c_str(), texts[3].c_str()};
    const Result result =
        Expect(connection_.get(), ::PQexecPrepared(connection_.get(), "many", 4, values, nullptr, nullptr, 0));
    TURNABOUT_CHECK(::PQgetvalue(result.get(), 0, 0) == absl::StrCat(batch));
  }

 private:
  void Prepare(const char* name, const char* sql) {
    Expect(connection_.get(), ::PQprepare(connection_.get(), name, sql, 0, nullptr));
  }

  template <typename Value>
  static std::string Array(const std::vector<Value>& values) {
    return absl::StrCat("{", absl::StrJoin(values, ","), "}");
  }

  const Connection connection_;
};

// Who runs the cluster: PostgreSQL refuses root.
ProcessOptions UserFor(const std::string& output) {
  ProcessOptions options{.output = output, .when_orphaned = SIGINT};
  if (::geteuid() != 0) return options;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr) user = ::getpwnam("nobody");
  if (user != nullptr) options.user = user->pw_uid, options.group = user->pw_gid;
  return options;
}

class ThePostgres final : public Postgres {
 public:
  explicit ThePostgres(const std::string& folder)
      : folder_(absl::StrCat(folder, "/postgres")), log_(absl::StrCat(folder_, "/log")) {}

  ~ThePostgres() override {
    clients_.clear();
    if (process_ != nullptr) process_->Stop(SIGINT);  // "fast": ends at once, in order
  }

  absl::Status Open() {
    if (!std::filesystem::exists(absl::StrCat(kPrograms, "/initdb"))) {
      return absl::UnavailableError("PostgreSQL 15 is not installed (Debian's postgresql-15)");
    }
    RETURN_IF_ERROR(MakeCluster());
    process_ = std::make_unique<Process>(
        std::vector<std::string>{absl::StrCat(kPrograms, "/postgres"), "-D", absl::StrCat(folder_, "/data"), "-c",
                                 "listen_addresses=", "-c", absl::StrCat("unix_socket_directories=", folder_), "-c",
                                 "shared_buffers=1GB"},
        UserFor(log_));
    RETURN_IF_ERROR(WaitUntilServed());
    MakeLedger();
    return absl::OkStatus();
  }

  Sample Run(int clients, int batch, Spread spread, absl::Duration length) override {
    while (clients_.size() < static_cast<size_t>(clients)) clients_.push_back(std::make_unique<Client>(folder_));
    const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
    Recorder recorder;
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) {
      threads.emplace_back([this, i, batch, spread, until, &recorder] {
        for (Transfers transfers(spread, NextSeed()); Recorder::Now() < until;) {
          const Recorder::Time asked = Recorder::Now();
          if (batch == 1) {
            clients_[i]->Post(transfers.Next());
          } else {
            clients_[i]->PostMany(transfers, batch);
          }
          recorder.Answered(asked, batch);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return recorder.Take();
  }

  absl::Status Check(int64_t transfers) override {
    const Connection connection = Connect();
    const int64_t written = NumberOf(connection.get(), "SELECT count(*) FROM transfer");
    const int64_t entries = NumberOf(connection.get(), "SELECT count(*) FROM entry");
    const int64_t sum = NumberOf(connection.get(), "SELECT sum(balance)::bigint FROM account");
    if (written == transfers && entries == 2 * transfers && sum == 0) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("PostgreSQL has ", written, " transfers, ", entries,
                                            " entries and balances that sum to ", sum, " for ", transfers,
                                            " acknowledged transfers"));
  }

  std::string Version() override {
    const Connection connection = Connect();
    const std::string whole = ::PQparameterStatus(connection.get(), "server_version");
    return whole.substr(0, whole.find(' '));
  }

  Process& process() override { return *process_; }

 private:
  Connection Connect() const {
    return Connection(::PQconnectdb(absl::StrCat("host=", folder_, " user=bench dbname=postgres").c_str()));
  }

  absl::Status MakeCluster() const {
    std::filesystem::create_directory(folder_);
    const ProcessOptions user = UserFor(log_);
    if (user.user != 0 && ::chown(folder_.c_str(), user.user, user.group) != 0) {
      return absl::UnavailableError("a folder for PostgreSQL cannot be given to its user");
    }
    Process initdb({absl::StrCat(kPrograms, "/initdb"), "-D", absl::StrCat(folder_, "/data"), "-U", "bench", "-A",
                    "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
                   user);
    if (initdb.Wait() == 0) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("PostgreSQL's initdb failed:\n", TextOf(log_)));
  }

  absl::Status WaitUntilServed() {
    for (const absl::Time until = absl::Now() + kStartTime; absl::Now() < until;) {
      if (::PQstatus(Connect().get()) == CONNECTION_OK) return absl::OkStatus();
      if (!process_->Alive()) break;
      absl::SleepFor(absl::Milliseconds(50));
    }
    return absl::UnavailableError(absl::StrCat("PostgreSQL did not start:\n", TextOf(log_)));
  }

  void MakeLedger() const {
    const Connection connection = Connect();
    for (const char* sql : {kPostgresTables, kPostgresPost, kPostgresPostMany}) Execute(connection.get(), sql);
    Execute(connection.get(), absl::StrCat("INSERT INTO account (id, floor, ceiling) SELECT id, -", kBalanceMax, ", ",
                                           kBalanceMax, " FROM generate_series(0, ", kAccounts - 1, ") AS id"));
    Execute(connection.get(), "VACUUM ANALYZE");
  }

  const std::string folder_;
  const std::string log_;
  std::unique_ptr<Process> process_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Postgres>> Postgres::Start(const std::string& folder) {
  auto postgres = std::make_unique<ThePostgres>(folder);
  RETURN_IF_ERROR(postgres->Open());
  return postgres;
}

}  // namespace turnabout::bench
