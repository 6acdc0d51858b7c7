// An Echo is a gRPC server of the same build that serves the ledger's own calls and does nothing: it answers each at
// once with an entry like the one that turnaboutd would have written. What it reaches is what the wire allows.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_ECHO_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_ECHO_H_

#include <string>

namespace turnabout::bench {

// Serves on a port of the loopback, which it writes to `ready_file`, until the process is ended.
[[noreturn]] void ServeEcho(const std::string& ready_file);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_ECHO_H_
