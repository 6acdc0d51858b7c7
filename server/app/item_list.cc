#include "server/app/item_list.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/app/request.h"
#include "store/codec.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace turnabout {

void ItemList::Add(int place, absl::string_view content, const EntryId& entry) {
  PutVarint(items_, static_cast<uint64_t>(place));
  PutVarint(items_, content.size());
  PutBytes(items_, content);
  PutBytes(items_, entry.view());
}

RequestKey ItemListKey(absl::string_view scheme, absl::string_view call) {
  return RequestKeyOf(absl::StrCat(v1::BatchItem::descriptor()->full_name(), "[]"), scheme, call);
}

absl::flat_hash_map<int, Remembered> ReadItemList(const Remembered& list) {
  absl::flat_hash_map<int, Remembered> items;
  Cursor cursor(list.answer);
  while (cursor.remaining() > 0) {
    const int place = static_cast<int>(cursor.Varint());
    const absl::string_view content = cursor.Bytes(cursor.Varint());
    const absl::string_view entry = cursor.Bytes(sizeof(IdBytes));
    if (cursor.ok()) items.emplace(place, Remembered{std::string(content), std::string(entry)});
  }
  return items;
}

std::optional<PlaceInCall> ParsePlaceInCall(absl::string_view request_id) {
  const size_t slash = request_id.rfind('/');
  if (slash == absl::string_view::npos || slash == 0) return std::nullopt;
  PlaceInCall parsed{request_id.substr(0, slash), 0};
  const absl::string_view digits = request_id.substr(slash + 1);
  // As it would be written, so that only one text means a place.
  if (!absl::SimpleAtoi(digits, &parsed.place) || absl::StrCat(parsed.place) != digits) return std::nullopt;
  return parsed;
}

}  // namespace turnabout
