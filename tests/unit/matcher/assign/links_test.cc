#include "matcher/assign/links.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace turnabout {
namespace {

using Links = std::vector<int32_t>;

TEST(Links, ARingIsOneLink) { EXPECT_EQ(LinksOf({{2, 0}, {0, 1}, {1, 2}}, {0, 0, 0}), (Links{1, 1, 1})); }

TEST(Links, WhoHasTurnsStandsAlone) { EXPECT_EQ(LinksOf({{2, 0}, {0, 1}, {1, 2}}, {1, 1, 1}), (Links{0, 0, 0})); }

TEST(Links, AChainIsTiedOnlyWhereATurnIsMissing) {
  // 0 gives to 1, who has no turn and gives to 2, who has one and gives to 3.
  EXPECT_EQ(LinksOf({{0, 1}, {1, 2}, {2, 3}}, {0, 0, 1, 1}), (Links{1, 1, 0}));
}

TEST(Links, AsManyAreTiedAsTurnsAreMissing) {
  // 0 receives two with one turn and gives two: one of each is tied.
  EXPECT_EQ(LinksOf({{1, 0}, {2, 0}, {0, 3}, {0, 4}}, {1, 0, 0, 1, 1}), (Links{1, 0, 1, 0}));
}

TEST(Links, RingsThatDoNotTouchAreNumberedApart) {
  EXPECT_EQ(LinksOf({{1, 0}, {0, 1}, {3, 2}, {2, 3}}, {0, 0, 0, 0}), (Links{1, 1, 2, 2}));
}

TEST(Links, StaySmallWhereThereIsAChoice) {
  // 2 has no turn, receives from 1 and gives to 0 and 3. What it gives to 0 is tied to what 0 gives; 3 is still alone.
  EXPECT_EQ(LinksOf({{2, 0}, {0, 1}, {1, 2}, {2, 3}}, {0, 1, 0, 1}), (Links{1, 1, 2, 2}));
}

TEST(Links, TwoRingsThroughOnePersonAreTwoLinks) {
  // 0 receives from 1 and from 2 and gives to both.
  EXPECT_EQ(LinksOf({{1, 0}, {2, 0}, {0, 1}, {0, 2}}, {0, 0, 0}), (Links{1, 2, 1, 2}));
}

TEST(Links, PeopleWithVeryManyPairsAreTiedInOrder) {
  std::vector<PoolPair> pairs;
  for (int32_t i = 1; i <= 40; ++i) pairs.push_back({i, 0});
  for (int32_t i = 1; i <= 40; ++i) pairs.push_back({0, i});
  std::vector<int32_t> turns(41, 1);
  turns[0] = 38;
  const Links links = LinksOf(pairs, turns);
  EXPECT_EQ(std::count(links.begin(), links.end(), 0), 76);
  EXPECT_EQ(*std::max_element(links.begin(), links.end()), 2);
}

}  // namespace
}  // namespace turnabout
