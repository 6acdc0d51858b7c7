// The figures that a run of the demo comes to.
#ifndef TURNABOUT_CLIENTS_DEMO_FIGURES_H_
#define TURNABOUT_CLIENTS_DEMO_FIGURES_H_

#include <cstdint>
#include <string>

namespace turnabout::demo {

struct Figures {
  int64_t members = 0;
  int64_t waiting = 0;
  int64_t proposals = 0;
  int64_t served = 0;
  int64_t greedy_served = 0;
  int64_t left_out = 0;
  int64_t approved = 0;
  int64_t refused_without_pledge = 0;
  int64_t entries = 0;
  int64_t minutes_posted = 0;
  int64_t sum_minutes = 0;
  int64_t sum_turns = 0;
  std::string verify;  // "ok"
  std::string digest;
};

// A JSON object with exactly those names.
std::string FiguresJson(const Figures& figures);

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_FIGURES_H_
