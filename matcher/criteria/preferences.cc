#include "matcher/criteria/preferences.h"

#include "base/reason.h"

namespace turnabout {

absl::Status CheckPreferences(const Traits& giver, const Traits& receiver) {
  return PreferencesAllow(giver, receiver) ? absl::OkStatus() : Refuse(Reason::kPreferenceNotMet);
}

}  // namespace turnabout
