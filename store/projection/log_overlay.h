// A LogOverlay is an Overlay for rows that are added and never go away, of which only the latest still change: a
// ledger's entries. Rows lie in the order in which they were added, so that a million of them are never moved to make
// room, and an index of small slots finds them by key.
#ifndef TURNABOUT_STORE_PROJECTION_LOG_OVERLAY_H_
#define TURNABOUT_STORE_PROJECTION_LOG_OVERLAY_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "store/projection/projection.h"

namespace turnabout {

// Threads: as Projection.
template <typename Key, typename Row>
class LogOverlay {
 public:
  // The row of `key` in `layer`, or null. Valid until the next call that is not const.
  const Row* Find(const Key& key, Layer layer) const {
    if (layer == Layer::kWorking) {
      if (const auto added = added_index_.find(key); added != added_index_.end()) return &added_[added->second].second;
      if (!changed_.empty()) {
        if (const auto changed = changed_.find(key); changed != changed_.end()) return &changed->second;
      }
    }
    const auto base = index_.find(key);
    return base == index_.end() ? nullptr : &base_[base->second];
  }

  // Adds a row, or changes the one that is there.
  void Put(const Key& key, Row row) {
    if (const auto added = added_index_.find(key); added != added_index_.end()) {
      Row& there = added_[added->second].second;
      undo_.push_back({key, there});
      there = std::move(row);
    } else if (index_.contains(key)) {
      const auto changed = changed_.find(key);
      undo_.push_back({key, changed == changed_.end() ? std::nullopt : std::make_optional(changed->second)});
      changed_.insert_or_assign(key, std::move(row));
    } else {
      added_index_.emplace(key, static_cast<uint32_t>(added_.size()));
      added_.emplace_back(key, std::move(row));
    }
  }

  void Keep() {
    undo_.clear();
    kept_ = added_.size();
  }

  void Drop() {
    for (; !undo_.empty(); undo_.pop_back()) {
      auto& [key, before] = undo_.back();
      if (!before.has_value()) {
        changed_.erase(key);
      } else if (const auto added = added_index_.find(key); added != added_index_.end()) {
        added_[added->second].second = std::move(*before);
      } else {
        changed_[key] = std::move(*before);
      }
    }
    for (; added_.size() > kept_; added_.pop_back()) added_index_.erase(added_.back().first);
  }

  void Publish() {
    for (auto& [key, row] : changed_) base_[index_.find(key)->second] = std::move(row);
    for (auto& [key, row] : added_) {
      index_.emplace(key, static_cast<uint32_t>(base_.size()));
      base_.push_back(std::move(row));
    }
    Discard();
  }

  void Discard() {
    added_.clear();
    added_index_.clear();
    changed_.clear();
    undo_.clear();
    kept_ = 0;
  }

  // Every durable row, in the order in which they were added.
  const std::deque<Row>& base() const { return base_; }

 private:
  std::deque<Row> base_;
  absl::flat_hash_map<Key, uint32_t> index_;  // places in base_

  // Staged: rows added, by place and by key, and rows of base_ as they have changed.
  std::vector<std::pair<Key, Row>> added_;
  absl::flat_hash_map<Key, uint32_t> added_index_;
  absl::flat_hash_map<Key, Row> changed_;
  size_t kept_ = 0;  // how many of added_ are kept
  // What each change since the last Keep replaced, oldest first; nothing where there was no staged row.
  std::vector<std::pair<Key, std::optional<Row>>> undo_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_LOG_OVERLAY_H_
