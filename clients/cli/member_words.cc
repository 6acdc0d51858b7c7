#include "clients/cli/member_words.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace turnabout::cli {
namespace {

using v1::Member;

constexpr int kDays = 7;
constexpr int kParts = 3;
constexpr int kAllParts = (1 << kParts) - 1;

// The parts of each day from Monday, as bits.
using Week = std::array<int, kDays>;

// Adds "sat", "sat-am" or "weekends-am" to the week.
bool AddToken(absl::string_view token, Week& week) {
  const std::vector<absl::string_view> pieces = absl::StrSplit(token, absl::MaxSplits('-', 1));
  int parts = kAllParts;
  if (pieces.size() == 2) {
    Member::PartOfDay part;
    if (!ReadWord(PartWords(), pieces[1], part)) return false;
    parts = 1 << (part - 1);
  }
  int first = -1, last = -1;
  Member::Day day;
  if (absl::EqualsIgnoreCase(pieces[0], "weekdays")) {
    first = 0, last = 4;
  } else if (absl::EqualsIgnoreCase(pieces[0], "weekends")) {
    first = 5, last = 6;
  } else if (ReadWord(DayWords(), pieces[0], day)) {
    first = last = day - 1;
  } else {
    return false;
  }
  for (int i = first; i <= last; ++i) week[i] |= parts;
  return true;
}

}  // namespace

const WordList<Member::Kind>& KindWords() {
  static const auto* const words = new WordList<Member::Kind>{{"person", Member::KIND_PERSON},
                                                              {"organisation", Member::KIND_ORGANISATION},
                                                              {"organization", Member::KIND_ORGANISATION},
                                                              {"group", Member::KIND_ORGANISATION}};
  return *words;
}

const WordList<Member::Gender>& GenderWords() {
  static const auto* const words = new WordList<Member::Gender>{{"woman", Member::GENDER_WOMAN},
                                                                {"female", Member::GENDER_WOMAN},
                                                                {"women", Member::GENDER_WOMAN},
                                                                {"man", Member::GENDER_MAN},
                                                                {"male", Member::GENDER_MAN},
                                                                {"men", Member::GENDER_MAN},
                                                                {"non-binary", Member::GENDER_NON_BINARY},
                                                                {"nonbinary", Member::GENDER_NON_BINARY}};
  return *words;
}

const WordList<Member::Setting>& SettingWords() {
  static const auto* const words = new WordList<Member::Setting>{{"home", Member::SETTING_HOME},
                                                                 {"ward", Member::SETTING_WARD},
                                                                 {"phone", Member::SETTING_PHONE},
                                                                 {"online", Member::SETTING_ONLINE}};
  return *words;
}

const WordList<Member::Urgency>& UrgencyWords() {
  static const auto* const words = new WordList<Member::Urgency>{
      {"whenever", Member::URGENCY_WHENEVER}, {"soon", Member::URGENCY_SOON}, {"urgent", Member::URGENCY_URGENT}};
  return *words;
}

const WordList<Member::Stage>& StageWords() {
  static const auto* const words = new WordList<Member::Stage>{{"current", Member::STAGE_CURRENT},
                                                               {"former", Member::STAGE_FORMER},
                                                               {"neighbour", Member::STAGE_NEIGHBOUR},
                                                               {"neighbor", Member::STAGE_NEIGHBOUR}};
  return *words;
}

const WordList<Member::Day>& DayWords() {
  static const auto* const words = new WordList<Member::Day>{
      {"mon", Member::DAY_MONDAY},     {"tue", Member::DAY_TUESDAY},         {"wed", Member::DAY_WEDNESDAY},
      {"thu", Member::DAY_THURSDAY},   {"fri", Member::DAY_FRIDAY},          {"sat", Member::DAY_SATURDAY},
      {"sun", Member::DAY_SUNDAY},     {"monday", Member::DAY_MONDAY},       {"tuesday", Member::DAY_TUESDAY},
      {"tues", Member::DAY_TUESDAY},   {"wednesday", Member::DAY_WEDNESDAY}, {"thursday", Member::DAY_THURSDAY},
      {"thurs", Member::DAY_THURSDAY}, {"friday", Member::DAY_FRIDAY},       {"saturday", Member::DAY_SATURDAY},
      {"sunday", Member::DAY_SUNDAY}};
  return *words;
}

const WordList<Member::PartOfDay>& PartWords() {
  static const auto* const words = new WordList<Member::PartOfDay>{
      {"am", Member::PART_OF_DAY_MORNING},          {"pm", Member::PART_OF_DAY_AFTERNOON},
      {"eve", Member::PART_OF_DAY_EVENING},         {"morning", Member::PART_OF_DAY_MORNING},
      {"afternoon", Member::PART_OF_DAY_AFTERNOON}, {"evening", Member::PART_OF_DAY_EVENING}};
  return *words;
}

std::string FormatAvailability(const Member& member) {
  if (member.availability().empty()) return "any";
  return absl::StrJoin(member.availability(), " ", [](std::string* out, const Member::Availability& free) {
    const std::string day = WordFor(DayWords(), free.day());
    if (free.parts_size() == kParts) return absl::StrAppend(out, day);
    absl::StrAppend(out, absl::StrJoin(free.parts(), " ", [&](std::string* token, int part) {
                      absl::StrAppend(token, day, "-", WordFor(PartWords(), static_cast<Member::PartOfDay>(part)));
                    }));
  });
}

bool ReadAvailability(absl::string_view text, Member& member) {
  Week week{};
  const std::vector<absl::string_view> tokens = absl::StrSplit(text, absl::ByAnyChar(" ;,\n\r\t"), absl::SkipEmpty());
  const bool any = tokens.empty() || (tokens.size() == 1 && absl::EqualsIgnoreCase(tokens[0], "any"));
  for (absl::string_view token : tokens) {
    if (!any && !AddToken(token, week)) return false;
  }
  member.clear_availability();
  for (int i = 0; i < kDays; ++i) {
    if (week[i] == 0) continue;
    Member::Availability& free = *member.add_availability();
    free.set_day(static_cast<Member::Day>(i + 1));
    for (int part = 0; part < kParts; ++part) {
      if (week[i] & 1 << part) free.add_parts(static_cast<Member::PartOfDay>(part + 1));
    }
  }
  return true;
}

}  // namespace turnabout::cli
