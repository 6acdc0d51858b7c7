// The disk alone: bytes appended to a file that was written before, and synced. What no ledger on this disk can pass.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_DISK_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_DISK_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/journal/journal.h"
#include "tests/bench/ledger/sample.h"

namespace turnabout::bench {

// A file whose blocks the file system has given out already, so that a sync writes data alone. Not thread-safe.
class PrewrittenFile {
 public:
  // Writes it out in `folder`. It goes with this object.
  explicit PrewrittenFile(const std::string& folder);
  ~PrewrittenFile();
  PrewrittenFile(const PrewrittenFile&) = delete;
  PrewrittenFile& operator=(const PrewrittenFile&) = delete;

  // Writes `bytes` where the last ones ended, from the start again at the end of the file, and syncs.
  void Append(absl::string_view bytes);
  int64_t appended_bytes() const { return appended_; }

 private:
  std::string path_;
  int file_ = -1;
  int64_t at_ = 0;
  int64_t appended_ = 0;
};

// Groups of `transfers_per_group` transfers of `bytes_per_transfer`, one synced append each.
Sample AppendGroups(PrewrittenFile& file, double bytes_per_transfer, double transfers_per_group, absl::Duration length);

// A journal whose blocks are each one append to `file`, which outlives it. What the engine reaches over it is what it
// would reach without RocksDB. Nothing is ever read back.
std::unique_ptr<Journal> NewFileJournal(PrewrittenFile& file);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_DISK_H_
