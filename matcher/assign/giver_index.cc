#include "matcher/assign/giver_index.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/check.h"

namespace turnabout {
namespace {

uint64_t AnyOf(const std::vector<const uint64_t*>& rows, size_t word) {
  uint64_t bits = 0;
  for (const uint64_t* row : rows) bits |= row[word];
  return bits;
}

template <size_t N>
void CollectRows(const std::array<GiverBits, N>& table, uint64_t wanted, std::vector<const uint64_t*>& rows) {
  for (; wanted != 0; wanted &= wanted - 1) {
    const int bit = std::countr_zero(wanted);
    if (bit < static_cast<int>(N) && !table[bit].empty()) rows.push_back(table[bit].data());
  }
}

}  // namespace

GiverIndex::GiverIndex(const Instance& instance) : instance_(instance), words_((instance.givers.size() + 63) / 64) {
  ready_.assign(words_, 0);
  checked_.assign(words_, 0);
  stage_.assign(words_, 0);
  for (GiverBits& row : welcoming_) row.assign(words_, 0);
  south_.assign(words_, std::numeric_limits<int32_t>::max());
  north_.assign(words_, std::numeric_limits<int32_t>::min());
  for (size_t i = 0; i < instance.givers.size(); ++i) AddGiver(static_cast<int32_t>(i), instance.giver_traits[i]);
}

void GiverIndex::Set(GiverBits& row, size_t words, int32_t at) {
  if (row.empty()) row.assign(words, 0);
  row[at / 64] |= uint64_t{1} << (at % 64);
}

void GiverIndex::AddGiver(int32_t at, const Traits& traits) {
  if (traits.checked) Set(checked_, words_, at);
  if (traits.stage_allows) Set(stage_, words_, at);
  if (traits.checked && traits.stage_allows) Set(ready_, words_, at);
  for (int i = 0; i < 64; ++i) {
    if ((traits.languages >> i) & 1) Set(languages_[i], words_, at);
    if ((traits.services_used >> i) & 1) Set(services_[i], words_, at);
    for (int k = 0; k < kSettingCount; ++k) {
      if ((traits.offers[k] >> i) & 1) Set(offers_[k][i], words_, at);
    }
  }
  for (int i = 0; i < kSlotCount; ++i) {
    if ((traits.slots >> i) & 1) Set(slots_[i], words_, at);
  }
  Set(genders_[traits.gender], words_, at);
  for (int i = 0; i < 8; ++i) {
    if (traits.wanted_genders == 0 || ((traits.wanted_genders >> i) & 1)) Set(welcoming_[i], words_, at);
  }
  if (traits.has_place) {
    south_[at / 64] = std::min(south_[at / 64], traits.place.latitude_e6);
    north_[at / 64] = std::max(north_[at / 64], traits.place.latitude_e6);
  }
}

GiverIndex::Query GiverIndex::QueryOf(int32_t receiver) const {
  const Traits& traits = instance_.receiver_traits[receiver];
  Query query;
  CollectRows(languages_, traits.languages, query.languages);
  CollectRows(slots_, traits.slots & kEverySlot, query.slots);
  CollectRows(offers_[0], traits.needs[0], query.in_person);
  CollectRows(offers_[1], traits.needs[1], query.in_person);
  CollectRows(offers_[2], traits.needs[2], query.remote);
  CollectRows(offers_[3], traits.needs[3], query.remote);
  query.any_gender = traits.wanted_genders == 0;
  if (!query.any_gender) CollectRows(genders_, traits.wanted_genders, query.preferences);
  query.any_service = !instance_.settings->same_service_required || traits.services_now == 0;
  if (!query.any_service) CollectRows(services_, traits.services_now, query.services);
  query.welcoming = welcoming_[traits.gender].data();
  return query;
}

// The north-south part of a way is never longer than the way, so a word of givers that lies too far north or south of
// somebody holds nobody within their reach.
bool GiverIndex::NearLatitude(const Traits& receiver, size_t word) const {
  if (!receiver.has_place || south_[word] > north_[word]) return false;
  Point nearest = receiver.place;
  nearest.latitude_e6 = std::clamp(nearest.latitude_e6, south_[word], north_[word]);
  const int64_t limit = int64_t{10} * (receiver.reach_metres + 1);
  return SquaredDecimetres(nearest, receiver.place) < limit * limit;
}

void GiverIndex::Eligible(int32_t receiver, std::vector<int32_t>& givers) const {
  givers.clear();
  const Query query = QueryOf(receiver);
  const Traits& traits = instance_.receiver_traits[receiver];
  for (size_t word = 0; word < words_; ++word) {
    uint64_t bits = ready_[word] & query.welcoming[word];
    if (bits != 0) bits &= AnyOf(query.languages, word);
    if (bits != 0) bits &= AnyOf(query.slots, word);
    if (bits != 0 && !query.any_gender) bits &= AnyOf(query.preferences, word);
    if (bits != 0 && !query.any_service) bits &= AnyOf(query.services, word);
    if (bits == 0) continue;
    uint64_t passing = bits & AnyOf(query.remote, word);
    uint64_t look = bits & ~passing & AnyOf(query.in_person, word);
    if (look != 0 && !NearLatitude(traits, word)) look = 0;
    for (; look != 0; look &= look - 1) {
      const int bit = std::countr_zero(look);
      if (WithinReach(instance_.giver_traits[word * 64 + bit], traits)) passing |= uint64_t{1} << bit;
    }
    for (; passing != 0; passing &= passing - 1) {
      givers.push_back(static_cast<int32_t>(word * 64 + std::countr_zero(passing)));
    }
  }
  const std::vector<int32_t>& blocked = instance_.receivers[receiver].blocked;
  if (blocked.empty()) return;
  std::erase_if(givers, [&](int32_t giver) { return std::binary_search(blocked.begin(), blocked.end(), giver); });
}

void GiverIndex::Passing(int criterion, int32_t receiver, GiverBits& bits) const {
  const Query query = QueryOf(receiver);
  const std::vector<int32_t>& blocked = instance_.receivers[receiver].blocked;
  bits.assign(words_, 0);
  for (size_t word = 0; word < words_; ++word) {
    switch (criterion) {
      case 0:
        bits[word] = stage_[word] & (query.any_service ? ~uint64_t{0} : AnyOf(query.services, word));
        break;
      case 1:
        bits[word] = AnyOf(query.remote, word) | AnyOf(query.in_person, word);
        break;
      case 2:
        bits[word] = AnyOf(query.languages, word);
        break;
      case 3:
        bits[word] = AnyOf(query.slots, word);
        break;
      case 4:
        bits[word] = AnyOf(query.remote, word);
        break;
      case 5:
        bits[word] = query.welcoming[word] & (query.any_gender ? ~uint64_t{0} : AnyOf(query.preferences, word));
        break;
      case 6:
        bits[word] = checked_[word];
        break;
      default:
        bits[word] = ~uint64_t{0};
    }
  }
  if (!bits.empty() && instance_.givers.size() % 64 != 0) {
    bits.back() &= (uint64_t{1} << (instance_.givers.size() % 64)) - 1;
  }
  if (criterion != 7) return;
  for (const int32_t giver : blocked) bits[giver / 64] &= ~(uint64_t{1} << (giver % 64));
}

}  // namespace turnabout
