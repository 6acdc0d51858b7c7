// AnswerOf reads the choice and its proof off a Network whose books balance.
#ifndef TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_
#define TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_

#include <cstdint>
#include <vector>

#include "matcher/clear/answer.h"
#include "matcher/clear/network.h"

namespace turnabout::clear {

// As an answer to the problem of whose members order[i] is the network's member i.
template <typename Weight>
Answer AnswerOf(const Network<Weight>& network, const std::vector<int32_t>& order);

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_ANSWER_OF_H_
