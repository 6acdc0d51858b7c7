// An Answer is the best choice for a Problem, with the prices that prove it.
//
// The prices say, in worth (levels.h), what one more place to receive would cost each member (`receiving`), what one
// more place to give is asked for (`giving`), and what one more turn would be worth to them (`turn`). They are a proof
// because no choice whatever can be worth more than the bound that verify.h computes from them, and this one is worth
// exactly that.
#ifndef TURNABOUT_MATCHER_CLEAR_ANSWER_H_
#define TURNABOUT_MATCHER_CLEAR_ANSWER_H_

#include <cstdint>
#include <vector>

#include "matcher/clear/levels.h"
#include "matcher/clear/problem.h"

namespace turnabout::clear {

// By member.
struct Prices {
  std::vector<Wide> receiving;
  std::vector<Wide> turn;
  std::vector<Wide> giving;
  friend bool operator==(const Prices&, const Prices&) = default;
};

struct Answer {
  std::vector<Choice> choices;  // by giver, then receiver
  Wide weight = 0;              // of the edges chosen, without bonuses
  int64_t served = 0;           // members who receive at all
  Levels levels;                // what worths are made of
  Prices prices;
  friend bool operator==(const Answer&, const Answer&) = default;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_ANSWER_H_
