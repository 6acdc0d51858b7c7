#include "store/projection/requests.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/id.h"
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
  RequestKey at;
  std::copy(key.begin(), key.end(), at.begin());
  const auto [row, is_new] = staged_.try_emplace(at);
  undo_.emplace_back(at, is_new ? std::nullopt : std::make_optional(std::move(row->second)));
  row->second = std::string(remembered);
  return absl::OkStatus();
}

void Requests::Drop() {
  for (; !undo_.empty(); undo_.pop_back()) {
    auto& [key, before] = undo_.back();
    if (before.has_value()) {
      staged_[key] = *std::move(before);
    } else {
      staged_.erase(key);
    }
  }
}

void Requests::Publish() {
  for (auto& [key, row] : sealed_) {
    if (shelf_ != nullptr) on_shelf_.Add(key);  // or it will be before this is forgotten
    published_[key] = std::move(row);
  }
  sealed_.clear();
}

void Requests::Discard() {
  staged_.clear();
  sealed_.clear();
  undo_.clear();
}

absl::Status Requests::Load(const ShelfView& shelf) {
  Unload();
  Discard();
  published_.clear();
  cut_.reset();
  shelf_ = &shelf;
  on_shelf_.Use(shelf, kTables[0]);
  return absl::OkStatus();
}

void Requests::Unload() {
  on_shelf_.Leave();
  shelf_ = nullptr;
}

// By key, which sorting a batch of rows would take longer to find.
void Requests::AddRows(const Map& map, RowBatch& rows) {
  std::vector<std::pair<RequestKey, const std::string*>> sorted;
  sorted.reserve(map.size());
  for (const auto& [key, row] : map) sorted.emplace_back(key, &row);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return IsBefore(a.first, b.first); });
  for (const auto& [key, row] : sorted) rows.Put(kTables[0], AsText(key), *row);
}

Cut Requests::TakeCut() {
  cut_ = std::make_shared<const Map>(std::exchange(published_, Map()));
  published_.reserve(cut_->size());
  return [cut = cut_](RowBatch& rows) { AddRows(*cut, rows); };
}

void Requests::AddRowsInMemory(RowBatch& rows) const {
  if (cut_ != nullptr) AddRows(*cut_, rows);
  AddRows(published_, rows);
}

size_t Requests::Hash::operator()(const RequestKey& key) const {
  size_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof(hash));
  return hash;
}

absl::Span<const ShelfTable> Requests::tables() const { return kTables; }

std::optional<Remembered> Requests::Find(const RequestKey& key, Layer layer) const {
  std::string from_shelf;
  const std::string* row = FindInMemory(key, layer);
  if (row == nullptr) {
    // What readers ask for is mostly there.
    if (shelf_ == nullptr || (layer == Layer::kWorking && !on_shelf_.MayHold(key))) return std::nullopt;
    std::optional<std::string> found = shelf_->Get(kTables[0], AsText(key));
    if (!found.has_value()) return std::nullopt;
    from_shelf = *std::move(found);
    row = &from_shelf;
  }
  Cursor cursor(*row);
  const absl::string_view content = cursor.Bytes(cursor.Fixed32());
  if (!cursor.ok() && shelf_ != nullptr) shelf_->ReportUnreadable("a remembered request cannot be read");
  return Remembered{std::string(content), std::string(cursor.rest())};
}

const std::string* Requests::FindInMemory(const RequestKey& key, Layer layer) const {
  const bool working = layer == Layer::kWorking;
  for (const Map* map : {working ? &staged_ : nullptr, working ? &sealed_ : nullptr, &published_, cut_.get()}) {
    if (map == nullptr || map->empty()) continue;
    const auto found = map->find(key);
    if (found != map->end()) return &found->second;
  }
  return nullptr;
}

}  // namespace turnabout
