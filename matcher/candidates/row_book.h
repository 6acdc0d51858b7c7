// A RowBook numbers what givers can have in common with somebody: each language, time, kind of help and so on that any
// giver has is one row of bits, in which every giver is one bit.
#ifndef TURNABOUT_MATCHER_CANDIDATES_ROW_BOOK_H_
#define TURNABOUT_MATCHER_CANDIDATES_ROW_BOOK_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/criteria/time.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// One bit for each of 256 givers that lie side by side.
inline constexpr int kLanes = 256;
inline constexpr int kMaskWords = kLanes / 64;
struct alignas(32) Mask {
  uint64_t words[kMaskWords];
};

inline constexpr int kNoRow = -1;  // no giver has it
inline constexpr int kGenderCodes = 8;

// Immutable once built.
class RowBook {
 public:
  explicit RowBook(absl::Span<const Traits> givers);

  // How many rows there are.
  int size() const { return size_; }

  // Rows that are always there.
  static constexpr int kChecked = 0;
  static constexpr int kStage = 1;
  int welcomes(int gender) const { return kWelcomes + gender; }

  // kNoRow where no giver has it.
  int language(int n) const { return languages_[n]; }
  int slot(int n) const { return slots_[n]; }
  int offer(int setting, int category) const { return offers_[setting][category]; }
  int gender(int n) const { return genders_[n]; }
  int service(int n) const { return services_[n]; }
  int any_service() const { return any_service_; }

  // Row of those who go `floors[n]` metres or more, for the n-th of some distances that part the givers into equal
  // shares, rising; all of them have a place. The first is 0 metres.
  int reach(int n) const { return reach_ + n; }
  const std::vector<int64_t>& reach_floors() const { return reach_floors_; }

  // Sets the bits of one giver. REQUIRES: `traits` was among those that the book was made from.
  void SetRows(const Traits& traits, Mask* rows, int lane) const;

 private:
  static constexpr int kWelcomes = 2;
  void NumberReaches(absl::Span<const Traits> givers);
  // Numbers the set bits of `present`.
  template <size_t N>
  void Number(uint64_t present, std::array<int16_t, N>& rows);

  int size_ = kWelcomes + kGenderCodes;
  std::array<int16_t, 64> languages_;
  std::array<int16_t, kSlotCount> slots_;
  std::array<std::array<int16_t, 64>, kSettingCount> offers_;
  std::array<int16_t, kGenderCodes> genders_;
  std::array<int16_t, 64> services_;
  int any_service_ = kNoRow;
  int reach_ = 0;
  std::vector<int64_t> reach_floors_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_ROW_BOOK_H_
