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

// A published group takes more until it has so many, or so much of them.
constexpr size_t kGroupRequestsMax = 8192;
constexpr size_t kGroupBytes = size_t{4} << 20;

absl::string_view AsText(const RequestKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

template <typename T>
std::vector<const T*> PointersTo(const std::vector<T>& all) {
  std::vector<const T*> pointers;
  for (const T& each : all) pointers.push_back(&each);
  return pointers;
}

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
  const auto before = staged_.places.find(at);
  undo_.emplace_back(at, before == staged_.places.end() ? std::nullopt : std::make_optional(before->second));
  staged_.Put(at, remembered);
  return absl::OkStatus();
}

std::optional<absl::string_view> Requests::Group::Find(const RequestKey& key) const {
  if (places.empty()) return std::nullopt;
  const auto found = places.find(key);
  return found == places.end() ? std::nullopt : std::make_optional(At(found->second));
}

void Requests::Group::Put(const RequestKey& key, absl::string_view row) {
  places[key] = {static_cast<uint32_t>(rows.size()), static_cast<uint32_t>(row.size())};
  rows.append(row.data(), row.size());
}

void Requests::Keep() {
  undo_.clear();
  kept_bytes_ = staged_.rows.size();
}

void Requests::Drop() {
  for (; !undo_.empty(); undo_.pop_back()) {
    const auto& [key, before] = undo_.back();
    if (before.has_value()) {
      staged_.places[key] = *before;
    } else {
      staged_.places.erase(key);
    }
  }
  staged_.rows.resize(kept_bytes_);
}

void Requests::Seal() {
  std::swap(sealed_, staged_);
  kept_bytes_ = 0;
}

void Requests::Publish() {
  if (known_.begun()) {
    for (const auto& [key, place] : sealed_.places) known_.Add(key);
  }
  // Small groups join the one before, so that there are not many of them to look through.
  const bool joins = !published_.empty() &&
                     published_.back().places.size() + sealed_.places.size() <= kGroupRequestsMax &&
                     published_.back().rows.size() + sealed_.rows.size() <= kGroupBytes;
  if (joins) {
    for (const auto& [key, place] : sealed_.places) published_.back().Put(key, sealed_.At(place));
    sealed_.places.clear();
    sealed_.rows.clear();
  } else if (!sealed_.places.empty()) {
    published_.push_back(std::exchange(sealed_, Group()));
  }
}

void Requests::Discard() {
  staged_ = Group();
  sealed_ = Group();
  kept_bytes_ = 0;
  undo_.clear();
}

absl::Status Requests::Load(const ShelfView& shelf) {
  Unload();
  Discard();
  published_.clear();
  cut_.reset();
  shelf_ = &shelf;
  return absl::OkStatus();
}

void Requests::Unload() {
  known_.Forget();
  shelf_ = nullptr;
}

// By key, which sorting a batch of rows would take longer to find. Of two of one key the later stays.
void Requests::AddRows(absl::Span<const Group* const> groups, RowBatch& rows) {
  struct Row {
    RequestKey key;
    size_t group;
    Place place;
  };
  std::vector<Row> sorted;
  for (size_t i = 0; i < groups.size(); ++i) {
    for (const auto& [key, place] : groups[i]->places) sorted.push_back({key, i, place});
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const Row& a, const Row& b) { return IsBefore(a.key, b.key) || (a.key == b.key && a.group < b.group); });
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) continue;
    rows.Put(kTables[0], AsText(sorted[i].key), groups[sorted[i].group]->At(sorted[i].place));
  }
}

Cut Requests::TakeCut() {
  cut_ = std::make_shared<const Groups>(std::exchange(published_, Groups()));
  return [cut = cut_](RowBatch& rows) { AddRows(PointersTo(*cut), rows); };
}

void Requests::AddRowsInMemory(RowBatch& rows) const {
  std::vector<const Group*> groups;
  if (cut_ != nullptr) groups = PointersTo(*cut_);
  for (const Group& group : published_) groups.push_back(&group);
  AddRows(groups, rows);
}

size_t Requests::Hash::operator()(const RequestKey& key) const {
  size_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof(hash));
  return hash;
}

absl::Span<const ShelfTable> Requests::tables() const { return kTables; }

// Whether the writer has to look among what was published.
bool Requests::MayBePublished(const RequestKey& key) const {
  if (!known_.begun()) {
    known_.Begin(shelf_, kTables[0]);
    for (const Groups* groups : {cut_.get(), &published_}) {
      if (groups == nullptr) continue;
      for (const Group& group : *groups) {
        for (const auto& [each, place] : group.places) known_.Add(each);
      }
    }
  }
  return known_.MayHold(key);
}

std::optional<absl::string_view> Requests::FindPublished(const RequestKey& key) const {
  for (const Groups* groups : {&published_, cut_.get()}) {
    if (groups == nullptr) continue;
    for (auto group = groups->rbegin(); group != groups->rend(); ++group) {
      if (const std::optional<absl::string_view> row = group->Find(key)) return row;
    }
  }
  return std::nullopt;
}

std::optional<Remembered> Requests::Find(const RequestKey& key, Layer layer) const {
  std::optional<absl::string_view> row;
  if (layer == Layer::kWorking) {
    row = staged_.Find(key);
    if (!row.has_value()) row = sealed_.Find(key);
    if (!row.has_value() && !MayBePublished(key)) return std::nullopt;
  }
  if (!row.has_value()) row = FindPublished(key);
  std::optional<std::string> from_shelf;
  if (!row.has_value() && shelf_ != nullptr) {
    from_shelf = shelf_->Get(kTables[0], AsText(key));
    if (from_shelf.has_value()) row = *from_shelf;
  }
  if (!row.has_value()) return std::nullopt;
  Cursor cursor(*row);
  const absl::string_view content = cursor.Bytes(cursor.Fixed32());
  if (!cursor.ok() && shelf_ != nullptr) shelf_->ReportUnreadable("a remembered request cannot be read");
  return Remembered{std::string(content), std::string(cursor.rest())};
}

}  // namespace turnabout
