// The words that members.csv and the API's enums have for the same things.
#ifndef TURNABOUT_CLIENTS_CLI_MEMBER_WORDS_H_
#define TURNABOUT_CLIENTS_CLI_MEMBER_WORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "turnabout/v1/member.pb.h"

namespace turnabout::cli {

template <typename Enum>
using WordList = std::vector<std::pair<absl::string_view, Enum>>;

// The first word for a value is the one that is written; the others are read too.
const WordList<v1::Member::Kind>& KindWords();
const WordList<v1::Member::Gender>& GenderWords();
const WordList<v1::Member::Setting>& SettingWords();
const WordList<v1::Member::Urgency>& UrgencyWords();
const WordList<v1::Member::Stage>& StageWords();
const WordList<v1::Member::Day>& DayWords();
const WordList<v1::Member::PartOfDay>& PartWords();

// Finds the value of `word`, whatever its case. False when there is none.
template <typename Enum>
bool ReadWord(const WordList<Enum>& words, absl::string_view word, Enum& value) {
  for (const auto& [known, meaning] : words) {
    if (!absl::EqualsIgnoreCase(known, word)) continue;
    value = meaning;
    return true;
  }
  return false;
}

// The word for `value`; empty for one without.
template <typename Enum>
std::string WordFor(const WordList<Enum>& words, Enum value) {
  for (const auto& [word, known] : words) {
    if (known == value) return std::string(word);
  }
  return "";
}

// When in the week somebody is free: "mon-am tue-pm sat", "weekdays-eve", "any".
std::string FormatAvailability(const v1::Member& member);

// Sets the member's availability from such text. False, and no change, when it cannot be read.
bool ReadAvailability(absl::string_view text, v1::Member& member);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_MEMBER_WORDS_H_
