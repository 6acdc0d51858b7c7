// The ledger without a network: transfers through Store and Ledger in this process, over a journal on a real disk.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "store/journal/journal.h"
#include "tests/bench/ledger/sample.h"
#include "tests/bench/ledger/transfers.h"

namespace turnabout::bench {

// What the server does for a transfer below its services: a remembered request id, floor and ceiling, an entry, one
// synced block for each group. Makes one load at a time.
class Engine {
 public:
  // Opens kAccounts accounts over `journal`, which is empty.
  explicit Engine(std::unique_ptr<Journal> journal);
  ~Engine();

  // `in_flight` transfers wait for their answer at any moment. An answer's time is measured for one in some.
  Sample Run(int in_flight, Spread spread, absl::Duration length);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

// The journal that turnaboutd has by default.
std::unique_ptr<Journal> NewRocksdbJournal(const std::string& folder);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_ENGINE_H_
