// Who pays whom, the same for every contender: pairs of accounts and a request id for each transfer.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_TRANSFERS_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_TRANSFERS_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/seed.h"

namespace turnabout::bench {

// How many accounts every contender has, from 0 on.
inline constexpr int kAccounts = 10'000;
// How far a balance may go either way: so far that no transfer is refused, with the check made all the same.
inline constexpr int64_t kBalanceMax = int64_t{1} << 30;

enum class Spread {
  kUniform,  // any two accounts
  kZipf,     // the k-th account as often as 1 / k^0.99
  kHot,      // everybody pays account 0
};

// "uniform", "zipf", "hot".
const char* NameOf(Spread spread);

struct Transfer {
  int from = 0;
  int to = 0;
  std::array<uint8_t, 16> request_id{};
};

// An endless list of transfers of one minute. Two with different seeds share no request id. Not thread-safe.
class Transfers {
 public:
  Transfers(Spread spread, Seed seed) : spread_(spread), random_(seed) {}
  Transfer Next();

 private:
  int Pick();

  const Spread spread_;
  Random random_;
};

// 32 hexadecimal characters.
std::string RequestIdText(const std::array<uint8_t, 16>& id);

// A seed that this run has not used yet. Threads: safe for concurrent use.
Seed NextSeed();

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_TRANSFERS_H_
