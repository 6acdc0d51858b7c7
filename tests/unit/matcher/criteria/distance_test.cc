#include "matcher/criteria/distance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/reason.h"
#include "base/seed.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

double GreatCircleMetres(const Point& a, const Point& b) {
  const double to_radians = std::acos(-1.0) / 180e6;
  const double p = a.latitude_e6 * to_radians;
  const double q = b.latitude_e6 * to_radians;
  const double dl = (a.longitude_e6 - b.longitude_e6) * to_radians;
  const double h = std::pow(std::sin((p - q) / 2), 2) + std::cos(p) * std::cos(q) * std::pow(std::sin(dl / 2), 2);
  return 2 * 6'371'008.8 * std::asin(std::sqrt(h));
}

TEST(Distance, IsWithinHalfAPercentOfTheGreatCircle) {
  Random random(Seed{1});
  int compared = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Point a{static_cast<int32_t>(random.Between(50'000'000, 61'000'000)),
                  static_cast<int32_t>(random.Between(-8'000'000, 2'000'000))};
    const int64_t spread = int64_t{1} << random.Between(10, 22);
    const Point b{static_cast<int32_t>(
                      std::clamp<int64_t>(a.latitude_e6 + random.Between(-spread, spread), 50'000'000, 61'000'000)),
                  static_cast<int32_t>(a.longitude_e6 + random.Between(-spread, spread))};
    const double truth = GreatCircleMetres(a, b);
    if (truth > 200'000) continue;
    ++compared;
    ASSERT_NEAR(DistanceMetres(a, b), truth, truth * 0.005 + 1.5) << i;
    ASSERT_EQ(DistanceMetres(a, b), DistanceMetres(b, a));
  }
  EXPECT_GT(compared, 100'000);
}

TEST(Distance, IsNothingToOneself) { EXPECT_EQ(DistanceMetres({1, 2}, {1, 2}), 0); }

TEST(Distance, GoesTheShortWayRoundTheDateLine) { EXPECT_LT(DistanceMetres({0, 179'999'000}, {0, -179'999'000}), 300); }

TEST(Distance, IsDefinedForEveryNumber) {
  constexpr int32_t kLow = std::numeric_limits<int32_t>::min();
  constexpr int32_t kHigh = std::numeric_limits<int32_t>::max();
  for (const Point& a : {Point{kLow, kLow}, Point{kHigh, kHigh}, Point{kLow, kHigh}, Point{0, 0}}) {
    for (const Point& b : {Point{kLow, kLow}, Point{kHigh, kLow}, Point{90'000'000, 180'000'000}}) {
      EXPECT_GE(DistanceMetres(a, b), 0);
      EXPECT_EQ(DistanceMetres(a, b), DistanceMetres(b, a));
    }
  }
}

TEST(SquareRoot, IsTheWholePart) {
  Random random(Seed{2});
  for (int64_t n = 0; n < 70'000; ++n) {
    const int64_t root = SquareRoot(n);
    ASSERT_TRUE(root * root <= n && (root + 1) * (root + 1) > n) << n;
  }
  for (int i = 0; i < 100'000; ++i) {
    const int64_t root = random.Between(1, int64_t{1} << 30);
    ASSERT_EQ(SquareRoot(root * root), root);
    ASSERT_EQ(SquareRoot(root * root - 1), root - 1);
  }
}

TEST(WithinReach, SaysWhatTheDistanceSays) {
  Random random(Seed{3});
  const Settings settings;
  for (int i = 0; i < 20'000; ++i) {
    Person a = Neighbour(1);
    Person b = Neighbour(2);
    b.place.latitude_e6 += static_cast<int32_t>(random.Between(-90'000, 90'000));
    b.place.longitude_e6 += static_cast<int32_t>(random.Between(-90'000, 90'000));
    const int32_t metres = DistanceMetres(a.place, b.place);
    a.travel_metres = static_cast<int32_t>(metres + random.Between(-1, 1));
    b.travel_metres = static_cast<int32_t>(metres + random.Between(-1, 1));
    const bool near = metres <= std::min({a.travel_metres, b.travel_metres, settings.distance_metres_max});
    ASSERT_EQ(WithinReach(TraitsOf(a, settings), TraitsOf(b, settings)), near) << i;
  }
}

TEST(CheckDistance, CountsBothWaysAndTheSchemesFurthest) {
  Person giver = Gives(1);
  Person receiver = Receives(2);
  receiver.place.latitude_e6 += 60'000;  // 6.7 km
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kTooFar));
  giver.travel_metres = 7'000;
  EXPECT_TRUE(IsRefusedFor(CheckPair(giver, receiver, Settings{}), Reason::kTooFar));
  receiver.travel_metres = 7'000;
  EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
  Settings near;
  near.distance_metres_max = 6'000;
  const absl::Status refused = CheckPair(giver, receiver, near);
  EXPECT_EQ(RefusalOf(refused)->fact("metres"), "6671");
  EXPECT_EQ(RefusalOf(refused)->fact("limit"), "6000");
}

TEST(CheckDistance, DoesNotMatterByPhoneOrOnline) {
  for (const SettingSet remote : {kPhone, kOnline}) {
    Person giver = Gives(1);
    Person receiver = Receives(2);
    giver.offers[0].settings |= remote;
    receiver.needs[0].settings |= remote;
    receiver.place.latitude_e6 += 3'000'000;
    EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
    giver.has_place = false;
    EXPECT_TRUE(CheckPair(giver, receiver, Settings{}).ok());
    EXPECT_EQ(ScorePair(giver, receiver, Settings{}).findings.back().sentence,
              "They can talk by phone or online, so it does not matter where they live.");
  }
}

TEST(CheckDistance, NeedsAPlaceInPerson) {
  Person receiver = Receives(2);
  receiver.has_place = false;
  EXPECT_TRUE(IsRefusedFor(CheckPair(Gives(1), receiver, Settings{}), Reason::kNoPlace));
}

TEST(DistanceText, ReadsAsPeopleSayIt) {
  for (const auto& [metres, text] : std::vector<std::pair<int64_t, const char*>>{{0, "0 m"},
                                                                                 {449, "400 m"},
                                                                                 {949, "900 m"},
                                                                                 {960, "1 km"},
                                                                                 {2'149, "2.1 km"},
                                                                                 {3'000, "3 km"},
                                                                                 {12'300, "12 km"}}) {
    EXPECT_EQ(DistanceText(metres), text);
  }
}

}  // namespace
}  // namespace turnabout
