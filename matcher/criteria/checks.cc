#include "matcher/criteria/checks.h"

#include <bit>

#include "base/reason.h"

namespace turnabout {

absl::Status CheckChecks(const Person& giver, const Settings& settings) {
  const CheckSet missing = settings.required_checks & ~giver.checks;
  if (missing == 0) return absl::OkStatus();
  const int first = std::countr_zero(missing);
  const bool named = first < static_cast<int>(settings.words.checks.size());
  return Refuse(Reason::kCheckLapsed, {{"check", named ? WordFor(settings.words.checks, first) : "required"}});
}

}  // namespace turnabout
