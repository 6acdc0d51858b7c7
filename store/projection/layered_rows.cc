#include "store/projection/layered_rows.h"

#include <algorithm>

namespace turnabout {
namespace {

using Map = absl::btree_map<std::string, std::optional<std::string>>;

// Rows from the shelf that are kept at hand for the writer: what it reads again and again is few.
constexpr size_t kReadRowsMax = 1000;

// Where the visit of one layer in memory stands.
struct Place {
  Map::const_iterator at;
  Map::const_iterator end;
};

// Walks several layers at once, the topmost first: of the rows with one key, the topmost counts.
class Merge {
 public:
  Merge(absl::Span<const Map* const> layers, absl::string_view begin, absl::string_view end) {
    for (const Map* layer : layers) {
      const auto stop = end.empty() ? layer->end() : layer->lower_bound(end);
      places_.push_back({layer->lower_bound(begin), stop});
    }
  }

  // The place of the next row in memory; null at the end.
  Place* Next() {
    Place* next = nullptr;
    for (Place& place : places_) {
      if (place.at == place.end) continue;
      if (next == nullptr || place.at->first < next->at->first) next = &place;
    }
    return next;
  }

  void SkipKey(const std::string& key) {
    for (Place& place : places_) {
      if (place.at != place.end && &place.at->first != &key && place.at->first == key) ++place.at;
    }
    for (Place& place : places_) {
      if (place.at != place.end && &place.at->first == &key) {
        ++place.at;
        return;
      }
    }
  }

  // Visits rows in memory with keys below `limit`, all of them without one. False when `visit` had enough.
  bool VisitBelow(const absl::string_view* limit, LayeredRows::Visit visit) {
    for (Place* next = Next(); next != nullptr && (limit == nullptr || next->at->first < *limit); next = Next()) {
      if (next->at->second.has_value() && !visit(next->at->first, *next->at->second)) return false;
      SkipKey(next->at->first);
    }
    return true;
  }

 private:
  std::vector<Place> places_;
};

}  // namespace

LayeredRows::Layers LayeredRows::LayersOf(Layer layer) const {
  Layers layers;
  const auto add = [&](const Map* map) {
    if (map != nullptr && !map->empty()) layers.push_back(map);
  };
  if (layer == Layer::kWorking) {
    add(&staged_);
    add(&sealed_);
  }
  add(&published_);
  add(cut_.get());
  return layers;
}

const std::optional<std::string>* LayeredRows::FindInMemory(absl::string_view key, Layer layer) const {
  for (const Map* map : LayersOf(layer)) {
    const auto found = map->find(key);
    if (found != map->end()) return &found->second;
  }
  return nullptr;
}

std::optional<std::string> LayeredRows::GetInMemory(absl::string_view key, Layer layer) const {
  const std::optional<std::string>* found = FindInMemory(key, layer);
  return found == nullptr ? std::nullopt : *found;
}

std::optional<std::string> LayeredRows::Get(absl::string_view key, Layer layer) const {
  const std::optional<std::string>* found = FindInMemory(key, layer);
  if (found != nullptr) return *found;
  if (shelf_ == nullptr) return std::nullopt;
  if (layer != Layer::kWorking) return shelf_->Get(table_, key);
  if (const auto read = read_.find(key); read != read_.end()) return read->second;
  std::optional<std::string> row = shelf_->Get(table_, key);
  if (row.has_value()) {
    if (read_.size() >= kReadRowsMax) read_.clear();
    read_.emplace(std::string(key), *row);
  }
  return row;
}

void LayeredRows::Scan(absl::string_view begin, absl::string_view end, Layer layer, Visit visit) const {
  Merge memory(LayersOf(layer), begin, end);
  bool more = true;
  if (shelf_ != nullptr) {
    shelf_->Scan(table_, begin, end, [&](absl::string_view key, absl::string_view value) {
      more = memory.VisitBelow(&key, visit);
      if (!more) return false;
      const Place* next = memory.Next();
      if (next != nullptr && next->at->first == key) return true;  // memory knows better
      more = visit(key, value);
      return more;
    });
  }
  if (more) memory.VisitBelow(nullptr, visit);
}

void LayeredRows::Set(absl::string_view key, std::optional<std::string> value) {
  const auto [at, added] = staged_.try_emplace(std::string(key), std::nullopt);
  undo_.emplace_back(at->first, added ? std::nullopt : std::make_optional(std::move(at->second)));
  at->second = std::move(value);
}

void LayeredRows::Drop() {
  for (; !undo_.empty(); undo_.pop_back()) {
    auto& [key, before] = undo_.back();
    if (before.has_value()) {
      staged_[key] = std::move(*before);
    } else {
      staged_.erase(key);
    }
  }
}

void LayeredRows::Publish() {
  for (auto& [key, value] : sealed_) {
    if (shelf_ == nullptr && !value.has_value()) {
      published_.erase(key);
    } else {
      published_[key] = std::move(value);
    }
  }
  sealed_.clear();
}

void LayeredRows::Discard() {
  staged_.clear();
  sealed_.clear();
  undo_.clear();
}

void LayeredRows::UseShelf(const ShelfView& shelf) {
  Discard();
  published_.clear();
  cut_.reset();
  read_.clear();
  shelf_ = &shelf;
}

void LayeredRows::Shelved() {
  cut_.reset();
  read_.clear();
}

Cut LayeredRows::TakeCut() {
  cut_ = std::make_shared<const Map>(std::exchange(published_, Map()));
  return [cut = cut_, &table = table_](RowBatch& rows) {
    for (const auto& [key, value] : *cut) {
      if (value.has_value()) {
        rows.Put(table, key, *value);
      } else {
        rows.Erase(table, key);
      }
    }
  };
}

void LayeredRows::AddRowsInMemory(RowBatch& rows) const {
  const Layers layers = LayersOf(Layer::kDurable);
  for (const Map* layer : layers) {
    for (const auto& [key, value] : *layer) {
      // The layers come topmost first, and of several rows with one key a batch keeps the last.
      if (layer != layers.front() && layers.front()->contains(key)) continue;
      if (value.has_value()) {
        rows.Put(table_, key, *value);
      } else {
        rows.Erase(table_, key);
      }
    }
  }
}

}  // namespace turnabout
