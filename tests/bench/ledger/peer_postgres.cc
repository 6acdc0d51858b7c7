#include "tests/bench/ledger/peer_postgres.h"

#include <libpq-fe.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "tests/bench/common/postgres_cluster.h"
#include "tests/bench/ledger/postgres_schema.h"

namespace turnabout::bench {
namespace {

// One connection with both calls prepared.
class Client {
 public:
  explicit Client(const PostgresCluster& cluster) : connection_(cluster.Connect()) {
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

class ThePostgres final : public Postgres {
 public:
  explicit ThePostgres(const std::string& folder) : cluster_(folder) {}

  absl::Status Open() {
    RETURN_IF_ERROR(cluster_.Start());
    MakeLedger();
    return absl::OkStatus();
  }

  Sample Run(int clients, int batch, Spread spread, absl::Duration length) override {
    while (clients_.size() < static_cast<size_t>(clients)) clients_.push_back(std::make_unique<Client>(cluster_));
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
    const Connection connection = cluster_.Connect();
    const int64_t written = NumberOf(connection.get(), "SELECT count(*) FROM transfer");
    const int64_t entries = NumberOf(connection.get(), "SELECT count(*) FROM entry");
    const int64_t sum = NumberOf(connection.get(), "SELECT sum(balance)::bigint FROM account");
    if (written == transfers && entries == 2 * transfers && sum == 0) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("PostgreSQL has ", written, " transfers, ", entries,
                                            " entries and balances that sum to ", sum, " for ", transfers,
                                            " acknowledged transfers"));
  }

  std::string Version() override { return cluster_.Version(); }
  Process& process() override { return cluster_.process(); }

 private:
  void MakeLedger() const {
    const Connection connection = cluster_.Connect();
    for (const char* sql : {kPostgresTables, kPostgresPost, kPostgresPostMany}) Execute(connection.get(), sql);
    Execute(connection.get(), absl::StrCat("INSERT INTO account (id, floor, ceiling) SELECT id, -", kBalanceMax, ", ",
                                           kBalanceMax, " FROM generate_series(0, ", kAccounts - 1, ") AS id"));
    Execute(connection.get(), "VACUUM ANALYZE");
  }

  PostgresCluster cluster_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Postgres>> Postgres::Start(const std::string& folder) {
  auto postgres = std::make_unique<ThePostgres>(folder);
  RETURN_IF_ERROR(postgres->Open());
  return postgres;
}

}  // namespace turnabout::bench
