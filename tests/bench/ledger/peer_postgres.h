// PostgreSQL as a ledger, and a good one: a cluster of its own in a folder of the benchmark, reached over a socket in
// that folder, with prepared calls of functions that are the best SQL we know for the task.
//
// A transfer there is what it is here: refused when its request id has been seen, judged by the floor and ceiling of
// the two accounts, and written with two entries that a statement can be read from. Two things are left out in its
// favour: there is no chain of hashes, and there are no foreign keys.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_PEER_POSTGRES_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_PEER_POSTGRES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/common/process.h"
#include "tests/bench/ledger/sample.h"
#include "tests/bench/ledger/transfers.h"

namespace turnabout::bench {

class Postgres {
 public:
  // Makes a cluster in `folder`/postgres and starts it, as an unprivileged user when the benchmark is root.
  // UNAVAILABLE, in plain words, when PostgreSQL or libpq is not installed.
  static absl::StatusOr<std::unique_ptr<Postgres>> Start(const std::string& folder);
  // Stops it.
  virtual ~Postgres() = default;

  // `clients` connections, each with one call at a time: of one transfer, or of `batch` in one transaction, set-based.
  virtual Sample Run(int clients, int batch, Spread spread, absl::Duration length) = 0;

  // OK when it holds exactly `transfers` with two entries each, and all balances sum to zero; else INTERNAL.
  virtual absl::Status Check(int64_t transfers) = 0;

  // "15.18".
  virtual std::string Version() = 0;
  virtual Process& process() = 0;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_PEER_POSTGRES_H_
