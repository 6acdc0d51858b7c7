// Stands in for peer_sqlite.cc where SQLite's library is not installed.
#include "tests/bench/ledger/peer_sqlite.h"

namespace turnabout::bench {

absl::StatusOr<std::unique_ptr<Sqlite>> Sqlite::Open(const std::string&) {
  return absl::UnavailableError("SQLite: the benchmark was built without it (Debian's libsqlite3-dev)");
}

}  // namespace turnabout::bench
