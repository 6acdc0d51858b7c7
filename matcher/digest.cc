#include "matcher/digest.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"

namespace turnabout {
namespace {

constexpr absl::string_view kFormat = "turnabout round instance 1\n";

void Put(std::string& out, int64_t number) {
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(static_cast<uint64_t>(number) >> (8 * i)));
}

// A list as its length and its items in order of their numbers.
void PutSorted(std::string& out, std::vector<int64_t> items) {
  std::sort(items.begin(), items.end());
  Put(out, static_cast<int64_t>(items.size()));
  for (const int64_t item : items) Put(out, item);
}

void PutPerson(std::string& out, const Person& person) {
  absl::StrAppend(&out, person.id.view());
  for (const int64_t number :
       {int64_t{person.has_place}, int64_t{person.place.latitude_e6}, int64_t{person.place.longitude_e6},
        int64_t{person.travel_metres}, static_cast<int64_t>(person.languages), int64_t{person.slots},
        int64_t{person.gender}, int64_t{person.wanted_genders}, int64_t{person.checks}, int64_t{person.give_capacity},
        int64_t{person.receive_need}, int64_t{person.turns}, int64_t{person.waiting_days}, int64_t{person.groups}}) {
    Put(out, number);
  }
  std::vector<int64_t> items;
  for (const Journey& journey : person.journeys)
    items.push_back(journey.service * 256 + static_cast<int>(journey.stage));
  PutSorted(out, std::move(items));
  items.clear();
  for (const Offer& offer : person.offers) items.push_back(offer.category * 256 + offer.settings);
  PutSorted(out, std::move(items));
  items.clear();
  for (const Need& need : person.needs) items.push_back((need.category * 256 + need.settings) * 256 + need.urgency);
  PutSorted(out, std::move(items));
  std::vector<MemberId> excluded = person.excluded;
  std::sort(excluded.begin(), excluded.end());
  Put(out, static_cast<int64_t>(excluded.size()));
  for (const MemberId& id : excluded) absl::StrAppend(&out, id.view());
}

void PutPairs(std::string& out, const Pool& pool, const std::vector<PoolPair>& pairs) {
  std::vector<std::string> texts;
  for (const PoolPair& pair : pairs) {
    texts.push_back(std::string(pool.people[pair.giver].id.view()));
    absl::StrAppend(&texts.back(), pool.people[pair.receiver].id.view());
  }
  std::sort(texts.begin(), texts.end());
  Put(out, static_cast<int64_t>(texts.size()));
  for (const std::string& text : texts) out += text;
}

}  // namespace

std::vector<int32_t> ById(const Pool& pool) {
  std::vector<int32_t> order(pool.people.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return pool.people[a].id < pool.people[b].id; });
  return order;
}

std::string DigestOf(const Pool& pool, const Settings& settings, Seed seed) {
  std::string bytes(kFormat);
  bytes.reserve(pool.people.size() * 320);
  Put(bytes, static_cast<int64_t>(seed.value));
  const Weights& weights = settings.weights;
  for (const int64_t number : {int64_t{settings.distance_metres_max}, int64_t{settings.same_service_required},
                               int64_t{settings.current_may_give}, int64_t{settings.required_checks},
                               int64_t{weights.needs_met}, int64_t{weights.distance}, int64_t{weights.shared_time},
                               int64_t{weights.shared_journey}, int64_t{weights.shared_language}}) {
    Put(bytes, number);
  }
  Put(bytes, static_cast<int64_t>(pool.people.size()));
  for (const int32_t at : ById(pool)) PutPerson(bytes, pool.people[at]);
  PutPairs(bytes, pool, pool.resting);
  PutPairs(bytes, pool, pool.paired);
  // What is not there is not in the digest: a round without floors has the digest that it always had.
  std::vector<int64_t> floors;
  for (size_t n = 0; n < settings.groups.size(); ++n) {
    const int32_t floor = settings.groups[n].floor_per_mille;
    if (floor > 0) floors.push_back(static_cast<int64_t>(n) * (kFloorPerMilleMax + 1) + floor);
  }
  if (!floors.empty()) PutSorted(bytes, std::move(floors));
  return ToHex(Sha256({bytes}));
}

}  // namespace turnabout
