// An Overlay is a map in three layers: what is durable, what is sealed over it to be written, and what has been staged
// over both and can still be dropped.
#ifndef TURNABOUT_STORE_PROJECTION_OVERLAY_H_
#define TURNABOUT_STORE_PROJECTION_OVERLAY_H_

#include <optional>
#include <utility>
#include <vector>

#include "store/projection/projection.h"

namespace turnabout {

// Base maps Key to Value; Staged maps Key to std::optional<Value>, where nothing means erased. Both of one family
// (ordered or hashed). Threads: as Projection.
template <typename Base, typename Staged>
class Overlay {
 public:
  using Key = typename Base::key_type;
  using Value = typename Base::mapped_type;

  // The value of `key` in `layer`, or null. Valid until the next call that is not const.
  template <typename K>
  const Value* Find(const K& key, Layer layer) const {
    if (layer == Layer::kWorking) {
      for (const Staged* above : {&staged_, &sealed_}) {
        if (above->empty()) continue;
        const auto found = above->find(key);
        if (found != above->end()) return found->second.has_value() ? &*found->second : nullptr;
      }
    }
    const auto base = base_.find(key);
    return base == base_.end() ? nullptr : &base->second;
  }

  void Put(const Key& key, Value value) { Set(key, std::move(value)); }
  void Erase(const Key& key) { Set(key, std::nullopt); }

  void Keep() { undo_.clear(); }

  void Drop() {
    while (!undo_.empty()) {
      auto& [key, before] = undo_.back();
      if (before.has_value()) {
        staged_[key] = std::move(*before);
      } else {
        staged_.erase(key);
      }
      undo_.pop_back();
    }
  }

  // REQUIRES: nothing is sealed, and everything staged is kept.
  void Seal() { std::swap(sealed_, staged_); }

  void Publish() {
    for (auto& [key, value] : sealed_) {
      if (value.has_value()) {
        base_[key] = std::move(*value);
      } else {
        base_.erase(key);
      }
    }
    sealed_.clear();
  }

  void Discard() {
    staged_.clear();
    sealed_.clear();
    undo_.clear();
  }

  // Forgets every layer.
  void Clear() {
    Discard();
    base_.clear();
  }

  // Puts into the durable layer what another life of it held. REQUIRES: nothing is staged or sealed.
  void Load(const Key& key, Value value) { base_[key] = std::move(value); }

  const Base& base() const { return base_; }
  const Staged& sealed() const { return sealed_; }

 private:
  void Set(const Key& key, std::optional<Value> value) {
    const auto [at, added] = staged_.try_emplace(key, std::nullopt);
    undo_.emplace_back(key, added ? std::nullopt : std::make_optional(std::move(at->second)));
    at->second = std::move(value);
  }

  Base base_;
  Staged sealed_;
  Staged staged_;
  // What staged_ held before each change since the last Keep, oldest first; nothing where it held nothing.
  std::vector<std::pair<Key, std::optional<std::optional<Value>>>> undo_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_OVERLAY_H_
