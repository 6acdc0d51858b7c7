#include "matcher/criteria/needs.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

int32_t WeightOfNeeds(const Traits& receiver, CategorySet categories) {
  int32_t total = 0;
  for (int urgency = 0; urgency < kUrgencyCount; ++urgency) {
    total += std::popcount(receiver.needs_by_urgency[urgency] & categories) << urgency;
  }
  return total;
}

absl::Status CheckNeeds(const Traits& giver, const Traits& receiver) {
  if (receiver.needs_anywhere == 0) return Refuse(Reason::kNotWaiting);
  if ((giver.offers_anywhere & receiver.needs_anywhere) == 0) return Refuse(Reason::kNothingInCommon);
  if (!NeedsAllow(giver, receiver)) return Refuse(Reason::kWherever);
  return absl::OkStatus();
}

int32_t NeedsScore(const Meeting& meeting, const Traits& receiver) {
  return NeedsScoreOf(WeightOfNeeds(receiver, meeting.remote | meeting.in_person),
                      WeightOfNeeds(receiver, receiver.needs_anywhere));
}

std::string NeedsSentence(const Meeting& meeting, const Words& words) {
  return absl::StrCat("The giver can help with ", WordsFor(words.categories, meeting.remote | meeting.in_person),
                      ", which the receiver would like.");
}

}  // namespace turnabout
