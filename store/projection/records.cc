#include "store/projection/records.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "store/codec.h"

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
    rows_.Erase(std::string(record.payload));
    return absl::OkStatus();
  }
  if (record.kind != RecordKind::kPut) return absl::OkStatus();
  Cursor cursor(record.payload);
  const uint32_t key_size = cursor.Fixed32();
  const absl::string_view key = cursor.Bytes(key_size);
  if (!cursor.ok()) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", "?"}, {"problem", absl::StrCat("record ", record.sequence, " is no row")}});
  }
  rows_.Put(std::string(key), std::string(cursor.rest()));
  return absl::OkStatus();
}

std::optional<std::string> Records::Get(absl::string_view key, Layer layer) const {
  const std::string* value = rows_.Find(key, layer);
  return value == nullptr ? std::nullopt : std::make_optional(*value);
}

void Records::Scan(absl::string_view begin, absl::string_view end, Layer layer,
                   absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const {
  auto base = rows_.base().lower_bound(begin);
  const auto base_end = rows_.base().end();
  auto staged = layer == Layer::kWorking ? rows_.staged().lower_bound(begin) : rows_.staged().end();
  const auto staged_end = rows_.staged().end();
  while (true) {
    const bool has_base = base != base_end && base->first < end;
    const bool has_staged = staged != staged_end && staged->first < end;
    if (!has_base && !has_staged) return;
    // The smaller key is next; where both have it, the staged value hides the durable one.
    const bool take_staged = has_staged && (!has_base || staged->first <= base->first);
    if (take_staged) {
      if (has_base && base->first == staged->first) ++base;
      if (staged->second.has_value() && !visit(staged->first, *staged->second)) return;
      ++staged;
    } else {
      if (!visit(base->first, base->second)) return;
      ++base;
    }
  }
}

Sha256Digest Records::Digest() const {
  Sha256Digest digest{};
  for (const auto& [key, value] : rows_.base()) {
    digest = Sha256({AsView(digest), EncodePut(key, value)});
  }
  return digest;
}

}  // namespace turnabout
