#include "clients/cli/show.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/minutes.h"
#include "clients/cli/dates.h"
#include "clients/cli/member_words.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

using v1::Member;

template <typename Item>
std::string Where(const Item& item) {
  if (item.settings().empty()) return "";
  std::vector<std::string> places;
  for (int setting : item.settings()) {
    switch (setting) {
      case Member::SETTING_HOME:
        places.push_back("at home");
        break;
      case Member::SETTING_WARD:
        places.push_back("on the ward");
        break;
      case Member::SETTING_PHONE:
        places.push_back("by phone");
        break;
      default:
        places.push_back("online");
    }
  }
  return absl::StrCat(" ", OrList(places));
}

std::string Own(const std::string& words) { return words.empty() ? "" : absl::StrCat(" (", words, ")"); }

}  // namespace

void ShowFields(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& fields, int indent) {
  int width = 0;
  for (const auto& [label, value] : fields) {
    if (!value.empty()) width = std::max(width, DisplayWidth(label));
  }
  for (const auto& [label, value] : fields) {
    bool first = true;
    for (const std::string& line : Wrap(Printable(value), kPageColumns - indent - width - 2)) {
      out << std::string(indent, ' ') << PadRight(first ? label : "", width) << "  " << line << "\n";
      first = false;
    }
  }
}

std::string DateOf(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return IsoDate(DayOf(absl::FromUnixSeconds(time.seconds())));
}

std::string PlainState(absl::string_view name, absl::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

std::string OffersInWords(const Member& member) {
  return absl::StrJoin(member.offers(), "; ", [](std::string* out, const Member::Offer& offer) {
    absl::StrAppend(out, absl::StrReplaceAll(offer.category(), {{"-", " "}}), Where(offer), Own(offer.words()));
  });
}

std::string NeedsInWords(const Member& member) {
  return absl::StrJoin(member.needs(), "; ", [](std::string* out, const Member::Need& need) {
    const std::string soon = need.urgency() == Member::URGENCY_URGENT ? ", urgent"
                             : need.urgency() == Member::URGENCY_SOON ? ", soon"
                                                                      : "";
    absl::StrAppend(out, absl::StrReplaceAll(need.category(), {{"-", " "}}), Where(need), soon, Own(need.words()));
  });
}

std::string JourneysInWords(const Member& member) {
  return absl::StrJoin(member.journeys(), "; ", [](std::string* out, const Member::Journey& journey) {
    const std::string home = journey.expected_discharge_date().empty()
                                 ? ""
                                 : absl::StrCat(", home about ", LongDate(journey.expected_discharge_date()));
    const absl::string_view stage = journey.stage() == Member::STAGE_CURRENT  ? " now"
                                    : journey.stage() == Member::STAGE_FORMER ? " before"
                                                                              : ", as a neighbour";
    absl::StrAppend(out, absl::StrReplaceAll(journey.service(), {{"-", " "}}), stage, home);
  });
}

std::string AmountShort(v1::Unit unit, int64_t amount) {
  return unit == v1::UNIT_TURNS ? absl::StrCat(amount) : FormatMinutesShort(Minutes(amount));
}

std::string AmountInWords(v1::Unit unit, int64_t amount) {
  return unit == v1::UNIT_TURNS ? Count(amount, "turn", "turns") : FormatMinutes(Minutes(amount));
}

void ShowMatch(Session& session, const v1::Match& match) {
  People& people = session.people();
  session.out() << people.Called(match.giver()) << " → " << people.Called(match.receiver()) << "\n";
  std::string accepted;
  if (match.giver_accepted()) accepted = people.Called(match.giver());
  if (match.receiver_accepted())
    absl::StrAppend(&accepted, accepted.empty() ? "" : ", ", people.Called(match.receiver()));
  std::vector<std::string> linked;
  for (const std::string& name : match.linked_matches()) linked.push_back(IdOf(name));
  ShowFields(session.out(),
             {{"match", IdOf(match.name())},
              {"state", PlainState(v1::Match::State_Name(match.state()))},
              {"score", absl::StrCat(match.score(), " of 1000")},
              {"accepted by", accepted},
              {"answer by", LongDate(match.answer_by_date())},
              {"active since", DateOf(match.start_time())},
              {"contacts", match.contact_count() > 0 ? absl::StrCat(match.contact_count()) : ""},
              {"next review", LongDate(match.review_date())},
              {"starts with", absl::StrJoin(linked, ", ")},
              {"reason", match.reason()}},
             2);
  for (const v1::Match::Finding& finding : match.findings()) {
    session.out() << "  - " << Printable(finding.sentence()) << "\n";
  }
}

std::string MatchSentence(Session& session, const v1::Match& match) {
  return absl::StrCat(session.people().Called(match.giver()), " could buddy ",
                      session.people().Called(match.receiver()), ", with a score of ", match.score(), " of 1000.");
}

std::vector<FlagSpec> ListFlags(absl::string_view fields) {
  return {{"filter", "EXPRESSION", absl::StrCat("Only these. Fields: ", fields, "."), ""},
          {"limit", "N", "At most this many; 0 for all. Otherwise 100.", ""}};
}

absl::StatusOr<int64_t> LimitOf(const Session& session) {
  const std::string& text = session.flag("limit");
  int64_t limit = 100;
  if (!text.empty() && (!absl::SimpleAtoi(text, &limit) || limit < 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not a number of rows.\n  Write: --limit 20, or --limit 0 for all"));
  }
  return limit;
}

void NoteMore(Session& session, absl::string_view next_page_token) {
  if (!next_page_token.empty()) session.Note("There are more. For all of them: --limit 0");
}

}  // namespace turnabout::cli
