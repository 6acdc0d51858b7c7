// Nobody eligible: which one criterion keeps every giver from somebody, and how little would have to change.
#ifndef TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_
#define TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/assign/giver_index.h"
#include "matcher/assign/instance.h"

namespace turnabout {

// Fills in `blocking` and both sentences. Not thread-safe: it works in a scratch of its own.
class NobodyEligible {
 public:
  // REQUIRES: both outlive this.
  NobodyEligible(const Instance& instance, const GiverIndex& index);

  // REQUIRES: receivers[receiver] has no eligible giver.
  void Explain(int32_t receiver, LeftOut& left_out);

 private:
  static constexpr int kCriteria = static_cast<int>(kHardCriteria.size());

  std::vector<int32_t> AllBut(int criterion, int32_t receiver);
  std::string FirstToFail(int32_t receiver) const;
  void SayNeeds(const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayLanguage(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayTime(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayDistance(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayPreferences(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayJourney(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void Say(int criterion, const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;

  const Instance& instance_;
  const GiverIndex& index_;
  std::array<GiverBits, kCriteria> passing_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_
