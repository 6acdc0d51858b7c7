#include "matcher/criteria/language.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

absl::Status CheckLanguage(const Traits& giver, const Traits& receiver) {
  return LanguageAllows(giver, receiver) ? absl::OkStatus() : Refuse(Reason::kNoSharedLanguage);
}

int32_t LanguageScore(const Traits& giver, const Traits& receiver) {
  const int shared = std::popcount(giver.languages & receiver.languages);
  return shared == 0 ? 0 : shared == 1 ? 800 : 1000;
}

std::string LanguageSentence(const Traits& giver, const Traits& receiver, const Words& words) {
  return absl::StrCat("Both speak ", WordsFor(words.languages, giver.languages & receiver.languages), ".");
}

}  // namespace turnabout
