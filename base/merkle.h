// The Merkle tree of RFC 6962 section 2.1: one hash for a list, and short proofs that something is in it.
//
//   std::vector<Sha256Digest> leaves = {MerkleLeaf("a"), MerkleLeaf("b"), MerkleLeaf("c")};
//   const Sha256Digest root = MerkleRootOf(leaves);
//   const std::vector<Sha256Digest> path = MerklePath(leaves, 2);
//   MerkleRootByPath(MerkleLeaf("c"), 2, 3, path) == root;
#ifndef TURNABOUT_BASE_MERKLE_H_
#define TURNABOUT_BASE_MERKLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/sha256.h"

namespace turnabout {

// The hash of one item, and of two subtrees.
Sha256Digest MerkleLeaf(absl::string_view leaf);
Sha256Digest MerkleNode(const Sha256Digest& left, const Sha256Digest& right);

// The tree's hash over the hashes of its items; that of nothing when there are none.
Sha256Digest MerkleRootOf(std::vector<Sha256Digest> leaves);

// The hashes beside the way from item `index` up to the root, lowest first. REQUIRES: index < leaves.size().
std::vector<Sha256Digest> MerklePath(std::vector<Sha256Digest> leaves, size_t index);

// The root that item `index` of `count` leads to by `path`; nothing when the path has not as many hashes as the tree
// has levels there, or there is no such item.
std::optional<Sha256Digest> MerkleRootByPath(const Sha256Digest& leaf, uint64_t index, uint64_t count,
                                             const std::vector<Sha256Digest>& path);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_MERKLE_H_
