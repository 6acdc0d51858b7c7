#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/seed.h"
#include "matcher/live/live_pool.h"
#include "tests/bench/matcher/runs.h"
#include "tests/support/pool_generator.h"

namespace turnabout::bench {
namespace {

constexpr std::array<const char*, 5> kKinds = {"decline", "place", "turn", "traits", "new"};

class LiveChanges {
 public:
  LiveChanges(const Pool& pool, LivePool& live) : pool_(pool), live_(live), pairs_(live.Pairs()) {}

  // One of kKinds[kind].
  void Make(int kind) {
    if (kind == 0) return live_.Bar(pairs_[random_.Below(pairs_.size())]);
    Person person = *live_.Find(Anybody().id);
    const MemberId id = person.id;
    if (kind == 1) person.give_capacity = person.give_capacity > 0 ? 0 : 1;
    if (kind == 2) person.turns = person.turns > 0 ? 0 : 1;
    if (kind >= 3) person = Anybody();
    if (kind == 3) person.id = id;
    if (kind == 4) person.id = MadeUpId(uint64_t{1} << 40 | added_++);
    TURNABOUT_CHECK(live_.SetPerson(person).ok());
  }

  const Person& Anybody() { return pool_.people[random_.Below(pool_.people.size())]; }

 private:
  const Pool& pool_;
  LivePool& live_;
  const std::vector<LivePair> pairs_;
  Random random_{Seed{7}};
  uint64_t added_ = 0;
};

void ExpectAsARound(const LivePool& live, const Settings& settings, Seed seed) {
  const Pool now = live.PoolNow();
  const absl::StatusOr<Round> round = ProposeRound(now, settings, seed);
  TURNABOUT_CHECK(round.ok());
  std::vector<LivePair> pairs;
  for (const Proposal& one : round->proposals) pairs.push_back({now.people[one.giver].id, now.people[one.receiver].id});
  TURNABOUT_CHECK(pairs == live.Pairs());
}

}  // namespace

Figures RunLivePool(const World& world, int changes) {
  return RunApart([&](Figures& out) {
    const Pool& pool = *world.instance().pool;
    const Settings& settings = *world.instance().settings;
    std::unique_ptr<LivePool> live;
    const Took built = TimeOf([&] { live = *LivePool::Make(pool, settings, Seed{1}); });
    out["build_s"] = built.wall_s;
    out["build_cpu_s"] = built.cpu_s;
    LiveChanges made(pool, *live);
    std::array<std::vector<double>, kKinds.size()> us;
    for (int i = 0; i < changes; ++i) {
      const int kind = i % static_cast<int>(kKinds.size());
      const Took took = TimeOf([&] {
        made.Make(kind);
        TURNABOUT_CHECK(live->Balance().ok());
      });
      us[kind].push_back(1e6 * took.wall_s);
    }
    for (size_t kind = 0; kind < kKinds.size(); ++kind) {
      out[absl::StrCat(kKinds[kind], "_p50_us")] = Quantile(us[kind], 0.5);
      out[absl::StrCat(kKinds[kind], "_p99_us")] = Quantile(us[kind], 0.99);
    }
    std::vector<double> suggest;
    for (int i = 0; i < changes; ++i) {
      suggest.push_back(1e6 * TimeOf([&] { live->Suggest(made.Anybody().id, 10); }).wall_s);
    }
    out["suggest_p50_us"] = Quantile(suggest, 0.5);
    out["suggest_p99_us"] = Quantile(suggest, 0.99);
    ExpectAsARound(*live, settings, Seed{1});
  });
}

}  // namespace turnabout::bench
