// A LedgerServer is a turnaboutd of the benchmark's own with a scheme of kAccounts members; an EchoServer is the echo
// in a process of its own.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_SERVER_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/common/process.h"
#include "tests/bench/ledger/client.h"

namespace turnabout::bench {

// What VerifyJournal and the trial balance say.
struct Audit {
  int64_t entries = 0;
  int64_t sum_minutes = 0;
  absl::Duration took;  // of VerifyJournal alone
};

class LedgerServer {
 public:
  // Starts turnaboutd over a new data folder below `folder`, and makes the scheme and its members.
  explicit LedgerServer(const std::string& folder);

  LedgerClient& client() { return *client_; }
  Process& process() { return *process_; }
  const std::string& data_dir() const { return data_dir_; }

  // Asks it to stop, and waits. Start is allowed afterwards.
  void Stop();
  // Kills it. As Stop.
  void Kill();
  // Starts it over the data that is there, and returns how long it was until it had answered a read.
  absl::Duration Start();

  // Counts the scheme's entries and sums its minutes.
  Audit CountEntries() const;
  // The same after a full VerifyJournal.
  Audit Verify() const;

 private:
  void MakeScheme();

  const std::string folder_;
  const std::string data_dir_;
  int starts_ = 0;
  std::string address_;
  std::vector<std::string> accounts_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<LedgerClient> client_;
};

class EchoServer {
 public:
  explicit EchoServer(const std::string& folder);
  LedgerClient& client() { return *client_; }
  Process& process() { return *process_; }

 private:
  std::unique_ptr<Process> process_;
  std::unique_ptr<LedgerClient> client_;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_SERVER_H_
