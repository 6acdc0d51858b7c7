#include "matcher/criteria/exclusions.h"

#include "base/reason.h"

namespace turnabout {

absl::Status CheckExclusions(const Traits& giver, const Traits& receiver) {
  return ExclusionsAllow(giver, receiver) ? absl::OkStatus() : Refuse(Reason::kPairExcluded);
}

}  // namespace turnabout
