#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/seed.h"
#include "matcher/assign/clearing.h"
#include "matcher/explain/left_out.h"
#include "tests/bench/matcher/runs.h"

namespace turnabout::bench {

Figures RunWhyNot(const World& world, int people) {
  return RunApart([&](Figures& out) {
    const Instance& instance = world.instance();
    const Progress none;
    Meter meter(none);
    EligibleRows rows(instance);
    TURNABOUT_CHECK(rows.Build(meter).ok());
    const ClearingResult cleared = *Clear(instance, rows, ClearingOptions{}, meter);
    std::vector<uint8_t> served(instance.receivers.size(), 0);
    for (const PoolPair& pair : cleared.pairs) served[pair.receiver] = 1;
    std::vector<int32_t> left_out;
    for (int32_t v = 0; v < static_cast<int32_t>(served.size()); ++v) {
      if (served[v] == 0) left_out.push_back(v);
    }
    out["left_out"] = static_cast<double>(left_out.size());
    LeftOutExplainer explainer(instance, rows, cleared.pairs);
    Random random(Seed{8});
    std::vector<double> ms;
    for (int i = 0; i < people && !left_out.empty(); ++i) {
      const int32_t receiver = left_out[random.Below(left_out.size())];
      LeftOut one;
      const Took took = TimeOf([&] { one = explainer.Explain(receiver); });
      TURNABOUT_CHECK(!one.sentence_for_person.empty() && !one.sentence_for_coordinator.empty());
      ms.push_back(1e3 * took.wall_s);
    }
    if (ms.empty()) return;
    out["why_not_p50_ms"] = Quantile(ms, 0.5);
    out["why_not_p99_ms"] = Quantile(ms, 0.99);
    out["why_not_most_ms"] = *std::max_element(ms.begin(), ms.end());
  });
}

}  // namespace turnabout::bench
