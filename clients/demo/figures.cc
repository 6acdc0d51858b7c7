#include "clients/demo/figures.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"

namespace turnabout::demo {

std::string FiguresJson(const Figures& figures) {
  std::string json = "{\n";
  for (const auto& [name, value] : {std::pair("members", figures.members),
                                    {"waiting", figures.waiting},
                                    {"proposals", figures.proposals},
                                    {"served", figures.served},
                                    {"greedy_served", figures.greedy_served},
                                    {"left_out", figures.left_out},
                                    {"approved", figures.approved},
                                    {"refused_without_pledge", figures.refused_without_pledge},
                                    {"entries", figures.entries},
                                    {"minutes_posted", figures.minutes_posted},
                                    {"sum_minutes", figures.sum_minutes},
                                    {"sum_turns", figures.sum_turns}}) {
    absl::StrAppend(&json, "  \"", name, "\": ", value, ",\n");
  }
  absl::StrAppend(&json, "  \"verify\": \"", JsonEscape(figures.verify), "\",\n  \"digest\": \"",
                  JsonEscape(figures.digest), "\"\n}\n");
  return json;
}

}  // namespace turnabout::demo
