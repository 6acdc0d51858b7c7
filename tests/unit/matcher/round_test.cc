#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "absl/strings/str_cat.h"
#include "matcher/assign/brute_force.h"
#include "matcher/assign/objective.h"
#include "matcher/matcher.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

std::vector<PoolPair> PairsOf(const Round& round) {
  std::vector<PoolPair> pairs;
  for (const Proposal& proposal : round.proposals) pairs.push_back({proposal.giver, proposal.receiver});
  return pairs;
}

// Compares rounds over `count` tiny pools with brute force.
void CompareWithBruteForce(const TinyPool& shape, uint64_t first_seed, uint64_t count) {
  const Settings settings;
  for (uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    const Pool pool = MakeTinyPool(shape, Seed{seed});
    if (AllEligiblePairs(pool, settings).size() > 14) continue;
    const absl::StatusOr<Round> round = ProposeRound(pool, settings, Seed{seed});
    ASSERT_TRUE(round.ok()) << round.status() << " seed " << seed;
    const int bits = Objective::Make(Objective::BoundsOf(pool))->ticket_bits();
    const BruteForceResult best = ClearByBruteForce(pool, settings, Seed{seed}, bits);
    ASSERT_EQ(round->value, best.value) << "seed " << seed;
    ASSERT_EQ(PairsOf(*round), best.pairs) << "seed " << seed;
    const absl::Status verified = VerifyRound(pool, settings, Seed{seed}, *round);
    ASSERT_TRUE(verified.ok()) << verified << " seed " << seed;
    ASSERT_LE(round->greedy, round->value) << "seed " << seed;
  }
}

TEST(Round, AgreesWithBruteForceWhenTurnsAreScarce) { CompareWithBruteForce({.turns_most = 0}, 1, 1500); }

TEST(Round, AgreesWithBruteForceWhenSomeHaveTurns) { CompareWithBruteForce({.turns_most = 1}, 10'001, 1500); }

TEST(Round, AgreesWithBruteForceWhenPlacesAreMany) {
  CompareWithBruteForce({.people = 5, .capacity_most = 3, .need_most = 4, .turns_most = 2}, 20'001, 1000);
}

TEST(Round, AgreesWithBruteForceWhenPairsAreFew) {
  CompareWithBruteForce({.people = 9, .capacity_most = 1, .need_most = 1, .turns_most = 1, .eligible_percent = 20},
                        30'001, 1000);
}

TEST(Round, ARingOfThreeNeedsNoTurns) {
  Pool pool;
  for (uint64_t n = 0; n < 3; ++n) {
    pool.people.push_back(Neighbour(n + 1));
    pool.people[n].give_capacity = pool.people[n].receive_need = 1;
    // Each offers only what the next one needs.
    pool.people[n].offers = {{static_cast<uint8_t>((n + 1) % 3), kHome}};
    pool.people[n].needs = {{static_cast<uint8_t>(n), kHome, 0}};
  }
  const Round round = *ProposeRound(pool, Settings{}, Seed{1});
  ASSERT_EQ(round.proposals.size(), 3u);
  for (const Proposal& proposal : round.proposals) {
    EXPECT_EQ(proposal.receiver, (proposal.giver + 1) % 3);
    EXPECT_EQ(proposal.link, 1);
  }
  EXPECT_EQ(round.greedy.served, 0);
  EXPECT_TRUE(VerifyRound(pool, Settings{}, Seed{1}, round).ok());
}

TEST(Round, APatientReceivesNowAndGivesNothingYet) {
  Pool pool;
  pool.people = {Gives(1), Receives(2), Receives(3)};
  pool.people[1].journeys = {{0, Stage::kCurrent}};
  pool.people[1].give_capacity = 1;
  pool.people[1].needs[0].urgency = 1;
  pool.people[1].waiting_days = 9;
  const Round round = *ProposeRound(pool, Settings{}, Seed{1});
  ASSERT_EQ(round.proposals.size(), 1u);
  EXPECT_EQ(round.proposals[0].receiver, 1);
  EXPECT_EQ(round.proposals[0].link, 0);
}

TEST(Round, PutsTheUrgentFirstThenTheMostPeopleThenTheLongestWaiting) {
  Pool pool;
  pool.people = {Gives(1), Receives(2), Receives(3), Receives(4)};
  pool.people[1].waiting_days = 100;
  pool.people[2].waiting_days = 700;
  pool.people[3].needs[0].urgency = 2;
  EXPECT_EQ(ProposeRound(pool, Settings{}, Seed{1})->proposals[0].receiver, 3);
  pool.people[3].needs[0].urgency = 1;
  EXPECT_EQ(ProposeRound(pool, Settings{}, Seed{1})->proposals[0].receiver, 2);
  pool.people[1].waiting_days = 10'000;
  EXPECT_EQ(ProposeRound(pool, Settings{}, Seed{1})->proposals[0].receiver, 1);
}

TEST(Round, NeverProposesWhatIsExcludedRestingPairedOrLapsed) {
  Settings settings;
  settings.required_checks = 1;
  Pool pool;
  pool.people = {Gives(1, 9), Gives(2, 9), Gives(3, 9), Gives(4, 9), Gives(5, 9), Receives(6, 9, 9)};
  for (Person& person : pool.people) person.checks = 1;
  pool.people[0].checks = 0;
  pool.people[1].excluded = {pool.people[5].id};
  pool.people[5].excluded = {MadeUpId(999), pool.people[2].id};
  pool.resting = {{3, 5}, {3, 5}};
  const Round round = *ProposeRound(pool, settings, Seed{1});
  ASSERT_EQ(round.proposals.size(), 1u);
  EXPECT_EQ(round.proposals[0].giver, 4);
  EXPECT_EQ(round.eligible_pairs, 1);
  pool.paired = {{4, 5}};
  EXPECT_TRUE(ProposeRound(pool, settings, Seed{1})->proposals.empty());
}

TEST(Round, TheSeedIsTheLottery) {
  Pool pool;
  pool.people = {Gives(1), Receives(2), Receives(3)};
  std::set<int32_t> lucky;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Round round = *ProposeRound(pool, Settings{}, Seed{seed});
    lucky.insert(round.proposals[0].receiver);
    EXPECT_TRUE(VerifyRound(pool, Settings{}, Seed{seed}, round).ok());
  }
  EXPECT_EQ(lucky.size(), 2u);
}

// The round as text, by ids only.
std::string TextOf(const Pool& pool, const Round& round) {
  std::string text = absl::StrCat(round.value.urgent_served, " ", round.value.served, " ", round.value.waiting_days,
                                  " ", round.value.score, " greedy ", round.greedy.served, " ", round.greedy.score, " ",
                                  round.waiting, " ", round.eligible_pairs, "\n");
  for (const Proposal& proposal : round.proposals) {
    absl::StrAppend(&text, pool.people[proposal.giver].id.ToString(), " ", pool.people[proposal.receiver].id.ToString(),
                    " ", proposal.score, " ", proposal.link);
    for (const Finding& finding : proposal.findings) absl::StrAppend(&text, " ", finding.score, finding.sentence);
    text += "\n";
  }
  for (const LeftOut& one : round.left_out) {
    absl::StrAppend(&text, pool.people[one.person].id.ToString(), " ", static_cast<int>(one.why), one.blocking,
                    one.sentence_for_person, one.sentence_for_coordinator, "\n");
  }
  return text + round.certificate.instance_digest + round.certificate.prices;
}

Pool Shuffled(const Pool& pool, Random& random) {
  std::vector<int32_t> to(pool.people.size());
  std::iota(to.begin(), to.end(), 0);
  for (size_t i = to.size(); i > 1; --i) std::swap(to[i - 1], to[random.Below(i)]);
  Pool shuffled = pool;
  for (size_t i = 0; i < to.size(); ++i) shuffled.people[to[i]] = pool.people[i];
  for (std::vector<PoolPair>* list : {&shuffled.resting, &shuffled.paired}) {
    for (PoolPair& pair : *list) pair = {to[pair.giver], to[pair.receiver]};
    std::reverse(list->begin(), list->end());
  }
  return shuffled;
}

TEST(Round, DoesNotDependOnTheOrderOfPeople) {
  const Settings settings = TownSettings();
  Random random(Seed{77});
  for (const int32_t people : {7, 40, 300, 1500}) {
    const Pool pool = MakeTownPool({.people = people, .cities = 1}, Seed{static_cast<uint64_t>(people)});
    const std::string text = TextOf(pool, *ProposeRound(pool, settings, Seed{5}));
    for (int i = 0; i < 3; ++i) {
      const Pool shuffled = Shuffled(pool, random);
      ASSERT_EQ(TextOf(shuffled, *ProposeRound(shuffled, settings, Seed{5})), text) << people;
    }
  }
}

// People in parts of the map, cleared by one thread or two, with or without the processor's vectors, listed in any
// order.
TEST(Round, IsTheSameBytesHoweverTheWorkIsDone) {
  Random random(Seed{78});
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 8'300, .cities = 40}, Seed{9});
  const std::string text =
      TextOf(pool, *ProposeRound(pool, settings, Seed{5}, {}, {.threads = 1, .plain_scan_required = true}));
  const Pool shuffled = Shuffled(pool, random);
  EXPECT_EQ(TextOf(shuffled, *ProposeRound(shuffled, settings, Seed{5}, {}, {.threads = 2})), text);
}

// With a floor, for which a round is cleared several times.
TEST(Round, IsTheSameBytesWithAFloorHoweverTheWorkIsDone) {
  Random random(Seed{79});
  Settings settings = TownSettings();
  settings.groups = {{"every third", 700}};
  Pool pool = MakeTownPool({.people = 600, .cities = 2}, Seed{9});
  for (size_t i = 0; i < pool.people.size(); ++i) {
    pool.people[i].groups = i % 3 == 0 ? 1 : 0;
    if (i % 3 != 0) pool.people[i].give_capacity = 0;
  }
  const Round first = *ProposeRound(pool, settings, Seed{5}, {}, {.threads = 1});
  EXPECT_GT(first.groups[0].bonus_days, 0);
  for (const Means& means :
       {Means{.threads = 1, .plain_scan_required = true}, Means{.threads = 2}, Means{.threads = 5}}) {
    const Pool shuffled = Shuffled(pool, random);
    const Round round = *ProposeRound(shuffled, settings, Seed{5}, {}, means);
    EXPECT_EQ(TextOf(shuffled, round), TextOf(pool, first)) << means.threads << " threads";
    EXPECT_EQ(round.groups, first.groups);
  }
}

TEST(Round, IsProvenForTowns) {
  const Settings settings = TownSettings();
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(Seed{seed});
    TownPool shape;
    shape.people = static_cast<int32_t>(random.Between(1, 400));
    shape.cities = static_cast<int32_t>(random.Between(1, 2));
    shape.no_turn_percent = static_cast<int32_t>(random.Below(101));
    shape.remote_percent = static_cast<int32_t>(random.Below(101));
    const Pool pool = MakeTownPool(shape, Seed{seed});
    const Round round = *ProposeRound(pool, settings, Seed{seed});
    const absl::Status status = VerifyRound(pool, settings, Seed{seed}, round);
    ASSERT_TRUE(status.ok()) << status << " seed " << seed;
    ASSERT_LE(round.greedy, round.value) << "seed " << seed;
  }
}

TEST(Round, MorePlacesNeverServeFewer) {
  const Settings settings = TownSettings();
  const Pool pool = MakeTownPool({.people = 200, .cities = 1}, Seed{31});
  const Value before = ProposeRound(pool, settings, Seed{1})->value;
  for (size_t i = 0; i < pool.people.size(); i += 5) {
    Pool more = pool;
    ++more.people[i].give_capacity;
    EXPECT_GE(ProposeRound(more, settings, Seed{1})->value, before);
    more.people[i].turns += 1;
    EXPECT_GE(ProposeRound(more, settings, Seed{1})->value, before);
  }
}

TEST(Round, AMillionPlacesAreNoTrouble) {
  Pool pool;
  for (uint64_t n = 1; n <= 60; ++n) {
    pool.people.push_back(Neighbour(n));
    pool.people.back().give_capacity = pool.people.back().receive_need = 1'000'000;
    pool.people.back().turns = n % 2 == 0 ? std::numeric_limits<int32_t>::max() : 0;
    pool.people.back().waiting_days = std::numeric_limits<int32_t>::max();
  }
  const Round round = *ProposeRound(pool, Settings{}, Seed{1});
  EXPECT_EQ(round.proposals.size(), 60u * 59u);
  EXPECT_TRUE(VerifyRound(pool, Settings{}, Seed{1}, round).ok());
}

// Any number at all, often at the edge of what is allowed.
int32_t AnyNumber(Random& random) {
  constexpr int32_t kEdges[] = {0,
                                1,
                                2,
                                3,
                                7,
                                63,
                                64,
                                730,
                                1'000'000,
                                1'000'001,
                                90'000'000,
                                -1,
                                std::numeric_limits<int32_t>::max(),
                                std::numeric_limits<int32_t>::min()};
  if (random.OneIn(1, 30)) return static_cast<int32_t>(random.Next());
  const bool small = random.OneIn(9, 10);
  return small ? static_cast<int32_t>(random.Below(4)) : kEdges[random.Below(std::size(kEdges))];
}

Person AnyPerson(uint64_t n, Random& random) {
  Person person = Neighbour(n);
  if (random.OneIn(1, 60)) person.id = MadeUpId(1);
  if (random.OneIn(1, 5)) person.place = {AnyNumber(random), AnyNumber(random)};
  person.has_place = random.OneIn(4, 5);
  if (random.OneIn(1, 5)) person.travel_metres = AnyNumber(random);
  if (random.OneIn(1, 5)) person.slots = static_cast<SlotSet>(random.Next());
  person.give_capacity = AnyNumber(random);
  person.receive_need = AnyNumber(random);
  person.turns = AnyNumber(random);
  person.waiting_days = AnyNumber(random);
  if (random.OneIn(1, 9)) person.gender = static_cast<uint8_t>(random.Below(9));
  if (random.OneIn(1, 9)) person.wanted_genders = static_cast<uint8_t>(random.Next());
  if (random.OneIn(1, 9))
    person.offers.push_back({static_cast<uint8_t>(random.Below(70)), static_cast<SettingSet>(random.Next())});
  if (random.OneIn(1, 9))
    person.needs.push_back({static_cast<uint8_t>(random.Below(70)), static_cast<SettingSet>(random.Next()),
                            static_cast<uint8_t>(random.Below(4))});
  if (random.OneIn(1, 9)) person.excluded = {MadeUpId(random.Below(8)), MadeUpId(random.Below(8))};
  return person;
}

TEST(Round, AnyNumbersAreRefusedOrProven) {
  int proven = 0;
  int refused = 0;
  for (uint64_t seed = 1; seed <= 3'000; ++seed) {
    Random random(Seed{seed});
    Pool pool;
    const uint64_t people = 1 + random.Below(6);
    for (uint64_t n = 1; n <= people; ++n) pool.people.push_back(AnyPerson(n, random));
    if (random.OneIn(1, 3))
      pool.resting.push_back({static_cast<int32_t>(random.Below(6)), static_cast<int32_t>(random.Below(6))});
    Settings settings;
    if (random.OneIn(1, 9)) settings.distance_metres_max = AnyNumber(random);
    if (random.OneIn(1, 9)) settings.weights.distance = AnyNumber(random);
    const absl::StatusOr<Round> round = ProposeRound(pool, settings, Seed{seed});
    if (!round.ok()) {
      ASSERT_EQ(round.status().code(), absl::StatusCode::kInvalidArgument) << round.status() << " seed " << seed;
      ++refused;
      continue;
    }
    const absl::Status status = VerifyRound(pool, settings, Seed{seed}, *round);
    ASSERT_TRUE(status.ok()) << status << " seed " << seed;
    ++proven;
  }
  EXPECT_GT(proven, 500);
  EXPECT_GT(refused, 500);
}

TEST(Round, IsProvenForFiveThousandPeople) {
  const Pool pool = MakeTownPool({.people = 5'000}, Seed{3});
  const Round round = *ProposeRound(pool, TownSettings(), Seed{3});
  EXPECT_TRUE(VerifyRound(pool, TownSettings(), Seed{3}, round).ok());
  EXPECT_GT(round.value, round.greedy);
}

TEST(Round, AnEmptyPoolHasAnEmptyRound) {
  const Round round = *ProposeRound(Pool{}, Settings{}, Seed{1});
  EXPECT_TRUE(round.proposals.empty());
  EXPECT_TRUE(VerifyRound(Pool{}, Settings{}, Seed{1}, round).ok());
}

TEST(Round, TellsHowFarItIsAndNeverGoesBack) {
  const Pool pool = MakeTownPool({.people = 400, .cities = 1}, Seed{1});
  std::vector<int64_t> steps;
  ASSERT_TRUE(ProposeRound(pool, TownSettings(), Seed{1}, [&](int64_t done, int64_t of) {
                EXPECT_LE(done, of);
                steps.push_back(done * 1000 / of);
                return true;
              }).ok());
  EXPECT_GT(steps.size(), 20u);
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
  EXPECT_EQ(steps.back(), 1000);
}

// How often it asks is not the same each time: of two threads, the one that asks does more or less of the work.
TEST(Round, StopsWhereverItIsAskedTo) {
  const Pool pool = MakeTownPool({.people = 120, .cities = 1}, Seed{1});
  int stop = 0;
  for (bool stopped = true; stopped;) {
    ++stop;
    int call = 0;
    const absl::StatusOr<Round> round =
        ProposeRound(pool, TownSettings(), Seed{1}, [&](int64_t, int64_t) { return ++call < stop; });
    ASSERT_LE(call, stop);
    stopped = call == stop;
    ASSERT_EQ(round.status().code(), stopped ? absl::StatusCode::kCancelled : absl::StatusCode::kOk) << stop;
  }
  EXPECT_GT(stop, 5);
}

}  // namespace
}  // namespace turnabout
