// Preferences: what each stated about the other's gender is met, both ways. Nothing stated: everyone is welcome.
#ifndef TURNABOUT_MATCHER_CRITERIA_PREFERENCES_H_
#define TURNABOUT_MATCHER_CRITERIA_PREFERENCES_H_

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

// True when `one` has no preference or `other` meets it.
inline bool Welcomes(const Traits& one, const Traits& other) {
  return one.wanted_genders == 0 || ((one.wanted_genders >> other.gender) & 1) != 0;
}

inline bool PreferencesAllow(const Traits& giver, const Traits& receiver) {
  return Welcomes(receiver, giver) && Welcomes(giver, receiver);
}

// PREFERENCE_NOT_MET when PreferencesAllow is false. Does not say whose.
absl::Status CheckPreferences(const Traits& giver, const Traits& receiver);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_PREFERENCES_H_
