#include "base/merkle.h"

#include "base/check.h"

namespace turnabout {
namespace {

constexpr absl::string_view kLeafPrefix("\0", 1);
constexpr absl::string_view kNodePrefix("\1", 1);

// Joins neighbours; an odd last one is carried up as it is. Level by level this gives the same tree as RFC 6962's split
// at the largest power of two.
void JoinNeighbours(std::vector<Sha256Digest>& level) {
  const size_t pairs = level.size() / 2;
  for (size_t i = 0; i < pairs; ++i) level[i] = MerkleNode(level[2 * i], level[2 * i + 1]);
  if (level.size() % 2 == 1) level[pairs] = level.back();
  level.resize(pairs + level.size() % 2);
}

}  // namespace

Sha256Digest MerkleLeaf(absl::string_view leaf) { return Sha256({kLeafPrefix, leaf}); }

Sha256Digest MerkleNode(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256({kNodePrefix, AsView(left), AsView(right)});
}

Sha256Digest MerkleRootOf(std::vector<Sha256Digest> leaves) {
  if (leaves.empty()) return Sha256({});
  while (leaves.size() > 1) JoinNeighbours(leaves);
  return leaves.front();
}

std::vector<Sha256Digest> MerklePath(std::vector<Sha256Digest> leaves, size_t index) {
  TURNABOUT_CHECK(index < leaves.size());
  std::vector<Sha256Digest> path;
  for (; leaves.size() > 1; index /= 2) {
    const size_t beside = index ^ 1;
    if (beside < leaves.size()) path.push_back(leaves[beside]);
    JoinNeighbours(leaves);
  }
  return path;
}

std::optional<Sha256Digest> MerkleRootByPath(const Sha256Digest& leaf, uint64_t index, uint64_t count,
                                             const std::vector<Sha256Digest>& path) {
  if (index >= count) return std::nullopt;
  Sha256Digest hash = leaf;
  auto next = path.begin();
  for (; count > 1; index /= 2, count = count / 2 + count % 2) {
    if ((index ^ 1) >= count) continue;  // carried up
    if (next == path.end()) return std::nullopt;
    hash = index % 2 == 0 ? MerkleNode(hash, *next) : MerkleNode(*next, hash);
    ++next;
  }
  return next == path.end() ? std::make_optional(hash) : std::nullopt;
}

}  // namespace turnabout
