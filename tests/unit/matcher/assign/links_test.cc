#include "matcher/assign/links.h"

#include <gtest/gtest.h>

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

TEST(Links, WhatIsTiedAlreadyIsTakenFirst) {
  // 2 has no turn and receives from 1; it gives to 0 (tied to 0's own giving already) and to 3.
  const Links links = LinksOf({{2, 0}, {0, 1}, {1, 2}, {2, 3}}, {0, 1, 0, 1});
  EXPECT_EQ(links, (Links{1, 1, 1, 0}));
}

}  // namespace
}  // namespace turnabout
