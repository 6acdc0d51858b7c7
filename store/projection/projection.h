// A Projection is something the journal implies, kept at hand so that nobody has to read the journal: balances, rows,
// remembered requests. It can be dropped and rebuilt at any time by staging every record again.
//
// It has two layers. The writer sees the working layer, which has everything staged so far; readers see the durable
// layer, which has what was published. A command's records are staged one by one as the command writes them, and then
// either all kept or all dropped; once the group they belong to is durable, everything kept is published.
//
//   projection.Stage(record);  projection.Keep();     // a command that was accepted
//   projection.Stage(record);  projection.Drop();     // one that was refused: as if it had never been
//   projection.Publish();                             // the group is on disk: readers see it
//   projection.Discard();                             // or it could not be written: as if it had never been
#ifndef TURNABOUT_STORE_PROJECTION_PROJECTION_H_
#define TURNABOUT_STORE_PROJECTION_PROJECTION_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/sha256.h"
#include "store/journal/block.h"

namespace turnabout {

// Which layer of a projection somebody may see.
enum class Layer { kDurable, kWorking };

// Threads: Stage, Keep, Drop and Discard from the writer's thread; Publish from there too, while nobody reads the
// durable layer (the store's lock sees to it).
class Projection {
 public:
  virtual ~Projection() = default;

  virtual absl::string_view name() const = 0;

  // Takes one record into the working layer. Records of kinds that it does not know are not its business: OK.
  // DATA_LOSS/JOURNAL_DAMAGED when a record of its own cannot be read or cannot follow what came before.
  virtual absl::Status Stage(const RecordView& record) = 0;
  virtual void Keep() = 0;
  virtual void Drop() = 0;
  virtual void Publish() = 0;
  // Forgets everything that was kept and not published: the group could not be written.
  virtual void Discard() = 0;

  // An empty projection of the same kind.
  virtual std::unique_ptr<Projection> NewEmpty() const = 0;

  // The same for two durable layers that hold the same, however they came to.
  virtual Sha256Digest Digest() const = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_PROJECTION_H_
