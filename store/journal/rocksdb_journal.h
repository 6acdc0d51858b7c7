// The journal on one disk: a RocksDB database of its own, one synced Put for each block.
#ifndef TURNABOUT_STORE_JOURNAL_ROCKSDB_JOURNAL_H_
#define TURNABOUT_STORE_JOURNAL_ROCKSDB_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/journal/journal.h"

namespace turnabout {

struct RocksdbJournalOptions {
  // REQUIRED. The data folder; made when it is not there and its parent is.
  std::string folder;
  // Blocks are refused with DISK_FULL below this many bytes free. DEFAULT: 256 MiB.
  uint64_t low_water_bytes = uint64_t{256} << 20;
  // A file of this size is kept and given back when the disk has filled, so that RocksDB can still open.
  // DEFAULT: 64 MiB. 0: none.
  uint64_t ballast_bytes = uint64_t{64} << 20;
  // True: the folder must be there, and may be on a disk that cannot be written: nothing in it is changed but the text
  // of the lock. Append is refused. What is damaged is found by Read where it is, after everything before it; Read to
  // the head finds it. DEFAULT: false.
  bool read_only = false;
};

// Opens the data folder, or makes it. One process at a time. FOLDER_IN_USE, with the holder as the fact "pid", when
// another has it open; FORMAT_UNKNOWN when a newer release wrote it; DATA_LOSS/JOURNAL_DAMAGED when the head is not the
// one that was acknowledged last; JOURNAL_UNAVAILABLE when it cannot be read or written.
absl::StatusOr<std::unique_ptr<Journal>> OpenRocksdbJournal(const RocksdbJournalOptions& options);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_ROCKSDB_JOURNAL_H_
