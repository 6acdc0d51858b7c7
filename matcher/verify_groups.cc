// What a round says of its groups, checked.
//
// For bonuses b >= 0 the prices prove that no round beats this one in urgent people, people and then days, where
// days = waiting days + sum over groups of b * served. Any round that equals it in people and meets every floor f has
// sum b * served >= sum b * f, so its waiting days are at most this one's plus sum b * (served here - f). That is the
// bound that the round states.
#include <cstdint>

#include "matcher/verify_parts.h"

namespace turnabout {
namespace {

// More days than a pool of the largest size can have waited.
constexpr int64_t kBonusDaysMax = int64_t{1} << 36;

}  // namespace

absl::Status CheckBonuses(const Settings& settings, const Round& round) {
  if (round.groups.size() != settings.groups.size()) return Wrong("a group has no share, or a share no group");
  for (size_t n = 0; n < round.groups.size(); ++n) {
    const int64_t bonus = round.groups[n].bonus_days;
    if (bonus < 0 || bonus > kBonusDaysMax) return Wrong("a bonus is out of range");
    if (bonus > 0 && settings.groups[n].floor_per_mille == 0) return Wrong("a group without a floor has a bonus");
  }
  return absl::OkStatus();
}

absl::Status CheckGroups(const Pool& pool, const Settings& settings, const Round& round) {
  std::vector<uint8_t> served(pool.people.size(), 0);
  for (const Proposal& proposal : round.proposals) served[proposal.receiver] = 1;
  __int128 bound = round.value.waiting_days;
  for (size_t n = 0; n < round.groups.size(); ++n) {
    GroupShare share;
    for (size_t i = 0; i < served.size(); ++i) {
      if ((pool.people[i].groups >> n & 1) == 0) continue;
      ++share.people;
      share.waiting += pool.people[i].receive_need > 0;
      share.served += served[i];
    }
    while (share.floor * 1000 < share.waiting * settings.groups[n].floor_per_mille) ++share.floor;
    share.bonus_days = round.groups[n].bonus_days;
    if (share != round.groups[n]) return Wrong("a group's share is not what the proposals add up to");
    bound += static_cast<__int128>(share.bonus_days) * (share.served - share.floor);
  }
  return bound == round.waiting_days_bound ? absl::OkStatus() : Wrong("the bound on waiting days is not right");
}

}  // namespace turnabout
