#include "store/projection/records.h"

#include "absl/strings/str_cat.h"
#include "store/codec.h"
#include "store/journal/damage.h"

namespace turnabout {

std::string EncodePut(absl::string_view key, absl::string_view value) {
  std::string payload;
  payload.reserve(4 + key.size() + value.size());
  PutFixed32(payload, static_cast<uint32_t>(key.size()));
  absl::StrAppend(&payload, key, value);
  return payload;
}

std::string EncodeDelete(absl::string_view key) { return std::string(key); }

absl::Status Records::Stage(const RecordView& record) {
  if (record.kind == RecordKind::kDelete) {
    rows_.Erase(record.payload);
    return absl::OkStatus();
  }
  if (record.kind != RecordKind::kPut) return absl::OkStatus();
  Cursor cursor(record.payload);
  const uint32_t key_size = cursor.Fixed32();
  const absl::string_view key = cursor.Bytes(key_size);
  if (!cursor.ok()) {
    return DamagedPlace("a record", "it is no row");
  }
  rows_.Put(key, cursor.rest());
  return absl::OkStatus();
}

absl::Status Records::Load(const ShelfView& shelf) {
  rows_.UseShelf(shelf);
  return absl::OkStatus();
}

absl::Span<const ShelfTable> Records::tables() const { return kTables; }

void Records::Scan(absl::string_view begin, absl::string_view end, Layer layer,
                   absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const {
  if (begin < end) rows_.Scan(begin, end, layer, visit);
}

}  // namespace turnabout
