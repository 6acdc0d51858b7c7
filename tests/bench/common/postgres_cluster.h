// A PostgresCluster is a PostgreSQL of the benchmark's own: made in a folder of the benchmark, reached over a socket in
// that folder, run as an unprivileged user when the benchmark is root, and stopped when this object goes.
//
//   PostgresCluster cluster(folder);
//   RETURN_IF_ERROR(cluster.Start());
//   const Connection connection = cluster.Connect();
//   Execute(connection.get(), "SELECT 1");
//
// Only for sources that are built where libpq is.
#ifndef TURNABOUT_TESTS_BENCH_COMMON_POSTGRES_CLUSTER_H_
#define TURNABOUT_TESTS_BENCH_COMMON_POSTGRES_CLUSTER_H_

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/bench/common/process.h"

namespace turnabout::bench {

struct PostgresFreer {
  void operator()(PGconn* connection) const { ::PQfinish(connection); }
  void operator()(PGresult* result) const { ::PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, PostgresFreer>;
using Result = std::unique_ptr<PGresult, PostgresFreer>;

// Takes `raw`. The benchmark ends, in PostgreSQL's own words, when it did not do what was asked.
Result Expect(PGconn* connection, PGresult* raw);
Result Execute(PGconn* connection, const std::string& sql);
// The one number that `sql` asks for.
int64_t NumberOf(PGconn* connection, const std::string& sql);

class PostgresCluster {
 public:
  // In `folder`/postgres, which is not there yet.
  explicit PostgresCluster(const std::string& folder);
  ~PostgresCluster();

  // UNAVAILABLE, in plain words, when PostgreSQL is not installed or does not start.
  absl::Status Start();

  Connection Connect() const;
  std::string Version() const;  // "15.18"
  Process& process() { return *process_; }

 private:
  absl::Status Make() const;
  absl::Status WaitUntilServed();

  const std::string folder_;
  const std::string log_;
  std::unique_ptr<Process> process_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_POSTGRES_CLUSTER_H_
