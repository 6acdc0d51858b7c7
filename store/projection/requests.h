// Requests remembers the writes that callers named, so that a repeat gets the first answer and a near-repeat is
// refused.
#ifndef TURNABOUT_STORE_PROJECTION_REQUESTS_H_
#define TURNABOUT_STORE_PROJECTION_REQUESTS_H_

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "store/projection/projection.h"
#include "store/projection/shelf_ids.h"

namespace turnabout {

// The first half of a SHA-256 over what makes a request id unique: who names it, for which method, and the id.
using RequestKey = std::array<uint8_t, 16>;

// What is remembered of a request.
struct Remembered {
  std::string content;  // a digest of what it asked for, by which a near-repeat is told
  std::string answer;   // the first answer
};

// The payload of kRequest.
std::string EncodeRequest(const RequestKey& key, const Remembered& remembered);

class Requests : public Projection {
 public:
  absl::string_view name() const override { return "requests"; }
  absl::Status Stage(const RecordView& record) override;
  void Keep() override { undo_.clear(); }
  void Drop() override;
  void Seal() override { std::swap(sealed_, staged_); }
  void Publish() override;
  void Discard() override;
  Cut TakeCut() override;
  void Shelved() override { cut_.reset(); }
  absl::Span<const ShelfTable> tables() const override;
  void AddRowsInMemory(RowBatch& rows) const override;
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Requests>(); }

  std::optional<Remembered> Find(const RequestKey& key, Layer layer) const;

 private:
  // A key is itself a hash.
  struct Hash {
    size_t operator()(const RequestKey& key) const;
  };
  // By key, the rest of the payload.
  using Map = absl::flat_hash_map<RequestKey, std::string, Hash>;

  absl::Status Load(const ShelfView& shelf) override;
  void Unload() override;
  const std::string* FindInMemory(const RequestKey& key, Layer layer) const;
  static void AddRows(const Map& map, RowBatch& rows);

  static constexpr ShelfTable kTables[] = {{"Q", RowOrder::kScattered, "requests"}};

  const ShelfView* shelf_ = nullptr;
  mutable ShelfIds on_shelf_;
  std::shared_ptr<const Map> cut_;  // on its way to the shelf; null for none
  Map published_;
  Map sealed_;
  Map staged_;
  // What staged_ held before each change since the last Keep, oldest first.
  std::vector<std::pair<RequestKey, std::optional<std::string>>> undo_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_REQUESTS_H_
