#include "store/projection/requests.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "store/codec.h"
#include "store/journal/damage.h"

namespace turnabout {
namespace {

absl::string_view AsText(const RequestKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

}  // namespace

std::string EncodeRequest(const RequestKey& key, const Remembered& remembered) {
  std::string payload(AsText(key));
  PutFixed32(payload, static_cast<uint32_t>(remembered.content.size()));
  absl::StrAppend(&payload, remembered.content, remembered.answer);
  return payload;
}

absl::Status Requests::Stage(const RecordView& record) {
  if (record.kind != RecordKind::kRequest) return absl::OkStatus();
  Cursor cursor(record.payload);
  const absl::string_view key = cursor.Bytes(std::tuple_size_v<RequestKey>);
  const absl::string_view remembered = cursor.rest();
  cursor.Bytes(cursor.Fixed32());
  if (!cursor.ok()) {
    return DamagedPlace("a record", "it is no request");
  }
  rows_.Put(key, remembered);
  return absl::OkStatus();
}

absl::Status Requests::Load(const Shelf& shelf) {
  rows_.UseShelf(shelf);
  return absl::OkStatus();
}

absl::Span<const ShelfTable> Requests::tables() const { return kTables; }

std::optional<Remembered> Requests::Find(const RequestKey& key, Layer layer) const {
  const std::optional<std::string> row = rows_.Get(AsText(key), layer);
  if (!row.has_value()) return std::nullopt;
  Cursor cursor(*row);
  const absl::string_view content = cursor.Bytes(cursor.Fixed32());
  if (!cursor.ok()) rows_.ReportUnreadable("a remembered request cannot be read");
  return Remembered{std::string(content), std::string(cursor.rest())};
}

}  // namespace turnabout
