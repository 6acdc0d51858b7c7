// AnswerOf reads the choice and its proof off a Network whose books balance.
#ifndef TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_
#define TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_

#include <cstdint>
#include <vector>

#include "matcher/clear/answer.h"
#include "matcher/clear/network.h"

namespace turnabout::clear {

struct MemberPrices {
  Wide receiving = 0;
  Wide turn = 0;
  Wide giving = 0;
};

// What a member of a problem states, and how many edges it has for them.
struct Stated {
  int32_t need = 0;
  int32_t capacity = 0;
  int64_t edges_in = 0;
  int64_t edges_out = 0;
};

// A member's prices for what is stated, where the network may know tighter limits.
template <typename Weight>
MemberPrices PricesOf(const Network<Weight>& network, int32_t member, const Stated& stated);

// As an answer to the problem of whose members order[i] is the network's member i.
template <typename Weight>
Answer AnswerOf(const Network<Weight>& network, const std::vector<int32_t>& order);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_
