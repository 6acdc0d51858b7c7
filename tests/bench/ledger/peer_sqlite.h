// SQLite as a ledger, in this process: write-ahead log, synchronous=FULL, prepared statements, the same tables and
// checks as PostgreSQL has.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_PEER_SQLITE_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_PEER_SQLITE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/ledger/sample.h"

namespace turnabout::bench {

class Sqlite {
 public:
  // A new database in `folder`. UNAVAILABLE, in plain words, when the benchmark was built without SQLite.
  static absl::StatusOr<std::unique_ptr<Sqlite>> Open(const std::string& folder);
  virtual ~Sqlite() = default;

  // One connection, one transaction after the other, each of `batch` uniform transfers.
  virtual Sample Run(int batch, absl::Duration length) = 0;

  // "3.40.1".
  virtual std::string Version() = 0;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_PEER_SQLITE_H_
