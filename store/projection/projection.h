// A Projection is something the journal implies, kept at hand so that nobody has to read the journal: balances, rows,
// remembered requests. It can be dropped and rebuilt at any time by staging every record again.
//
// It has three layers. The writer sees the working layer, which has everything staged so far; readers see the durable
// layer, which has what was published; between them lies what is sealed, a group on its way to the disk. A command's
// records are staged one by one as the command writes them, and then either all kept or all dropped.
//
//   projection.Stage(record);  projection.Keep();     // a command that was accepted
//   projection.Stage(record);  projection.Drop();     // one that was refused: as if it had never been
//   projection.Seal();                                // what is kept becomes a group; staging goes on above it
//   projection.Publish();                             // the sealed group is on disk: readers see it
//   projection.Discard();                             // or it could not be written: it and all above it never were
//
// What a projection comes to is rows. With a shelf it need not keep them in memory for ever: a cut is what was
// published since the cut before, as rows, and once they are on the shelf the projection finds them there.
#ifndef TURNABOUT_STORE_PROJECTION_PROJECTION_H_
#define TURNABOUT_STORE_PROJECTION_PROJECTION_H_

#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/sha256.h"
#include "store/journal/block.h"
#include "store/projection/row_sum.h"
#include "store/shelf/row_batch.h"
#include "store/shelf/shelf.h"

namespace turnabout {

// Which layer of a projection somebody may see.
enum class Layer { kDurable, kWorking };

// Adds the rows of a cut to a batch.
using Cut = absl::AnyInvocable<void(RowBatch&)>;

// Threads: everything from the writer's thread, but reading the durable layer and running a Cut. Publish, TakeCut and
// Shelved while nobody reads the durable layer (the store's lock sees to it); a Cut at any time before Shelved.
class Projection {
 public:
  virtual ~Projection() = default;

  virtual absl::string_view name() const = 0;

  // Takes one record into the working layer. Records of kinds that it does not know are not its business: OK.
  // What a shelf has from later records, of tables whose rows never change, is not there yet (an audit replays over the
  // shelf of today).
  // DATA_LOSS/JOURNAL_DAMAGED when a record of its own cannot be read or cannot follow what came before.
  virtual absl::Status Stage(const RecordView& record) = 0;
  virtual void Keep() = 0;
  virtual void Drop() = 0;
  // REQUIRES: no group is sealed, and everything staged was kept.
  virtual void Seal() = 0;
  virtual void Publish() = 0;
  // Forgets everything that was not published.
  virtual void Discard() = 0;

  // From now on what was shelved is found in `shelf`, which outlives the projection; whatever is in memory is forgotten
  // and what must be there is read from the shelf. SHELF_DAMAGED when it cannot be.
  absl::Status UseShelf(const ShelfView& shelf) {
    shelf_ = &shelf;
    return Load(shelf);
  }
  // The shelf goes: what is on it is found no more.
  void LeaveShelf() {
    shelf_ = nullptr;
    Unload();
  }

  // What was published since the last cut. REQUIRES: a shelf, and no cut that is not shelved yet.
  virtual Cut TakeCut() = 0;
  // The last cut's rows are on the shelf.
  virtual void Shelved() = 0;

  // Its tables, of which it has at least one.
  virtual absl::Span<const ShelfTable> tables() const = 0;
  // Every row of the durable layer that is in memory, whether or not it is on the shelf as well.
  virtual void AddRowsInMemory(RowBatch& rows) const = 0;

  // An empty projection of the same kind, without a shelf.
  virtual std::unique_ptr<Projection> NewEmpty() const = 0;

  // Compares what it comes to with itself, by other code than what keeps it. Reads every row. DATA_LOSS/BOOKS_DISAGREE
  // with the first that differs.
  virtual absl::Status Check() const { return absl::OkStatus(); }

  // Of every row of the durable layer, in memory and on the shelf: the same for two projections that come to the same,
  // however they came to it and wherever they keep it.
  std::vector<RowSum> Sums() const;
  Sha256Digest Digest() const { return DigestOf(tables(), Sums()); }

 private:
  virtual absl::Status Load(const ShelfView& shelf) = 0;
  virtual void Unload() = 0;

  const ShelfView* shelf_ = nullptr;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_PROJECTION_H_
