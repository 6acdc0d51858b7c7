// A stream load: movements sent through WriteEntries, one in each message, so many of them unanswered on each stream.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_STREAM_LOAD_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_STREAM_LOAD_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/ledger/sample.h"
#include "tests/bench/ledger/transfers.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout::bench {

// Opens a stream on each stub, sends for `length` and waits for the last answer. `window`: messages of one stream that
// wait for their answers. A message that is refused ends the benchmark.
Sample RunStreams(const std::vector<std::string>& accounts, const std::vector<v1::LedgerService::Stub*>& stubs,
                  int window, Spread spread, absl::Duration length);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_STREAM_LOAD_H_
