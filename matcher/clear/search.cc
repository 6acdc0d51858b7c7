#include "matcher/clear/search.h"

#include <algorithm>

#include "base/check.h"

namespace turnabout::clear {
namespace {

// Longer than any way.
constexpr Wide kFar = Wide{1} << 126;
// A list of used arcs that is longer is not gone through again whenever its owner comes nearer, but once.
constexpr int32_t kShortList = 8;

constexpr auto kFarther = [](const auto& a, const auto& b) { return a.distance > b.distance; };

int64_t HighHalf(Wide amount) { return static_cast<int64_t>(amount >> 64); }

}  // namespace

template <typename Weight>
Search<Weight>::Search(Network<Weight>& network) : network_(network) {
  Grow();
}

template <typename Weight>
void Search<Weight>::Grow() {
  mark_.resize(2 * network_.receive.size());
}

template <typename Weight>
void Search<Weight>::Begin(int32_t source) {
  ++searches_;
  labels_.clear();
  heap_.clear();
  best_ = kFar;
  end_label_ = kNone;
  Push(Improve(source, 0, kNone));
}

template <typename Weight>
int32_t Search<Weight>::Next() {
  while (!heap_.empty() && heap_.front().distance < best_) {
    const HeapItem item = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end(), kFarther);
    heap_.pop_back();
    if (item.distance == labels_[item.label].distance) return item.label;
  }
  return kNone;
}

template <typename Weight>
int32_t Search<Weight>::Improve(int32_t node, Wide distance, int32_t from) {
  const int32_t last = mark_[node];
  if (last < static_cast<int32_t>(labels_.size()) && labels_[last].node == node) {
    if (labels_[last].distance <= distance) return kNone;
    labels_[last].distance = distance;
    labels_[last].from = from;
    return last;
  }
  const int32_t label = static_cast<int32_t>(labels_.size());
  mark_[node] = label;
  labels_.push_back({distance, node, from});
  return label;
}

template <typename Weight>
void Search<Weight>::Push(int32_t label) {
  heap_.push_back({labels_[label].distance, label});
  std::push_heap(heap_.begin(), heap_.end(), kFarther);
}

template <typename Weight>
void Search<Weight>::EndAt(Wide distance, int32_t label, End end) {
  if (distance >= best_) return;
  best_ = distance;
  end_label_ = label;
  end_ = end;
}

template <typename Weight>
void Search<Weight>::Backward(int32_t receiver) {
  Begin(2 * receiver);
  for (int32_t label = Next(); label != kNone; label = Next()) {
    (labels_[label].node & 1) == 0 ? FromReceiver(label) : BackThroughUsed(label);
  }
  Finish(/*backward=*/true);
}

template <typename Weight>
void Search<Weight>::FromReceiver(int32_t label) {
  ++visits_;
  const int32_t v = labels_[label].node >> 1;
  const Wide base = labels_[label].distance + network_.receive_price[v];
  const Side& side = network_.receive[v];
  if (side.target > 0) {
    const Wide without = base + network_.LastBonus(v);
    EndAt(without, label, End::kReceivesLess);
    const Wide giving = network_.give_price[v];
    if (giving < 0 && network_.give[v].target > 0 && without + giving < best_) ToGiver(v, without + giving, label);
  }
  // An arc is worth a closer look when the upper halves alone do not put it beyond the best end.
  const int narrow = 64 - network_.levels.shift;
  const Wide* const prices = network_.give_price.data();
  const Arc<Weight>* arc = network_.InArcs(v);
  const Arc<Weight>* const last = arc + side.count;
  int64_t room = HighHalf(best_ - base) + 1;
  for (arc += side.used; arc != last; ++arc) {
    if (HighHalf(prices[arc->member]) - (static_cast<int64_t>(arc->weight) >> narrow) > room) continue;
    const int32_t u = arc->member;
    const Wide distance = base + prices[u] - network_.WorthOf(u, v, arc->weight);
    if (distance >= best_) continue;
    ToGiver(u, distance, label);
    room = HighHalf(best_ - base) + 1;
  }
}

template <typename Weight>
void Search<Weight>::ToGiver(int32_t giver, Wide distance, int32_t from) {
  const int32_t label = Improve(2 * giver + 1, distance, from);
  if (label == kNone) return;
  const Side& side = network_.give[giver];
  if (side.used < side.target) return EndAt(distance, label, End::kTurnFound);
  if (side.target < side.limit) {
    const Wide more = distance - network_.give_price[giver];
    EndAt(more, label, End::kGivesMore);
    if (network_.receive[giver].target < network_.receive[giver].limit) {
      const Wide both = more - network_.receive_price[giver] - network_.NextBonus(giver);
      if (both < more && both < best_) {
        const int32_t receiving = Improve(2 * giver, both, label);
        if (receiving != kNone) Push(receiving);
      }
    }
  }
  side.used <= kShortList ? BackThroughUsed(label) : Push(label);
}

template <typename Weight>
void Search<Weight>::BackThroughUsed(int32_t label) {
  const int32_t u = labels_[label].node >> 1;
  const Wide base = labels_[label].distance - network_.give_price[u];
  const Arc<Weight>* arc = network_.OutArcs(u);
  for (const Arc<Weight>* const end = arc + network_.give[u].used; arc != end; ++arc) {
    const int32_t v = arc->member;
    const Wide distance = base + network_.WorthOf(u, v, arc->weight) - network_.receive_price[v];
    if (distance >= best_) continue;
    const int32_t receiving = Improve(2 * v, distance, label);
    if (receiving != kNone) Push(receiving);
  }
}

template <typename Weight>
void Search<Weight>::Forward(int32_t giver) {
  Begin(2 * giver + 1);
  for (int32_t label = Next(); label != kNone; label = Next()) {
    (labels_[label].node & 1) != 0 ? FromGiver(label) : ForwardThroughUsed(label);
  }
  Finish(/*backward=*/false);
}

template <typename Weight>
void Search<Weight>::FromGiver(int32_t label) {
  ++visits_;
  const int32_t u = labels_[label].node >> 1;
  const Wide base = labels_[label].distance + network_.give_price[u];
  const Side& side = network_.give[u];
  if (side.target > 0) {
    if (network_.HasCredit(u)) {
      EndAt(base, label, End::kGivesLess);
    } else if (network_.receive[u].target > 0) {
      const Wide both = base + network_.receive_price[u] + network_.LastBonus(u);
      if (both < best_) ToReceiver(u, both, label);
    }
  }
  const int narrow = 64 - network_.levels.shift;
  const Wide* const prices = network_.receive_price.data();
  const Arc<Weight>* arc = network_.OutArcs(u);
  const Arc<Weight>* const last = arc + side.count;
  int64_t room = HighHalf(best_ - base) + 1;
  for (arc += side.used; arc != last; ++arc) {
    if (HighHalf(prices[arc->member]) - (static_cast<int64_t>(arc->weight) >> narrow) > room) continue;
    const int32_t v = arc->member;
    const Wide distance = base + prices[v] - network_.WorthOf(u, v, arc->weight);
    if (distance >= best_) continue;
    ToReceiver(v, distance, label);
    room = HighHalf(best_ - base) + 1;
  }
}

template <typename Weight>
void Search<Weight>::ToReceiver(int32_t receiver, Wide distance, int32_t from) {
  const int32_t label = Improve(2 * receiver, distance, from);
  if (label == kNone) return;
  const Side& side = network_.receive[receiver];
  if (side.used < side.target) return EndAt(distance, label, End::kTurnFound);
  if (side.target < side.limit) {
    const Wide more = distance - network_.receive_price[receiver] - network_.NextBonus(receiver);
    if (network_.HasCredit(receiver)) {
      EndAt(more, label, End::kReceivesMore);
    } else if (network_.give[receiver].target < network_.give[receiver].limit) {
      const Wide both = more - network_.give_price[receiver];
      if (both < best_) {
        const int32_t giving = Improve(2 * receiver + 1, both, label);
        if (giving != kNone) Push(giving);
      }
    }
  }
  side.used <= kShortList ? ForwardThroughUsed(label) : Push(label);
}

template <typename Weight>
void Search<Weight>::ForwardThroughUsed(int32_t label) {
  const int32_t v = labels_[label].node >> 1;
  const Wide base = labels_[label].distance - network_.receive_price[v];
  const Arc<Weight>* arc = network_.InArcs(v);
  for (const Arc<Weight>* const end = arc + network_.receive[v].used; arc != end; ++arc) {
    const int32_t u = arc->member;
    const Wide distance = base + network_.WorthOf(u, v, arc->weight) - network_.give_price[u];
    if (distance >= best_) continue;
    const int32_t giving = Improve(2 * u + 1, distance, label);
    if (giving != kNone) Push(giving);
  }
}

// Moves the prices, then one turn along the way found, from its end to its source.
template <typename Weight>
void Search<Weight>::Finish(bool backward) {
  TURNABOUT_CHECK(end_label_ != kNone);
  for (const Label& label : labels_) {
    if (label.distance >= best_) continue;
    const Wide by = best_ - label.distance;
    const int32_t member = label.node >> 1;
    const bool gives = (label.node & 1) != 0;
    (gives ? network_.give_price : network_.receive_price)[member] += gives == backward ? by : -by;
  }
  const int32_t at_end = labels_[end_label_].node >> 1;
  network_.give[at_end].target += end_ == End::kGivesMore ? 1 : end_ == End::kGivesLess ? -1 : 0;
  network_.receive[at_end].target += end_ == End::kReceivesMore ? 1 : end_ == End::kReceivesLess ? -1 : 0;
  for (int32_t label = end_label_; labels_[label].from != kNone; label = labels_[label].from) {
    const int32_t node = labels_[label].node;
    const int32_t from = labels_[labels_[label].from].node;
    const bool gives = (node & 1) != 0;
    if (node >> 1 == from >> 1) {
      // Receives and gives one more, or one less.
      const int32_t by = gives == backward ? -1 : 1;
      network_.receive[node >> 1].target += by;
      network_.give[node >> 1].target += by;
    } else if (gives) {
      backward ? network_.Use(node >> 1, from >> 1) : network_.Unuse(node >> 1, from >> 1);
    } else {
      backward ? network_.Unuse(from >> 1, node >> 1) : network_.Use(from >> 1, node >> 1);
    }
  }
}

template class Search<int32_t>;
template class Search<int64_t>;

}  // namespace turnabout::clear
