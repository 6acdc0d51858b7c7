#include "matcher/clear/levels.h"

#include <algorithm>
#include <bit>

#include "base/reason.h"

namespace turnabout::clear {
namespace {

constexpr int kShiftMax = 64;
constexpr int kTicketBitsMax = 40;
constexpr int kTicketBitsMin = 8;
constexpr int kTotalBits = 120;
constexpr int kWeightBits = 62;

int WidthOf(Wide amount) {
  const auto bits = static_cast<unsigned __int128>(amount);
  const uint64_t high = static_cast<uint64_t>(bits >> 64);
  return high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<uint64_t>(bits));
}

}  // namespace

Totals TotalsOf(const Problem& problem) {
  Totals totals;
  for (const int64_t weight : problem.weight) totals.AddWeight(weight);
  for (const int64_t bonus : problem.bonus) totals.AddWeight(bonus);
  for (int32_t v = 0; v < problem.members(); ++v) {
    totals.turns += std::min<int64_t>(problem.need[v], problem.first[v + 1] - problem.first[v]);
  }
  totals.members = problem.members();
  totals.pins = std::count(problem.pinned.begin(), problem.pinned.end(), 1);
  return totals;
}

absl::StatusOr<Levels> LevelsOf(const Totals& totals, Objective objective) {
  Levels levels;
  Wide total = totals.total;
  if (objective == Objective::kPeopleFirst) {
    levels.person = total + 1;
    total += levels.person * totals.members;
  }
  if (totals.pins > 0) {
    if (WidthOf(total) > kWeightBits) {
      return RefuseFields({{"pinned", "weights and bonuses, all added up, leave no room for pinned edges"}});
    }
    levels.pin = static_cast<int64_t>(total) + 1;
    total += static_cast<Wide>(levels.pin) * totals.pins;
  }
  levels.shift = std::min(kShiftMax, kTotalBits - WidthOf(total));
  levels.ticket_bits = std::min(kTicketBitsMax, levels.shift - WidthOf(totals.turns));
  if (levels.ticket_bits < kTicketBitsMin) {
    return RefuseFields({{"weights", "weights and bonuses, all added up, are more than 128 bits hold"}});
  }
  return levels;
}

}  // namespace turnabout::clear
