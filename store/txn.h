// A Snapshot is one revision of the store; a Txn is a Snapshot that can be written. Neither outlives the function it
// was given to, and neither can be made or copied by anyone but the store.
#ifndef TURNABOUT_STORE_TXN_H_
#define TURNABOUT_STORE_TXN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/journal/block.h"
#include "store/projection/projection.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"

namespace turnabout {

class Engine;
class Store;

// Threads: used only by the thread whose function it was given to.
class Snapshot {
 public:
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // The sequence of the last record it sees; of a Txn, the last durable one.
  uint64_t revision() const { return revision_; }

  // Which layer of a projection this snapshot may see.
  Layer layer() const { return layer_; }

  std::optional<std::string> Get(absl::string_view key) const { return records_.Get(key, layer_); }

  // Visits rows with begin <= key < end in key order until `visit` returns false.
  void Scan(absl::string_view begin, absl::string_view end,
            absl::FunctionRef<bool(absl::string_view key, absl::string_view value)> visit) const {
    records_.Scan(begin, end, layer_, visit);
  }

  std::optional<Remembered> FindRequest(const RequestKey& key) const { return requests_.Find(key, layer_); }

 protected:
  friend class Store;
  Snapshot(const Records& records, const Requests& requests, Layer layer, uint64_t revision)
      : records_(records), requests_(requests), layer_(layer), revision_(revision) {}
  ~Snapshot() = default;

 private:
  const Records& records_;
  const Requests& requests_;
  const Layer layer_;
  const uint64_t revision_;
};

// A Txn sees its own writes at once. What it wrote is kept when its function returns OK and forgotten otherwise.
class Txn : public Snapshot {
 public:
  // The time of the block that this will be part of. The only time a command may use.
  absl::Time now() const { return now_; }

  void Put(absl::string_view key, absl::string_view value) { Append(RecordKind::kPut, EncodePut(key, value)); }
  void Delete(absl::string_view key) { Append(RecordKind::kDelete, EncodeDelete(key)); }
  void Remember(const RequestKey& key, const Remembered& remembered) {
    Append(RecordKind::kRequest, EncodeRequest(key, remembered));
  }

  // Appends one record and shows it to every projection. REQUIRES: the payload is well formed for its kind.
  void Append(RecordKind kind, absl::string_view payload);

 private:
  friend class Engine;
  Txn(Engine& engine, const Records& records, const Requests& requests, uint64_t revision, absl::Time now)
      : Snapshot(records, requests, Layer::kWorking, revision), engine_(engine), now_(now) {}
  ~Txn() = default;

  Engine& engine_;
  const absl::Time now_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_TXN_H_
