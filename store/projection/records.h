// Records are ordered keys and their values: members, matches, rule sets and whatever else is not money.
#ifndef TURNABOUT_STORE_PROJECTION_RECORDS_H_
#define TURNABOUT_STORE_PROJECTION_RECORDS_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "store/projection/layered_rows.h"
#include "store/projection/projection.h"

namespace turnabout {

// The payloads of kPut and kDelete.
std::string EncodePut(absl::string_view key, absl::string_view value);
std::string EncodeDelete(absl::string_view key);

class Records : public Projection {
 public:
  absl::string_view name() const override { return "records"; }
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
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Records>(); }

  std::optional<std::string> Get(absl::string_view key, Layer layer) const { return rows_.Get(key, layer); }

  // Visits the rows with begin <= key < end in key order until `visit` returns false.
  void Scan(absl::string_view begin, absl::string_view end, Layer layer,
            absl::FunctionRef<bool(absl::string_view key, absl::string_view value)> visit) const;

 private:
  absl::Status Load(const ShelfView& shelf) override;
  void Unload() override { rows_.LeaveShelf(); }

  static constexpr ShelfTable kTables[] = {{"R", RowOrder::kChanging, "records"}};
  LayeredRows rows_{kTables[0]};
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_RECORDS_H_
