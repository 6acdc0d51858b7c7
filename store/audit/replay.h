// Replaying a journal from its first block: how a store opens, and the ground of every audit.
//
//   Book book;
//   Replayed seen;
//   absl::Status replayed = ReplayInto(*journal, head.number, {&book}, seen);
#ifndef TURNABOUT_STORE_AUDIT_REPLAY_H_
#define TURNABOUT_STORE_AUDIT_REPLAY_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "store/journal/journal.h"
#include "store/projection/projection.h"

namespace turnabout {

// What a replay came through.
struct Replayed {
  uint64_t blocks = 0;
  uint64_t records = 0;
  uint64_t entries = 0;
  Head head;
};

// Told after each block how far a replay is, and at which block it ends. Must not call the journal.
using ReplayProgress = std::function<void(uint64_t block, uint64_t last)>;

// Stages every record of a block. DATA_LOSS/JOURNAL_DAMAGED with the block and the record at the first that cannot be.
absl::Status StageBlock(const Block& block, const std::vector<Projection*>& projections);

// Stages and publishes every block up to the one numbered `last`, and counts into `seen`. Every block's bytes, root and
// link are checked on the way. DATA_LOSS/JOURNAL_DAMAGED with the block, and the record where it is one record's fault.
absl::Status ReplayInto(const Journal& journal, uint64_t last, const std::vector<Projection*>& projections,
                        Replayed& seen, const ReplayProgress& progress = nullptr);

// Whether the journal, whose end is `end`, ended with `head` once. False where it cannot be read.
bool WasHeadOf(const Head& head, const Journal& journal, const Head& end);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_REPLAY_H_
