// An audit replays a whole journal and holds what it implies against what is at hand: how anybody proves that a journal
// is whole, and that what is answered from is what it says.
//
//   Book book;
//   absl::StatusOr<Verified> verified = Audit(*journal, {&book}, nullptr);
#ifndef TURNABOUT_STORE_AUDIT_AUDIT_H_
#define TURNABOUT_STORE_AUDIT_AUDIT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/sha256.h"
#include "store/audit/replay.h"
#include "store/journal/journal.h"
#include "store/projection/projection.h"
#include "store/shelf/shelf.h"

namespace turnabout {

struct Verified : Replayed {
  Sha256Digest digest{};  // of every projection together: the same wherever, and however, its rows are kept
  // Of a shelf that was given. OK: it has what the journal implied where it ends, or nothing yet. SHELF_DAMAGED: it
  // cannot be read, or is of another journal, and the next start makes it anew.
  absl::Status shelf;
};

// What a journal is held against.
struct AtHand {
  const ShelfView* shelf = nullptr;  // null for none
  // The rows in memory, sorted, of records, of requests and of each projection: those of `shelf` are below them. Empty
  // where nothing is in memory.
  std::vector<RowBatch> in_memory;
  std::optional<Head> head;  // where they end; nothing for the journal's own head
};

// One digest of the digests of several projections, in order.
Sha256Digest CombineDigests(const std::vector<Sha256Digest>& parts);

// Replays the journal into new rows and remembered requests and into `projections`, and checks each of them with
// itself; holds its end against its head, and what it implies against what is at hand. With a shelf this takes no more
// memory than what changes does, and `projections` are left with that alone; without one they have everything.
//
// DATA_LOSS/JOURNAL_DAMAGED with the block, and the record where it is one record's fault; DATA_LOSS/BOOKS_DISAGREE
// with what differs; errors of Journal::Read. REQUIRES: `projections` are empty, and those that a Store over this
// journal has. Takes three threads.
absl::StatusOr<Verified> Audit(const Journal& journal, const std::vector<Projection*>& projections,
                               const ReplayProgress& progress, const AtHand& at_hand = {});

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_AUDIT_H_
