// Requests remembers the writes that callers named, so that a repeat gets the first answer and a near-repeat is
// refused.
#ifndef TURNABOUT_STORE_PROJECTION_REQUESTS_H_
#define TURNABOUT_STORE_PROJECTION_REQUESTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "store/projection/known_ids.h"
#include "store/projection/projection.h"

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
  void Keep() override;
  void Drop() override;
  void Seal() override;
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
  // Requests that were written together: what is remembered of each, the rest of its payload, one after the other.
  struct Place {
    uint32_t start = 0;
    uint32_t size = 0;
  };
  struct Group {
    absl::flat_hash_map<RequestKey, Place, Hash> places;
    std::string rows;

    absl::string_view At(const Place& place) const { return absl::string_view(rows).substr(place.start, place.size); }
    std::optional<absl::string_view> Find(const RequestKey& key) const;
    void Put(const RequestKey& key, absl::string_view row);
  };
  using Groups = std::vector<Group>;

  absl::Status Load(const ShelfView& shelf) override;
  void Unload() override;
  bool MayBePublished(const RequestKey& key) const;
  std::optional<absl::string_view> FindPublished(const RequestKey& key) const;
  static void AddRows(absl::Span<const Group* const> groups, RowBatch& rows);

  static constexpr ShelfTable kTables[] = {{"Q", RowOrder::kScattered, "requests"}};

  const ShelfView* shelf_ = nullptr;
  mutable KnownIds known_;             // published, here or on the shelf; from when the writer first asks
  std::shared_ptr<const Groups> cut_;  // on its way to the shelf; null for none
  Groups published_;                   // the latest last
  Group sealed_;
  Group staged_;
  size_t kept_bytes_ = 0;  // of staged_
  // What staged_ held before each change since the last Keep, oldest first.
  std::vector<std::pair<RequestKey, std::optional<Place>>> undo_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_REQUESTS_H_
