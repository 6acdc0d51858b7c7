#include "matcher/criteria/journey.h"

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

absl::Status CheckJourney(const Traits& giver, const Traits& receiver, const Settings& settings) {
  if (!giver.stage_allows) {
    return Refuse(Reason::kJourneyMismatch, {{"detail", "they use a service now, and give after discharge"}});
  }
  if (!JourneyAllows(giver, receiver, settings)) {
    return Refuse(Reason::kJourneyMismatch, {{"detail", "they have not used the service that the receiver uses now"}});
  }
  return absl::OkStatus();
}

int32_t JourneyScore(const Traits& giver, const Traits& receiver) {
  if ((giver.services_used & receiver.services_used) != 0) return kSameServiceScore;
  return giver.services_used != 0 && receiver.services_used != 0 ? kSomeServiceScore : 0;
}

std::string JourneySentence(const Traits& giver, const Traits& receiver, const Words& words) {
  const uint64_t now = giver.services_used & receiver.services_now;
  if (now != 0) {
    return absl::StrCat("The giver has used ", WordsFor(words.services, now), ", which the receiver is using now.");
  }
  const uint64_t shared = giver.services_used & receiver.services_used;
  if (shared != 0) return absl::StrCat("Both have used ", WordsFor(words.services, shared), ".");
  if (giver.services_used != 0 && receiver.services_used != 0)
    return "Both have used a service, though not the same one.";
  return "They have not used the same service.";
}

}  // namespace turnabout
