// Requests remembers the writes that callers named, so that a repeat gets the first answer and a near-repeat is
// refused.
#ifndef TURNABOUT_STORE_PROJECTION_REQUESTS_H_
#define TURNABOUT_STORE_PROJECTION_REQUESTS_H_

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "store/projection/layered_rows.h"
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
  void Keep() override { rows_.Keep(); }
  void Drop() override { rows_.Drop(); }
  void Seal() override { rows_.Seal(); }
  void Publish() override { rows_.Publish(); }
  void Discard() override { rows_.Discard(); }
  Cut TakeCut() override { return rows_.TakeCut(); }
  void Shelved() override { rows_.Shelved(); }
  absl::Span<const ShelfTable> tables() const override;
  void AddRowsInMemory(RowBatch& rows) const override { rows_.AddRowsInMemory(rows); }
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Requests>(); }

  std::optional<Remembered> Find(const RequestKey& key, Layer layer) const;

 private:
  absl::Status Load(const Shelf& shelf) override;
  void Unload() override { rows_.LeaveShelf(); }

  static constexpr ShelfTable kTables[] = {{"Q", RowOrder::kScattered, "requests"}};
  LayeredRows rows_{kTables[0]};  // by RequestKey: the rest of the payload
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_REQUESTS_H_
