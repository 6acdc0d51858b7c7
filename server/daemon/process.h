// What the system says of the process that asks: its memory, processor time and open files.
//
//   if (const std::optional<ProcessReadings> process = ReadProcess()) process->resident_bytes;
#ifndef TURNABOUT_SERVER_DAEMON_PROCESS_H_
#define TURNABOUT_SERVER_DAEMON_PROCESS_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace turnabout {

struct ProcessReadings {
  uint64_t resident_bytes = 0;
  absl::Duration cpu;  // of all its threads, for itself and in the system for it
  uint64_t open_files = 0;
  uint64_t open_files_max = 0;
  absl::Time started;  // within a second
};

// Nothing where there is no /proc, or it cannot be read. Threads: safe for concurrent use.
std::optional<ProcessReadings> ReadProcess();

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_PROCESS_H_
