// Language: they share one.
#ifndef TURNABOUT_MATCHER_CRITERIA_LANGUAGE_H_
#define TURNABOUT_MATCHER_CRITERIA_LANGUAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "matcher/criteria/traits.h"

namespace turnabout {

inline bool LanguageAllows(const Traits& giver, const Traits& receiver) {
  return (giver.languages & receiver.languages) != 0;
}

// NO_SHARED_LANGUAGE when LanguageAllows is false.
absl::Status CheckLanguage(const Traits& giver, const Traits& receiver);

// 800 for one language, 1000 for more.
inline constexpr int kLanguagesCounted = 2;
inline int32_t LanguageScoreOf(int shared) { return shared == 0 ? 0 : shared == 1 ? 800 : 1000; }
int32_t LanguageScore(const Traits& giver, const Traits& receiver);

// "Both speak Welsh."
std::string LanguageSentence(const Traits& giver, const Traits& receiver, const Words& words);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CRITERIA_LANGUAGE_H_
