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

int WidthOf(Wide amount) {
  const auto bits = static_cast<unsigned __int128>(amount);
  const uint64_t high = static_cast<uint64_t>(bits >> 64);
  return high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<uint64_t>(bits));
}

}  // namespace

absl::StatusOr<Levels> LevelsOf(const Problem& problem) {
  Wide total = 0;
  Wide most = 0;
  const auto add = [&](Wide amount) {
    total += amount;
    most = std::max(most, amount);
  };
  for (const int64_t weight : problem.weight) add(weight < 0 ? -static_cast<Wide>(weight) : weight);
  for (const int64_t bonus : problem.bonus) add(bonus);
  Levels levels;
  if (problem.objective == Objective::kPeopleFirst) {
    levels.person = total + 1;
    total += levels.person * problem.members();
  }
  levels.shift = std::min(kShiftMax, kTotalBits - WidthOf(total));
  levels.ticket_bits = std::min(kTicketBitsMax, levels.shift - WidthOf(problem.edges()));
  if (levels.ticket_bits < kTicketBitsMin) {
    return RefuseFields({{"weights", "weights and bonuses, all added up, are more than 128 bits hold"}});
  }
  levels.worth_bits = levels.shift + WidthOf(most + levels.person + 1);
  return levels;
}

}  // namespace turnabout::clear
