#include "matcher/pool_check.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

struct BadPerson {
  const char* problem;
  void (*spoil)(Person&);
};

class BadPeople : public testing::TestWithParam<BadPerson> {};

TEST_P(BadPeople, AreRefusedByNameOfTheField) {
  Pool pool;
  pool.people = {Gives(1), Receives(2)};
  GetParam().spoil(pool.people[1]);
  const absl::Status status = ProposeRound(pool, Settings{}, Seed{1}).status();
  ASSERT_TRUE(IsRefusedFor(status, Reason::kBadFields)) << status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(RefusalOf(status)->fields[0].field, "people[1]");
  EXPECT_EQ(RefusalOf(status)->fields[0].description, GetParam().problem);
  EXPECT_TRUE(IsRefusedFor(VerifyRound(pool, Settings{}, Seed{1}, Round{}), Reason::kBadFields));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPeople,
    testing::Values(BadPerson{"the id is empty", [](Person& p) { p.id = MemberId(); }},
                    BadPerson{"the id comes twice", [](Person& p) { p.id = MadeUpId(1); }},
                    BadPerson{"give_capacity is out of range", [](Person& p) { p.give_capacity = -1; }},
                    BadPerson{"give_capacity is out of range", [](Person& p) { p.give_capacity = 1'000'001; }},
                    BadPerson{"receive_need is out of range", [](Person& p) { p.receive_need = -5; }},
                    BadPerson{"turns is below 0", [](Person& p) { p.turns = -1; }},
                    BadPerson{"waiting_days is below 0", [](Person& p) { p.waiting_days = -1; }},
                    BadPerson{"travel_metres is below 0", [](Person& p) { p.travel_metres = -1; }},
                    BadPerson{"gender is 8 or more", [](Person& p) { p.gender = 8; }},
                    BadPerson{"the place is not on the earth", [](Person& p) { p.place.latitude_e6 = 90'000'001; }},
                    BadPerson{"an offer's category is 64 or more",
                              [](Person& p) {
                                p.offers.push_back({64, 1});
                              }},
                    BadPerson{"a need's category is 64 or more",
                              [](Person& p) {
                                p.needs.push_back({200, 1, 0});
                              }},
                    BadPerson{"a need's urgency is above 2",
                              [](Person& p) {
                                p.needs.push_back({1, 1, 3});
                              }},
                    BadPerson{"a journey's service is 64 or more", [](Person& p) {
                                p.journeys.push_back({64, {}});
                              }}));

TEST(CheckPool, RefusesPairsOutsideThePool) {
  for (const PoolPair& pair : {PoolPair{-1, 0}, PoolPair{0, 2}, PoolPair{2'000'000'000, 1}}) {
    Pool pool;
    pool.people = {Gives(1), Receives(2)};
    pool.paired = {pair};
    EXPECT_TRUE(IsRefusedFor(ProposeRound(pool, Settings{}, Seed{1}).status(), Reason::kBadFields));
    std::swap(pool.paired, pool.resting);
    EXPECT_TRUE(IsRefusedFor(ProposeRound(pool, Settings{}, Seed{1}).status(), Reason::kBadFields));
  }
}

TEST(CheckPool, RefusesSettingsThatMakeNoSense) {
  Settings settings;
  settings.weights.distance = -1;
  EXPECT_TRUE(IsRefusedFor(CheckPool(Pool{}, settings), Reason::kBadFields));
  settings.weights.distance = 1'000'001;
  EXPECT_TRUE(IsRefusedFor(CheckPool(Pool{}, settings), Reason::kBadFields));
  settings = Settings{};
  settings.distance_metres_max = -1;
  EXPECT_TRUE(IsRefusedFor(CheckPool(Pool{}, settings), Reason::kBadFields));
}

}  // namespace
}  // namespace turnabout
