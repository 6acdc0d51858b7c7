#include "matcher/candidates/row_book.h"

#include <algorithm>
#include <bit>

namespace turnabout {
namespace {

constexpr int kReachRows = 32;

void SetBit(Mask* rows, int row, int lane) { rows[row].words[lane / 64] |= uint64_t{1} << (lane % 64); }

template <size_t N>
void SetBits(uint64_t bits, const std::array<int16_t, N>& numbers, Mask* rows, int lane) {
  for (; bits != 0; bits &= bits - 1) SetBit(rows, numbers[std::countr_zero(bits)], lane);
}

}  // namespace

RowBook::RowBook(absl::Span<const Traits> givers) {
  uint64_t languages = 0;
  uint64_t slots = 0;
  uint64_t genders = 0;
  uint64_t services = 0;
  std::array<uint64_t, kSettingCount> offers{};
  for (const Traits& giver : givers) {
    languages |= giver.languages;
    slots |= giver.slots & kEverySlot;
    genders |= uint64_t{1} << giver.gender;
    services |= giver.services_used;
    for (int k = 0; k < kSettingCount; ++k) offers[k] |= giver.offers[k];
  }
  Number(languages, languages_);
  Number(slots, slots_);
  Number(genders, genders_);
  Number(services, services_);
  for (int k = 0; k < kSettingCount; ++k) Number(offers[k], offers_[k]);
  if (services != 0) any_service_ = size_++;
  NumberReaches(givers);
}

template <size_t N>
void RowBook::Number(uint64_t present, std::array<int16_t, N>& rows) {
  rows.fill(kNoRow);
  for (; present != 0; present &= present - 1) rows[std::countr_zero(present)] = static_cast<int16_t>(size_++);
}

void RowBook::NumberReaches(absl::Span<const Traits> givers) {
  std::vector<int64_t> reaches;
  for (const Traits& giver : givers) {
    if (giver.has_place) reaches.push_back(giver.reach_metres);
  }
  reach_floors_ = {0};
  for (int n = 1; n < kReachRows && !reaches.empty(); ++n) {
    const auto at = reaches.begin() + static_cast<int64_t>(reaches.size()) * n / kReachRows;
    std::nth_element(reaches.begin(), at, reaches.end());
    if (*at > reach_floors_.back()) reach_floors_.push_back(*at);
  }
  reach_ = size_;
  size_ += static_cast<int>(reach_floors_.size());
}

void RowBook::SetRows(const Traits& traits, Mask* rows, int lane) const {
  if (traits.checked) SetBit(rows, kChecked, lane);
  if (traits.stage_allows) SetBit(rows, kStage, lane);
  for (int gender = 0; gender < kGenderCodes; ++gender) {
    if (traits.wanted_genders == 0 || ((traits.wanted_genders >> gender) & 1)) SetBit(rows, welcomes(gender), lane);
  }
  SetBit(rows, genders_[traits.gender], lane);
  SetBits(traits.languages, languages_, rows, lane);
  SetBits(traits.slots & kEverySlot, slots_, rows, lane);
  for (int k = 0; k < kSettingCount; ++k) SetBits(traits.offers[k], offers_[k], rows, lane);
  SetBits(traits.services_used, services_, rows, lane);
  if (traits.services_used != 0) SetBit(rows, any_service_, lane);
  for (size_t n = 0; traits.has_place && n < reach_floors_.size() && reach_floors_[n] <= traits.reach_metres; ++n) {
    SetBit(rows, reach(static_cast<int>(n)), lane);
  }
}

}  // namespace turnabout
