// A Journal is an ordered, hash-linked sequence of blocks: the truth from which everything else is rebuilt.
//
//   absl::StatusOr<Head> head = journal->ReadHead();
//   absl::Status written = journal->Append(builder.Seal(*head, clock.Now()));   // durable once it returns OK
//   journal->Read(1, [](const Block& block) { ...; return absl::OkStatus(); });
//
// Exactly one writer wins each block number, and Read gives back the same bytes for ever. Every backend passes
// tests/conformance.
#ifndef TURNABOUT_STORE_JOURNAL_JOURNAL_H_
#define TURNABOUT_STORE_JOURNAL_JOURNAL_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/journal/block.h"

namespace turnabout {

// Threads: one caller of Append at a time; Read and ReadHead from any thread at any time.
class Journal {
 public:
  virtual ~Journal() = default;

  // "memory", "rocksdb".
  virtual absl::string_view backend() const = 0;

  // Makes `block` durable before it returns OK. After any error nothing of it is in the journal, or the journal must be
  // opened anew to know; the caller stops writing.
  // ABORTED/WRITER_DEPOSED when a block with its number is there already; DATA_LOSS when it does not follow the head;
  // RESOURCE_EXHAUSTED/DISK_FULL before anything is written; UNAVAILABLE/JOURNAL_UNAVAILABLE when the disk failed.
  virtual absl::Status Append(const Block& block) = 0;

  // Visits the blocks from number `from` on, in order, as far as the head was at the call, until `visit` returns an
  // error, which is returned. Each is checked on the way: its bytes, its root, its link. DATA_LOSS/JOURNAL_DAMAGED at
  // the first that is not as written, or is missing. REQUIRES: from >= 1.
  virtual absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const = 0;

  virtual absl::StatusOr<Head> ReadHead() const = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_JOURNAL_H_
