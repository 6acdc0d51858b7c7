// Stands in for peer_postgres.cc where libpq is not installed.
#include "tests/bench/ledger/peer_postgres.h"

namespace turnabout::bench {

absl::StatusOr<std::unique_ptr<Postgres>> Postgres::Start(const std::string&) {
  return absl::UnavailableError("PostgreSQL: the benchmark was built without libpq (Debian's libpq-dev)");
}

}  // namespace turnabout::bench
