#include <gtest/gtest.h>

#include <functional>

#include "base/reason.h"
#include "tests/unit/matcher/simple_people.h"

namespace turnabout {
namespace {

// A round over a town, to be tampered with.
class Tampering : public testing::Test {
 protected:
  Tampering() : settings_(TownSettings()), pool_(MakeTownPool({.people = 150, .cities = 1}, Seed{4})) {
    round_ = *ProposeRound(pool_, settings_, seed_);
    EXPECT_TRUE(VerifyRound(pool_, settings_, seed_, round_).ok());
    EXPECT_GT(round_.proposals.size(), 20u);
  }

  void ExpectRefused(const std::function<void(Round&)>& tamper) {
    Round round = round_;
    tamper(round);
    const absl::Status status = VerifyRound(pool_, settings_, seed_, round);
    EXPECT_TRUE(IsRefusedFor(status, Reason::kBooksDisagree)) << status;
  }

  const Settings settings_;
  const Pool pool_;
  const Seed seed_{9};
  Round round_;
};

// The value that the proposals add up to.
Value Recount(const Pool& pool, const Round& round) {
  Value value;
  std::vector<bool> served(pool.people.size(), false);
  for (const Proposal& proposal : round.proposals) {
    value.score += proposal.score;
    if (served[proposal.receiver]) continue;
    served[proposal.receiver] = true;
    const Person& person = pool.people[proposal.receiver];
    ++value.served;
    value.waiting_days += std::min(person.waiting_days, 730);
    value.urgent_served +=
        std::any_of(person.needs.begin(), person.needs.end(), [](const Need& n) { return n.urgency == 2; });
  }
  return value;
}

TEST_F(Tampering, AnyValueThatIsNotTheSum) {
  ExpectRefused([](Round& round) { ++round.value.urgent_served; });
  ExpectRefused([](Round& round) { --round.value.served; });
  ExpectRefused([](Round& round) { ++round.value.waiting_days; });
  ExpectRefused([](Round& round) { ++round.value.score; });
  ExpectRefused([](Round& round) { ++round.waiting; });
}

TEST_F(Tampering, AnyProposalLeftOut) {
  for (size_t i = 0; i < round_.proposals.size(); ++i) {
    ExpectRefused([&](Round& round) {
      round.proposals.erase(round.proposals.begin() + static_cast<int64_t>(i));
      round.value = Recount(pool_, round);
    });
  }
}

TEST_F(Tampering, AnyOtherGiver) {
  for (size_t i = 0; i < round_.proposals.size(); ++i) {
    for (int32_t giver = 0; giver < static_cast<int32_t>(pool_.people.size()); giver += 7) {
      if (giver == round_.proposals[i].giver) continue;
      ExpectRefused([&](Round& round) {
        Proposal& proposal = round.proposals[i];
        const int32_t link = proposal.link;
        const int32_t receiver = proposal.receiver;
        if (CheckPair(pool_.people[giver], pool_.people[receiver], settings_).ok()) {
          proposal = ScorePair(pool_.people[giver], pool_.people[receiver], settings_);
        }
        proposal.giver = giver;
        proposal.receiver = receiver;
        proposal.link = link;
        round.value = Recount(pool_, round);
      });
    }
  }
}

TEST_F(Tampering, AnyExtraProposal) {
  ExpectRefused([](Round& round) { round.proposals.push_back(round.proposals.back()); });
  ExpectRefused([](Round& round) { round.proposals.insert(round.proposals.begin(), round.proposals.front()); });
  ExpectRefused([](Round& round) { std::swap(round.proposals[0], round.proposals[1]); });
}

TEST_F(Tampering, PositionsOutsideThePool) {
  for (const int32_t position : {-1, 150, 2'000'000'000}) {
    ExpectRefused([&](Round& round) { round.proposals[0].giver = position; });
    ExpectRefused([&](Round& round) { round.proposals[0].receiver = position; });
  }
}

TEST_F(Tampering, AnyScoreOrFinding) {
  ExpectRefused([](Round& round) { ++round.proposals[3].score; });
  ExpectRefused([](Round& round) {
    ++round.proposals[3].score;
    ++round.value.score;
  });
  ExpectRefused([](Round& round) { round.proposals[3].findings.pop_back(); });
  ExpectRefused([](Round& round) { ++round.proposals[3].findings[0].weight; });
  ExpectRefused([](Round& round) { --round.proposals[3].findings[0].score; });
}

TEST_F(Tampering, LinksThatAreMissingOrTooMany) {
  bool linked = false;
  for (size_t i = 0; i < round_.proposals.size(); ++i) {
    if (round_.proposals[i].link != 0) {
      linked = true;
      ExpectRefused([&](Round& round) { round.proposals[i].link = 0; });
      ExpectRefused([&](Round& round) { round.proposals[i].link = 1'000'000; });
    } else {
      ExpectRefused([&](Round& round) { round.proposals[i].link = 1; });
      ExpectRefused([&](Round& round) { round.proposals[i].link = -1; });
    }
  }
  EXPECT_TRUE(linked);
}

TEST_F(Tampering, PricesCutShortOrGoneOn) {
  ExpectRefused([](Round& round) { round.certificate.prices.pop_back(); });
  ExpectRefused([](Round& round) { round.certificate.prices.push_back('\0'); });
  ExpectRefused([](Round& round) { round.certificate.prices.clear(); });
}

TEST_F(Tampering, AnotherPoolSettingsOrSeed) {
  Pool pool = pool_;
  ++pool.people[5].waiting_days;
  EXPECT_TRUE(IsRefusedFor(VerifyRound(pool, settings_, seed_, round_), Reason::kBooksDisagree));
  Settings settings = settings_;
  ++settings.weights.distance;
  EXPECT_TRUE(IsRefusedFor(VerifyRound(pool_, settings, seed_, round_), Reason::kBooksDisagree));
  EXPECT_TRUE(IsRefusedFor(VerifyRound(pool_, settings_, Seed{10}, round_), Reason::kBooksDisagree));
}

TEST_F(Tampering, AnEmptyRoundUnderTheSamePrices) {
  ExpectRefused([](Round& round) {
    round.proposals.clear();
    round.value = Value{};
  });
}

TEST_F(Tampering, BytesOfThePricesNeverLetAWorseRoundPass) {
  Random random(Seed{12});
  for (int i = 0; i < 400; ++i) {
    ExpectRefused([&](Round& round) {
      round.proposals.erase(round.proposals.begin() + static_cast<int64_t>(random.Below(round.proposals.size())));
      round.value = Recount(pool_, round);
      const size_t at = random.Below(round.certificate.prices.size());
      round.certificate.prices[at] = static_cast<char>(random.Below(256));
    });
  }
}

// The prices of a proof lie on an optimum: raising or lowering one of them can only loosen the bound.
TEST_F(Tampering, ChangedPricesRefuseOrStillProveTheSame) {
  Random random(Seed{13});
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    Round round = round_;
    const size_t at = random.Below(round.certificate.prices.size());
    round.certificate.prices[at] = static_cast<char>(round.certificate.prices[at] ^ (1 << random.Below(8)));
    const absl::Status status = VerifyRound(pool_, settings_, seed_, round);
    if (status.ok()) continue;
    EXPECT_TRUE(IsRefusedFor(status, Reason::kBooksDisagree)) << status;
    ++refused;
  }
  EXPECT_GT(refused, 300);
}

TEST(VerifyRound, RefusesWhatRests) {
  Pool pool;
  pool.people = {Gives(1), Receives(2)};
  Round round = *ProposeRound(pool, Settings{}, Seed{1});
  ASSERT_EQ(round.proposals.size(), 1u);
  pool.resting = {{0, 1}};
  round.certificate.instance_digest = ProposeRound(pool, Settings{}, Seed{1})->certificate.instance_digest;
  const absl::Status status = VerifyRound(pool, Settings{}, Seed{1}, round);
  EXPECT_EQ(RefusalOf(status)->fact("problem"), "a proposed pair rests");
}

}  // namespace
}  // namespace turnabout
