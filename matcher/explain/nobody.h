// Nobody eligible: which one criterion keeps every giver from somebody, and how little would have to change.
#ifndef TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_
#define TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "matcher/assign/instance.h"
#include "matcher/candidates/search.h"

namespace turnabout {

// Fills in `blocking` and both sentences. Not thread-safe: it works in a scratch of its own.
class NobodyEligible {
 public:
  // REQUIRES: both outlive this.
  NobodyEligible(const Instance& instance, const CandidateIndex& index);

  // REQUIRES: receivers[receiver] has no eligible giver.
  void Explain(int32_t receiver, LeftOut& left_out);

 private:
  // The givers that pass everything but one criterion, which is not the distance.
  std::vector<int32_t> AllBut(Hard criterion, int32_t receiver);
  absl::string_view FirstToFail(int32_t receiver);
  void SayNeeds(const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayLanguage(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayTime(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  bool SayDistance(int32_t receiver, LeftOut& left_out);
  void SayPreferences(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void SayJourney(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void Say(Hard criterion, const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const;
  void Begin(const Traits& receiver, absl::Span<const int32_t> blocked);

  const Instance& instance_;
  CandidateSearch search_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_EXPLAIN_NOBODY_H_
