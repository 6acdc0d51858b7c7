#include "base/merkle.h"

#include <gtest/gtest.h>

#include <string>

namespace turnabout {
namespace {

std::vector<Sha256Digest> Leaves(size_t count) {
  std::vector<Sha256Digest> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(MerkleLeaf("item " + std::to_string(i)));
  return leaves;
}

// The tree as RFC 6962 section 2.1 defines it: split at the largest power of two below the count.
Sha256Digest RootByDefinition(const std::vector<Sha256Digest>& leaves, size_t begin, size_t end) {
  if (end - begin == 1) return leaves[begin];
  size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return MerkleNode(RootByDefinition(leaves, begin, begin + split), RootByDefinition(leaves, begin + split, end));
}

TEST(Merkle, RootIsThatOfTheDefinition) {
  EXPECT_EQ(MerkleRootOf({}), Sha256({}));
  for (size_t count = 1; count <= 40; ++count) {
    EXPECT_EQ(MerkleRootOf(Leaves(count)), RootByDefinition(Leaves(count), 0, count)) << count;
  }
}

TEST(Merkle, EveryPathLeadsToTheRootAndNowhereElse) {
  for (size_t count = 1; count <= 40; ++count) {
    const std::vector<Sha256Digest> leaves = Leaves(count);
    const Sha256Digest root = MerkleRootOf(leaves);
    for (size_t index = 0; index < count; ++index) {
      const std::vector<Sha256Digest> path = MerklePath(leaves, index);
      EXPECT_EQ(MerkleRootByPath(leaves[index], index, count, path), root);
      for (size_t other = 0; other <= count; ++other) {
        const std::optional<Sha256Digest> reached = MerkleRootByPath(leaves[index], other, count, path);
        EXPECT_EQ(reached == root, other == index) << other;
      }
    }
  }
}

TEST(Merkle, APathOfAnotherLengthLeadsNowhere) {
  const std::vector<Sha256Digest> leaves = Leaves(11);
  std::vector<Sha256Digest> path = MerklePath(leaves, 4);
  path.push_back(path.back());
  EXPECT_EQ(MerkleRootByPath(leaves[4], 4, 11, path), std::nullopt);
  path.resize(path.size() - 2);
  EXPECT_EQ(MerkleRootByPath(leaves[4], 4, 11, path), std::nullopt);
  EXPECT_EQ(MerkleRootByPath(leaves[0], 0, 0, {}), std::nullopt);
}

}  // namespace
}  // namespace turnabout
