// Replaying a journal from its first block: how the store opens, and how anybody proves that a journal is whole.
//
//   Book book;
//   absl::StatusOr<Verified> verified = Audit(*journal, {&book}, {});
//   absl::Status balanced = book.CheckBalances();
#ifndef TURNABOUT_STORE_AUDIT_REPLAY_H_
#define TURNABOUT_STORE_AUDIT_REPLAY_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/sha256.h"
#include "store/journal/journal.h"
#include "store/projection/projection.h"

namespace turnabout {

// What a replay or an audit found.
struct Verified {
  uint64_t blocks = 0;
  uint64_t records = 0;
  uint64_t entries = 0;
  Head head;
  Sha256Digest digest{};  // of every projection together
  // Of a shelf that was given. OK: it has what the journal implied where it ends, or nothing yet. SHELF_DAMAGED: it
  // cannot be read, or is of another journal, and the next start makes it anew.
  absl::Status shelf;
};

// Told after each block how far a replay is, and at which block it ends. Must not call the journal.
using ReplayProgress = std::function<void(uint64_t block, uint64_t last)>;

// Stages every record of a block. DATA_LOSS/JOURNAL_DAMAGED with the block and the record at the first that cannot be.
absl::Status StageBlock(const Block& block, const std::vector<Projection*>& projections);

// Stages and publishes every block up to the one numbered `last`, and counts into `seen`. Every block's bytes, root and
// link are checked on the way. DATA_LOSS/JOURNAL_DAMAGED with the block, and the record where it is one record's fault.
absl::Status ReplayInto(const Journal& journal, uint64_t last, const std::vector<Projection*>& projections,
                        Verified& seen, const ReplayProgress& progress = nullptr);

// One digest of the digests of several projections, in order.
Sha256Digest CombineDigests(const std::vector<Sha256Digest>& parts);

// Replays the whole journal into new rows and remembered requests and into `projections`, and holds its end against its
// head and, unless null, the rows of `shelf` against what the journal implied where they end. The digest is the one
// that Store::Verify gives for the same history. Errors: those of ReplayInto; DATA_LOSS/BOOKS_DISAGREE when the shelf
// can be read and has other rows. REQUIRES: `projections` are empty, and those that a Store over this journal has.
absl::StatusOr<Verified> Audit(const Journal& journal, const std::vector<Projection*>& projections,
                               const ReplayProgress& progress, const Shelf* shelf = nullptr);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_REPLAY_H_
