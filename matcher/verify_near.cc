#include "matcher/verify_near.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <numeric>
#include <tuple>

namespace turnabout {
namespace {

constexpr int kBits = 64;  // of a set
constexpr int kWays = 2 * kBits;

// The list in which a pair counts. Of a pair that has nothing in common it is none that both are in.
int ListOf(const Traits& giver, const Traits& receiver) {
  const CategorySet remote = SharedRemotely(giver, receiver);
  const int way = remote != 0 ? std::countr_zero(remote) : kBits + std::countr_zero(SharedInPerson(giver, receiver));
  return way * kBits + std::countr_zero(giver.languages & receiver.languages);
}

// Calls each(way, list) for every list of somebody with these offers or needs, place and languages.
template <typename Each>
void ForEachList(const std::array<CategorySet, kSettingCount>& help, bool has_place, LanguageSet languages, Each each) {
  const CategorySet remote = help[2] | help[3];
  const CategorySet in_person = has_place ? help[0] | help[1] : 0;
  for (int way = 0; way < kWays; ++way) {
    if ((((way < kBits ? remote : in_person) >> (way % kBits)) & 1) == 0) continue;
    for (LanguageSet rest = languages; rest != 0; rest &= rest - 1) each(way, way * kBits + std::countr_zero(rest));
  }
}

// The smallest cosine of a latitude half way between `place` and any within `metres` of it.
int64_t SmallestCosine(const Point& place, int32_t metres) {
  const int64_t north = 10 * (int64_t{metres} + 1) * kMillion / kDecimetresPerDegree + 1;
  return CosineOfHalf(2 * std::abs(int64_t{place.latitude_e6}) + north);
}

}  // namespace

std::vector<int32_t> ByPlace(const std::vector<Person>& people) {
  constexpr int32_t kRowE6 = 20'000;
  std::vector<int32_t> order(people.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    const auto [north_a, east_a] = people[a].place;
    const auto [north_b, east_b] = people[b].place;
    return std::tuple(north_a / kRowE6, east_a, a) < std::tuple(north_b / kRowE6, east_b, b);
  });
  return order;
}

struct Near::Question {
  const Traits& receiver;
  int64_t cosine = 0;
  int64_t squared_reach = 0;
  Number price = 0;
  bool in_person = false;  // only
  int64_t points = 0;      // the most of the scores by weight, but for time and distance
  absl::FunctionRef<bool(int32_t giver)> visit;
};

Near::Near(const std::vector<Traits>& givers, const std::vector<Number>& prices, const Settings& settings, Worth worth)
    : givers_(givers), settings_(settings), worth_(worth), lists_(kWays * kBits) {
  const Weights& weights = settings.weights;
  whole_ = int64_t{weights.needs_met} + weights.distance + weights.shared_time + weights.shared_journey +
           weights.shared_language;
  for (int32_t u = 0; u < static_cast<int32_t>(givers.size()); ++u) {
    const Traits& giver = givers[u];
    if (!giver.checked || !giver.stage_allows) continue;
    const Point& place = giver.place;
    const Box home{place.latitude_e6, place.latitude_e6, place.longitude_e6, place.longitude_e6};
    const SlotSet slots = giver.slots & kEverySlot;
    const size_t service = giver.services_used == 0 ? 0 : 1 + std::countr_zero(giver.services_used);
    ForEachList(giver.offers, giver.has_place, giver.languages, [&](int, int list) {
      if (lists_[list].size() <= service) lists_[list].resize(service + 1);
      Tree& tree = lists_[list][service];
      tree.services |= giver.services_used;
      tree.nodes.push_back({prices[u], home, home, slots, slots, u});
    });
  }
  for (std::vector<Tree>& list : lists_) {
    for (Tree& tree : list) Grow(tree.nodes.data(), tree.nodes.data() + tree.nodes.size());
  }
}

void Near::Grow(Node* first, Node* last) {
  if (last - first < 2) return;
  const auto cheaper = [](const Node& a, const Node& b) { return a.price < b.price; };
  std::swap(*first, *std::min_element(first, last, cheaper));
  Box& box = first->branch;
  for (const Node* node = first + 1; node < last; ++node) {
    box.south = std::min(box.south, node->home.south);
    box.north = std::max(box.north, node->home.north);
    box.west = std::min(box.west, node->home.west);
    box.east = std::max(box.east, node->home.east);
    first->branch_slots |= node->slots;
  }
  const bool wide = int64_t{box.east} - box.west > int64_t{box.north} - box.south;
  Node* const half = first + 1 + (last - first - 1) / 2;
  std::nth_element(first + 1, half, last, [&](const Node& a, const Node& b) {
    return wide ? a.home.west < b.home.west : a.home.south < b.home.south;
  });
  Grow(first + 1, half);
  Grow(half, last);
}

// False when nobody in `box`, free at no other times than `slots` and at no lower price than `price`, is Allowed and
// worth more than the prices.
bool Near::CouldPay(const Box& box, SlotSet slots, Number price, const Question& question) const {
  const SlotSet shared = slots & question.receiver.slots;
  if (shared == 0) return false;
  const auto pays = [&](int32_t distance) {
    const int64_t points = question.points + int64_t{settings_.weights.distance} * distance +
                           int64_t{settings_.weights.shared_time} * TimeScoreOf(std::popcount(shared));
    const int64_t score = whole_ == 0 ? 0 : points / whole_;
    return price < (static_cast<Number>(score) << worth_.score_shift) + worth_.above_ticket - question.price;
  };
  if (!pays(kScoreMax)) return false;
  if (!question.receiver.has_place) return pays(kRemoteScore);
  const auto [latitude, longitude] = question.receiver.place;
  const int64_t north = std::max({int64_t{0}, int64_t{box.south} - latitude, int64_t{latitude} - box.north});
  const bool within = box.west <= longitude && longitude <= box.east;
  const int64_t east = within ? 0 : std::min(EastBetween(longitude, box.west), EastBetween(longitude, box.east));
  const int64_t squared = SquareOfWay(NorthBetween(0, north), east, question.cosine);
  if (squared >= question.squared_reach) return !question.in_person && pays(kRemoteScore);
  const int32_t distance = InPersonScoreOf(squared, settings_.distance_metres_max);
  return pays(question.in_person ? distance : std::max(distance, kRemoteScore));
}

bool Near::Walk(const Node* first, const Node* last, const Question& question) const {
  if (first == last || !CouldPay(first->branch, first->branch_slots, first->price, question)) return true;
  if (CouldPay(first->home, first->slots, first->price, question) && !question.visit(first->giver)) return false;
  const Node* const half = first + 1 + (last - first - 1) / 2;
  return Walk(first + 1, half, question) && Walk(half, last, question);
}

bool Near::Visit(const Traits& receiver, Number price, absl::FunctionRef<bool(int32_t giver)> visit) const {
  const Weights& weights = settings_.weights;
  const int64_t cosine = SmallestCosine(receiver.place, receiver.reach_metres);
  const int32_t all_needs = WeightOfNeeds(receiver, receiver.needs_anywhere);
  Traits most;  // somebody with all that a tree's givers have
  bool going = true;
  ForEachList(receiver.needs, receiver.has_place, receiver.languages, [&](int way, int list) {
    const bool in_person = way >= kBits;
    const auto once = [&](int32_t giver) { return ListOf(givers_[giver], receiver) != list || visit(giver); };
    // What a pair here has in common in person begins with the list's category, if it has nothing else in common.
    const CategorySet needs =
        in_person ? (receiver.needs[0] | receiver.needs[1]) >> (way % kBits) << (way % kBits) : receiver.needs_anywhere;
    const int64_t known = int64_t{weights.needs_met} * NeedsScoreOf(WeightOfNeeds(receiver, needs), all_needs) +
                          int64_t{weights.shared_language} * LanguageScoreOf(std::popcount(receiver.languages));
    for (const Tree& tree : lists_[list]) {
      most.services_used = tree.services;
      const int64_t points = known + int64_t{weights.shared_journey} * JourneyScore(most, receiver);
      const Question question{receiver, cosine, SquaredLimit(receiver.reach_metres), price, in_person, points, once};
      going = going && Walk(tree.nodes.data(), tree.nodes.data() + tree.nodes.size(), question);
    }
  });
  return going;
}

}  // namespace turnabout
