#include "store/projection/requests.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "store/codec.h"

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
  RequestKey key{};
  const absl::string_view key_bytes = cursor.Bytes(key.size());
  const uint32_t content_size = cursor.Fixed32();
  const absl::string_view content = cursor.Bytes(content_size);
  if (!cursor.ok()) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", "?"}, {"problem", absl::StrCat("record ", record.sequence, " is no request")}});
  }
  std::copy(key_bytes.begin(), key_bytes.end(), key.begin());
  remembered_.Put(key, {std::string(content), std::string(cursor.rest())});
  return absl::OkStatus();
}

std::optional<Remembered> Requests::Find(const RequestKey& key, Layer layer) const {
  const Remembered* found = remembered_.Find(key, layer);
  return found == nullptr ? std::nullopt : std::make_optional(*found);
}

Sha256Digest Requests::Digest() const {
  std::vector<RequestKey> keys;
  for (const auto& [key, remembered] : remembered_.base()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  Sha256Digest digest{};
  for (const RequestKey& key : keys) {
    digest = Sha256({AsView(digest), EncodeRequest(key, *remembered_.Find(key, Layer::kDurable))});
  }
  return digest;
}

}  // namespace turnabout
