#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "matcher/verify_parts.h"

namespace turnabout {

absl::Status CheckLinks(const Pool& pool, const std::vector<Proposal>& proposals) {
  struct Tie {
    int64_t received = 0, given = 0;
  };
  const auto key_of = [](int32_t person, int32_t link) {
    return static_cast<uint64_t>(person) << 32 | static_cast<uint32_t>(link);
  };
  absl::flat_hash_map<uint64_t, Tie> ties;  // by person and link
  absl::flat_hash_map<int32_t, int64_t> sizes;
  std::vector<int64_t> received(pool.people.size(), 0);
  for (const Proposal& proposal : proposals) {
    ++received[proposal.receiver];
    if (proposal.link < 0) return Wrong("a link is below 0");
    if (proposal.link == 0) continue;
    ++ties[key_of(proposal.receiver, proposal.link)].received;
    ++ties[key_of(proposal.giver, proposal.link)].given;
    ++sizes[proposal.link];
  }
  std::vector<int64_t> covered(pool.people.size(), 0);
  for (const auto& [key, tie] : ties) covered[key >> 32] += std::min(tie.received, tie.given);
  int64_t needed = 0;
  for (size_t i = 0; i < received.size(); ++i) {
    const int64_t uncovered = std::max<int64_t>(0, received[i] - pool.people[i].turns);
    if (covered[i] < uncovered) return Wrong("a turn received is not linked to the turn given for it");
    needed += uncovered;
  }
  int64_t tied = 0;
  for (const auto& [link, size] : sizes) {
    if (size == 1) return Wrong("a proposal is linked to nothing");
    tied += size - 1;
  }
  return tied <= needed ? absl::OkStatus() : Wrong("more proposals are linked than need be");
}

}  // namespace turnabout
