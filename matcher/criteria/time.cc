#include "matcher/criteria/time.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

absl::Status CheckTime(const Traits& giver, const Traits& receiver) {
  return TimeAllows(giver, receiver) ? absl::OkStatus() : Refuse(Reason::kNoSharedTime);
}

int32_t TimeScore(const Traits& giver, const Traits& receiver) {
  return TimeScoreOf(std::popcount(giver.slots & receiver.slots & kEverySlot));
}

std::string TimeSentence(const Traits& giver, const Traits& receiver) {
  SlotSet shared = giver.slots & receiver.slots & kEverySlot;
  if (shared == 0) return "They share no free time.";
  const int first = std::countr_zero(shared);
  shared &= shared - 1;
  if (shared == 0) return absl::StrCat("Both are free on ", SlotText(first), ".");
  const int more = std::popcount(shared);
  if (more == 1)
    return absl::StrCat("Both are free on ", SlotText(first), " and ", SlotText(std::countr_zero(shared)), ".");
  return absl::StrCat("Both are free on ", SlotText(first), " and at ", more, " other times.");
}

std::string SlotText(int slot) {
  static constexpr const char* kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  static constexpr const char* kParts[] = {"morning", "afternoon", "evening"};
  return absl::StrCat(kDays[slot / 3], " ", kParts[slot % 3]);
}

}  // namespace turnabout
