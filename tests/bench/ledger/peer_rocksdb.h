// RocksDB without a ledger over it: what it costs to put a transfer, its request id and two balances each under a key
// of its own, synced. Nothing is read and nothing is checked, in its favour.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_PEER_ROCKSDB_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_PEER_ROCKSDB_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/bench/ledger/sample.h"

namespace turnabout::bench {

class RawRocksdb {
 public:
  // A new database in `folder`.
  explicit RawRocksdb(const std::string& folder);
  ~RawRocksdb();

  // `threads` that each write one synced batch of `batch` transfers after the other; RocksDB groups them by itself.
  Sample Run(int threads, int batch, absl::Duration length);

  // "7.8.3".
  static std::string Version();

 private:
  struct Database;
  const std::unique_ptr<Database> database_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_PEER_ROCKSDB_H_
