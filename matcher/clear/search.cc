#include "matcher/clear/search.h"

#include <algorithm>

#include "base/check.h"

namespace turnabout::clear {
namespace {

// Longer than any way.
constexpr Wide kFar = Wide{1} << 126;
// Arcs of a list that are looked at together.
constexpr int32_t kScanned = 64;

int64_t HighHalf(Wide amount) { return static_cast<int64_t>(amount >> 64); }

}  // namespace

template <typename Weight>
void Search<Weight>::Begin(int32_t source) {
  ++searches_;
  receive_price_ = network_.receive_price.data();
  give_price_ = network_.give_price.data();
  receive_ = network_.receive.data();
  give_ = network_.give.data();
  in_ = network_.in.data();
  out_ = network_.out.data();
  label_count_ = 0;
  heap_.Clear();
  best_ = kFar;
  end_label_ = kNone;
  Push(Improve(((source & 1) == 0 ? receive_ : give_)[source >> 1].label, source, 0, kNone));
}

template <typename Weight>
int32_t Search<Weight>::Next() {
  while (!heap_.empty()) {
    const NearHeap::Item item = heap_.Pop();
    const Wide distance = labels_.data()[item.value].distance;
    if (item.key >= best_) break;
    if (item.key == distance) return item.value;
  }
  return kNone;
}

template <typename Weight>
int32_t Search<Weight>::Improve(int32_t& mark, int32_t node, Wide distance, int32_t from) {
  if (mark < label_count_ && labels_.data()[mark].node == node) {
    Label& label = labels_.data()[mark];
    if (label.distance <= distance) return kNone;
    label.distance = distance;
    label.from = from;
    return mark;
  }
  if (label_count_ == static_cast<int32_t>(labels_.size())) labels_.resize(2 * labels_.size() + 64);
  mark = label_count_++;
  labels_.data()[mark] = {distance, node, from};
  return mark;
}

template <typename Weight>
void Search<Weight>::EndAt(Wide distance, int32_t label, End end) {
  if (distance >= best_) return;
  best_ = distance;
  end_label_ = label;
  end_ = end;
}

template <typename Weight>
template <typename Visit>
void Search<Weight>::ForNearArcs(const Arc<Weight>* arc, const Arc<Weight>* last, const Wide* prices, Wide base,
                                 const Visit& visit) {
  struct Near {
    int64_t distance;  // from `base`; in truth it may be less by 1
    const Arc<Weight>* arc;
  };
  Near near[kScanned];
  const int narrow = 64 - network_.levels.shift;
  int64_t room = HighHalf(best_ - base) + 1;
  while (arc != last) {
    int32_t count = 0;
    int32_t nearest = 0;
    for (const Arc<Weight>* const end = arc + std::min<ptrdiff_t>(kScanned, last - arc); arc != end; ++arc) {
      const int64_t distance = HighHalf(prices[arc->member]) - (static_cast<int64_t>(arc->weight) >> narrow);
      if (distance > room) continue;
      near[count] = {distance, arc};
      nearest = distance < near[nearest].distance ? count : nearest;
      ++count;
    }
    if (count > 0) std::swap(near[0], near[nearest]);
    for (int32_t i = 0; i < count; ++i) {
      if (near[i].distance <= room) visit(*near[i].arc);
      room = HighHalf(best_ - base) + 1;
    }
  }
}

template <typename Weight>
void Search<Weight>::Backward(int32_t receiver) {
  Begin(2 * receiver);
  for (int32_t label = Next(); label != kNone; label = Next()) {
    (labels_.data()[label].node & 1) == 0 ? FromReceiver(label) : BackFromGiver(label);
  }
  MovePrices(/*backward=*/true);
  MoveTurn(/*backward=*/true);
}

template <typename Weight>
void Search<Weight>::FromReceiver(int32_t label) {
  ++visits_;
  const int32_t v = labels_.data()[label].node >> 1;
  const Wide base = labels_.data()[label].distance + receive_price_[v];
  const Side& side = receive_[v];
  if (side.target > 0) {
    const Wide without = side.target == 1 ? base + network_.bonus.data()[v] : base;
    EndAt(without, label, End::kReceivesLess);
    const Wide giving = give_price_[v];
    if (giving < 0 && give_[v].target > 0 && without + giving < best_) ToGiver(v, without + giving, label);
  }
  const Arc<Weight>* const arcs = in_ + side.at;
  ForNearArcs(arcs + side.used, arcs + side.count, give_price_, base, [&](const Arc<Weight>& arc) {
    const Wide distance = base + give_price_[arc.member] - WorthOf(arc.member, v, arc.weight);
    if (distance < best_) ToGiver(arc.member, distance, label);
  });
}

template <typename Weight>
void Search<Weight>::ToGiver(int32_t giver, Wide distance, int32_t from) {
  Side& side = give_[giver];
  const int32_t label = Improve(side.label, 2 * giver + 1, distance, from);
  if (label == kNone) return;
  if (side.used < side.target) return EndAt(distance, label, End::kTurnFound);
  if (side.target < side.limit) EndAt(distance - give_price_[giver], label, End::kGivesMore);
  if (distance < best_) Push(label);
}

template <typename Weight>
void Search<Weight>::BackFromGiver(int32_t label) {
  const int32_t u = labels_.data()[label].node >> 1;
  const Wide distance = labels_.data()[label].distance;
  const Wide base = distance - give_price_[u];
  const auto reach = [&](int32_t v, Wide to) {
    if (to >= best_) return;
    const int32_t reached = Improve(receive_[v].label, 2 * v, to, label);
    if (reached != kNone) to == distance ? FromReceiver(reached) : Push(reached);
  };
  const Side& side = give_[u];
  if (side.target < side.limit && receive_[u].target < receive_[u].limit) {
    reach(u, base - receive_price_[u] - network_.NextBonus(u));
  }
  const Arc<Weight>* arc = out_ + side.at;
  for (const Arc<Weight>* const end = arc + side.used; arc != end; ++arc) {
    reach(arc->member, base + WorthOf(u, arc->member, arc->weight) - receive_price_[arc->member]);
  }
}

template <typename Weight>
void Search<Weight>::Forward(int32_t giver) {
  Begin(2 * giver + 1);
  for (int32_t label = Next(); label != kNone; label = Next()) {
    (labels_.data()[label].node & 1) != 0 ? FromGiver(label) : OnFromReceiver(label);
  }
  MovePrices(/*backward=*/false);
  MoveTurn(/*backward=*/false);
}

template <typename Weight>
void Search<Weight>::FromGiver(int32_t label) {
  ++visits_;
  const int32_t u = labels_.data()[label].node >> 1;
  const Wide base = labels_.data()[label].distance + give_price_[u];
  const Side& side = give_[u];
  if (side.target > 0) {
    if (network_.HasCredit(u)) {
      EndAt(base, label, End::kGivesLess);
    } else if (receive_[u].target > 0) {
      const Wide both = base + receive_price_[u] + network_.LastBonus(u);
      if (both < best_) ToReceiver(u, both, label);
    }
  }
  const Arc<Weight>* const arcs = out_ + side.at;
  ForNearArcs(arcs + side.used, arcs + side.count, receive_price_, base, [&](const Arc<Weight>& arc) {
    const Wide distance = base + receive_price_[arc.member] - WorthOf(u, arc.member, arc.weight);
    if (distance < best_) ToReceiver(arc.member, distance, label);
  });
}

template <typename Weight>
void Search<Weight>::ToReceiver(int32_t receiver, Wide distance, int32_t from) {
  Side& side = receive_[receiver];
  const int32_t label = Improve(side.label, 2 * receiver, distance, from);
  if (label == kNone) return;
  if (side.used < side.target) return EndAt(distance, label, End::kTurnFound);
  if (side.target < side.limit && network_.HasCredit(receiver)) {
    EndAt(distance - receive_price_[receiver] - network_.NextBonus(receiver), label, End::kReceivesMore);
  }
  if (distance < best_) Push(label);
}

template <typename Weight>
void Search<Weight>::OnFromReceiver(int32_t label) {
  const int32_t v = labels_.data()[label].node >> 1;
  const Wide distance = labels_.data()[label].distance;
  const Wide base = distance - receive_price_[v];
  const auto reach = [&](int32_t u, Wide to) {
    if (to >= best_) return;
    const int32_t reached = Improve(give_[u].label, 2 * u + 1, to, label);
    if (reached != kNone) to == distance ? FromGiver(reached) : Push(reached);
  };
  const Side& side = receive_[v];
  if (side.target < side.limit && give_[v].target < give_[v].limit && !network_.HasCredit(v)) {
    reach(v, base - network_.NextBonus(v) - give_price_[v]);
  }
  const Arc<Weight>* arc = in_ + side.at;
  for (const Arc<Weight>* const end = arc + side.used; arc != end; ++arc) {
    reach(arc->member, base + WorthOf(arc->member, v, arc->weight) - give_price_[arc->member]);
  }
}

template <typename Weight>
void Search<Weight>::MovePrices(bool backward) {
  TURNABOUT_CHECK(end_label_ != kNone);
  // Without branches: which labels are near is not to be guessed.
  Wide* const prices[] = {receive_price_, give_price_};
  for (const Label *label = labels_.data(), *const last = label + label_count_; label != last; ++label) {
    const Wide by = std::max(best_ - label->distance, Wide{0});
    const int gives = label->node & 1;
    prices[gives][label->node >> 1] += (gives != 0) == backward ? by : -by;
  }
  if (fell_ == nullptr) return;
  for (const Label *label = labels_.data(), *const last = label + label_count_; label != last; ++label) {
    if (label->distance < best_ && ((label->node & 1) != 0) != backward) fell_->push_back(label->node);
  }
}

// One turn, along the way found, from its end to its source.
template <typename Weight>
void Search<Weight>::MoveTurn(bool backward) {
  const int32_t at_end = labels_[end_label_].node >> 1;
  give_[at_end].target += end_ == End::kGivesMore ? 1 : end_ == End::kGivesLess ? -1 : 0;
  receive_[at_end].target += end_ == End::kReceivesMore ? 1 : end_ == End::kReceivesLess ? -1 : 0;
  for (int32_t label = end_label_; labels_[label].from != kNone; label = labels_[label].from) {
    const int32_t node = labels_[label].node;
    const int32_t from = labels_[labels_[label].from].node;
    const bool gives = (node & 1) != 0;
    if (node >> 1 == from >> 1) {
      // The member receives and gives one more, or one less.
      const int32_t by = gives == backward ? -1 : 1;
      receive_[node >> 1].target += by;
      give_[node >> 1].target += by;
    } else if (gives) {
      Use(node >> 1, from >> 1, backward);
    } else {
      Use(from >> 1, node >> 1, !backward);
    }
  }
}

template <typename Weight>
Weight Search<Weight>::Use(int32_t giver, int32_t receiver, bool used) {
  const Weight weight = used ? network_.Use(giver, receiver) : network_.Unuse(giver, receiver);
  if (moves_ != nullptr) moves_->push_back({giver, receiver, weight, used, network_.receive[receiver].used});
  return weight;
}

template class Search<int32_t>;
template class Search<int64_t>;

}  // namespace turnabout::clear
