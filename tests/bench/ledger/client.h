// A LedgerClient loads a ledger service over gRPC on loopback: unary calls and calls of many entries, from one process
// with several channels. The same client loads turnaboutd and the echo, so that the two can be compared.
//
//   LedgerClient client(address, accounts);
//   Sample sample = client.Post({.in_flight = 64}, absl::Seconds(3));
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_CLIENT_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/ledger/sample.h"
#include "tests/bench/ledger/transfers.h"

namespace turnabout::bench {

// The scheme that the benchmark makes.
inline constexpr char kScheme[] = "schemes/bench";

struct Load {
  int in_flight = 64;   // calls that wait for their answer at any moment
  int batch = 1;        // transfers in one call; 1: PostEntry, more: BatchWriteEntries
  bool stream = false;  // instead: WriteEntries, one transfer in a message, the messages in flight over all streams
  Spread spread = Spread::kUniform;
  // Calls are made this often, whatever has been answered, and an answer's time counts from when its call was due.
  // 0: each answer is followed by the next call.
  double calls_per_s = 0;
};

// Makes one load at a time. A call that fails or is refused ends the benchmark.
class LedgerClient {
 public:
  // `accounts`: the names of kAccounts accounts in minutes.
  LedgerClient(const std::string& address, std::vector<std::string> accounts);
  ~LedgerClient();

  // Loads the service for `length` and waits for the last answer.
  Sample Run(const Load& load, absl::Duration length);

  const std::vector<std::string>& accounts() const { return accounts_; }

 private:
  struct Channels;

  const std::vector<std::string> accounts_;
  const std::unique_ptr<Channels> channels_;
};

// Names such as turnaboutd gives accounts, of which there are none: the echo does not look.
std::vector<std::string> InventedAccounts();

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_CLIENT_H_
