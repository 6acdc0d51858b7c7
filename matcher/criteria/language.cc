#include "matcher/criteria/language.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

absl::Status CheckLanguage(const Traits& giver, const Traits& receiver) {
  return LanguageAllows(giver, receiver) ? absl::OkStatus() : Refuse(Reason::kNoSharedLanguage);
}

int32_t LanguageScore(const Traits& giver, const Traits& receiver) {
  return LanguageScoreOf(std::popcount(giver.languages & receiver.languages));
}

std::string LanguageSentence(const Traits& giver, const Traits& receiver, const Words& words) {
  return absl::StrCat("Both speak ", WordsFor(words.languages, giver.languages & receiver.languages), ".");
}

}  // namespace turnabout
