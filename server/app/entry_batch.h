// An EntryBatch is movements of one scheme that came together: each is written for itself or with its group, and each
// has an answer of its own.
//
//   EntryBatch batch("cardiff", {.actor = "coordinator", .request_id = "march"}, items, today);
//   store.Write({}, [&](Txn& txn) { batch.Write(context, *scheme, txn); return absl::OkStatus(); }, ...);
//   batch.results()[0].entry();
#ifndef TURNABOUT_SERVER_APP_ENTRY_BATCH_H_
#define TURNABOUT_SERVER_APP_ENTRY_BATCH_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "base/reason.h"
#include "ledger/book/entry.h"
#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace turnabout {

// Threads: one at a time.
class EntryBatch {
 public:
  using Items = google::protobuf::RepeatedPtrField<v1::BatchItem>;
  using Results = google::protobuf::RepeatedPtrField<v1::BatchItemResult>;

  struct Whole {
    std::string actor;
    // An item without a request id of its own has `{request_id}/{place}`, unless this is empty.
    std::string request_id;
  };

  // Reads the items as far as that can be done without the writer.
  EntryBatch(std::string slug, Whole whole, Items items, absl::CivilDay today);

  // Writes what can be written. An item that is refused writes nothing, so the others need no undoing. Called once.
  void Write(const Context& context, const SchemeView& scheme, Txn& txn);

  const std::string& slug() const { return slug_; }
  int size() const { return items_.size(); }

  // After Write: one for each item, in the same order, and how many there are of each kind.
  Results& results() { return results_; }
  int written() const { return written_; }
  int repeated() const { return repeated_; }
  int refused() const { return refused_; }
  // Tells whoever counts for what items were refused.
  void TellRefusals(CallObserver& observer) const;

 private:
  friend class EntryBatchWriter;

  // An item as far as it can be read without the writer.
  struct Read {
    absl::Status readable;  // BAD_FIELDS otherwise
    int32_t happened_on = 0;
    RequestIdentity identity;
    absl::StatusOr<AccountKey> from;  // of the scheme whatever its number
    absl::StatusOr<AccountKey> to;
  };

  const std::string slug_;
  const Whole whole_;
  const Items items_;
  std::optional<RequestKey> list_key_;  // where what is named by its place is remembered; nothing without a name
  bool names_places_ = false;           // some item has for its own the name that another has by its place
  std::vector<Read> read_;
  std::vector<std::vector<int>> groups_;  // places of items that stand or fall together; most are alone
  Results results_;
  int written_ = 0;
  int repeated_ = 0;
  int refused_ = 0;
  std::map<Reason, int64_t> refused_for_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ENTRY_BATCH_H_
