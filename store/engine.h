// An Engine is a store without threads, disks or clocks: what commands do to projections, one step at a time. The Store
// drives it with a writer's thread and a journal; a test may drive it with neither.
//
//   Engine engine({&book});
//   absl::Status status = engine.Run(command, {.now = now});
//   BlockBuilder group = engine.Seal();                    // what was kept, on its way to the disk
//   engine.Publish(group.Seal(head, now).AsHead());        // it is there; or engine.Discard()
#ifndef TURNABOUT_STORE_ENGINE_H_
#define TURNABOUT_STORE_ENGINE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "store/journal/block.h"
#include "store/projection/projection.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"
#include "store/txn.h"

namespace turnabout {

// Threads: as Projection. The caller keeps readers of the durable layer away from Publish, TakeCuts and Shelved.
class Engine {
 public:
  // REQUIRES: the projections are empty and outlive the engine.
  explicit Engine(std::vector<Projection*> projections);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Runs one command at `now`. What it wrote is kept when it is accepted and `keep` is true, and forgotten otherwise.
  absl::Status Run(absl::FunctionRef<absl::Status(Txn&)> command, absl::Time now, bool keep);

  // What is kept and not sealed.
  uint32_t staged_records() const { return staged_.record_count(); }
  size_t staged_bytes() const { return staged_.body_bytes(); }

  // Seals what is kept: it is the next group to be written. REQUIRES: no group is sealed, and staged_records() > 0.
  BlockBuilder Seal();
  // The sealed group is durable as the block that `head` ends with.
  void Publish(const Head& head);
  // The sealed group could not be written: it and everything staged above it never were.
  void Discard();

  // Stages and publishes a block that is in the journal already. DATA_LOSS/JOURNAL_DAMAGED with the record.
  absl::Status Replay(const Block& block);

  // The durable end.
  const Head& head() const { return head_; }
  const Records& records() const { return records_; }
  const Requests& requests() const { return requests_; }
  // Records and requests, then those that it was given.
  const std::vector<Projection*>& projections() const { return projections_; }
  absl::Span<Projection* const> given() const { return absl::MakeConstSpan(projections_).subspan(2); }

  // Begins anew over `shelf`. Errors: those of Projection::UseShelf.
  absl::Status UseShelf(const ShelfView& shelf);
  void LeaveShelf();
  // What was published since the last cut; Shelved once it is on the shelf.
  std::vector<Cut> TakeCuts();
  void Shelved();
  // The sequence of the last record that a cut holds, and how many were published since.
  uint64_t cut_sequence() const { return cut_sequence_; }
  uint64_t uncut_records() const { return head_.last_sequence - cut_sequence_; }

 private:
  friend class Txn;

  void Append(RecordKind kind, absl::string_view payload);
  absl::Status TooLarge(const BlockBuilder& builder, size_t payload_bytes) const;

  Records records_;
  Requests requests_;
  std::vector<Projection*> projections_;
  Head head_;
  uint64_t sealed_sequence_ = 0;  // of the last record that is durable or sealed
  uint64_t cut_sequence_ = 0;     // of the last record that a cut holds

  BlockBuilder staged_;
  absl::Status append_status_;          // of the command that runs
  size_t command_bytes_start_ = 0;      // where the command that runs began
  uint32_t command_records_start_ = 0;  // likewise
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_ENGINE_H_
