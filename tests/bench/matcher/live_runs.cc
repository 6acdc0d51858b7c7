#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/crew.h"
#include "base/seed.h"
#include "matcher/clear/live.h"
#include "matcher/clear/verify.h"
#include "tests/bench/matcher/runs.h"

namespace turnabout::bench {
namespace {

using Live = clear::Live<int32_t>;

// Makes one change after another, each of a kind that happens to a scheme.
class Changes {
 public:
  Changes(const clear::Problem& problem, Live& live) : problem_(problem), live_(live) {}

  void Make() {
    const int32_t member = AnyMember();
    clear::Terms terms = live_.TermsOf(member);
    switch (random_.Below(4)) {
      case 0: {
        const std::vector<int32_t> givers = live_.GiversOf(member);
        if (!givers.empty()) live_.RemoveEdge(givers[random_.Below(givers.size())], member);
        break;
      }
      case 1:
        terms.allowance = terms.allowance == 0 ? 1 : terms.allowance - 1;
        TURNABOUT_CHECK(live_.SetMember(member, terms).ok());
        break;
      case 2:
        terms.capacity = terms.capacity == 0 ? 1 : terms.capacity + (random_.OneIn(1, 2) ? 1 : -1);
        TURNABOUT_CHECK(live_.SetMember(member, terms).ok());
        break;
      default:
        AddNeighbourOf(member, terms);
    }
  }

  int32_t AnyMember() { return static_cast<int32_t>(random_.Below(problem_.ids.size())); }

 private:
  void AddNeighbourOf(int32_t member, const clear::Terms& terms) {
    const int32_t added = *live_.AddMember(live_.id(live_.members() - 1) + 1, terms);
    for (int64_t e = problem_.first[member]; e < problem_.first[member + 1]; ++e) {
      const int32_t weight = static_cast<int32_t>(problem_.weight[e]);
      TURNABOUT_CHECK(live_.SetEdge(problem_.giver[e], added, weight).ok());
      TURNABOUT_CHECK(live_.SetEdge(added, problem_.giver[e], weight).ok());
    }
  }

  const clear::Problem& problem_;
  Live& live_;
  Random random_{Seed{7}};
};

void AskForPledges(Changes& changes, Live& live, Figures& out) {
  std::vector<double> ms;
  for (int tries = 0; tries < 200'000 && ms.size() < 2'000; ++tries) {
    const int32_t member = changes.AnyMember();
    const clear::Terms terms = live.TermsOf(member);
    if (terms.need == 0 || !live.GiversOf(member).empty()) continue;
    clear::Terms pledged = terms;
    ++pledged.allowance;
    const Took took = TimeOf([&] {
      TURNABOUT_CHECK(live.SetMember(member, pledged).ok());
      live.Balance({});
      TURNABOUT_CHECK(live.SetMember(member, terms).ok());
      live.Balance({});
    });
    ms.push_back(1e3 * took.wall_s);
  }
  if (ms.empty()) return;
  out["pledge_p50_ms"] = Quantile(ms, 0.5);
  out["pledge_p99_ms"] = Quantile(ms, 0.99);
}

}  // namespace

Figures RunRepair(const clear::Problem& problem, int changes) {
  return RunApart([&](Figures& out) {
    Live live = *Live::Make(problem, {.threads = CrewSize()});
    Changes made(problem, live);
    std::vector<double> us;
    double total = 0;
    for (int i = 0; i < changes; ++i) {
      const Took took = TimeOf([&] {
        made.Make();
        live.Balance({});
      });
      us.push_back(1e6 * took.wall_s);
      total += us.back();
    }
    out["p50_us"] = Quantile(us, 0.5);
    out["p99_us"] = Quantile(us, 0.99);
    out["mean_us"] = total / changes;
    AskForPledges(made, live, out);
    TURNABOUT_CHECK(clear::Verify(live.ProblemNow(), live.AnswerNow()).ok());
  });
}

Figures RunAllPairs(const World& world) {
  return RunApart([&](Figures& out) {
    const Instance& instance = world.instance();
    const Progress none;
    Meter meter(none);
    const auto timed = [&](const std::string& phase, const std::function<void()>& something) {
      const Took took = TimeOf(something);
      out[phase + "_s"] += took.wall_s;
      out[phase + "_cpu_s"] += took.cpu_s;
      out["wall_s"] += took.wall_s;
      out["cpu_s"] += took.cpu_s;
    };
    Pricing pricing(instance, world.index(), world.groups());
    std::vector<EligiblePair> pairs;
    timed("start", [&] { pairs = *pricing.Start({.nearest = 10, .best = 10}, meter); });
    std::unique_ptr<Live> live;
    timed("solve", [&] {
      const clear::Problem problem = world.ProblemOf(pairs, clear::Objective::kPeopleFirst);
      live = std::make_unique<Live>(*Live::Make(problem, {.threads = CrewSize()}));
    });
    const std::vector<uint8_t> looks(instance.receivers.size(), 1);
    for (out["rounds"] = 1;; ++out["rounds"]) {
      out["listed"] += static_cast<double>(pairs.size());
      timed("price", [&] {
        const clear::Answer answer = live->AnswerNow();
        std::vector<Wide> giving;
        for (size_t u = 0; u < instance.givers.size(); ++u) {
          giving.push_back(answer.prices.giving[world.MemberOf(static_cast<int32_t>(u))]);
        }
        const auto pays = [&](const EligiblePair& pair) {
          const int32_t member = world.MemberOf(pair.giver);
          const Wide worth = answer.levels.EdgeWorth(pair.score, clear::LotOf(live->id(member)),
                                                     clear::LotOf(live->id(pair.receiver)));
          return worth > answer.prices.giving[member] + answer.prices.receiving[pair.receiver] &&
                 !live->HasEdge(member, pair.receiver);
        };
        pairs = *pricing.Paying({giving, answer.prices.receiving, answer.levels.shift, 10, pays, looks}, meter);
      });
      if (pairs.empty()) break;
      timed("solve", [&] {
        for (const EligiblePair& pair : pairs) {
          TURNABOUT_CHECK(live->SetEdge(world.MemberOf(pair.giver), pair.receiver, pair.score).ok());
        }
        live->Balance({});
      });
    }
    out["weight"] = static_cast<double>(live->weight());
    out["served"] = static_cast<double>(live->served());
    TURNABOUT_CHECK(clear::Verify(live->ProblemNow(), live->AnswerNow()).ok());
  });
}

}  // namespace turnabout::bench
