#include "clients/cli/member_row.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "clients/cli/cell.h"
#include "clients/cli/dates.h"
#include "clients/cli/member_words.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

using v1::ImportedMember;
using v1::Member;

constexpr absl::string_view kDateExpected = "a date such as 2026-08-06 or today+90";

// A word of the scheme, in the scheme's own spelling. "Phone calls" finds "phone-calls".
bool ReadKnown(Cell& cell, absl::string_view text, const std::vector<std::string>& known, absl::string_view what,
               std::string& out) {
  const std::string slug = absl::StrReplaceAll(absl::AsciiStrToLower(text), {{" ", "-"}, {"_", "-"}});
  for (const std::string& word : known) {
    if (absl::EqualsIgnoreCase(word, text) || absl::EqualsIgnoreCase(word, slug)) {
      out = word;
      return true;
    }
  }
  if (known.empty()) {
    out = std::string(text);
    return true;
  }
  const std::string near = NearMiss(slug, known);
  std::vector<std::string> shown(known.begin(), known.begin() + std::min<size_t>(known.size(), 8));
  cell.Problem(text, near.empty() ? absl::StrCat("one of the scheme's ", what, ": ", absl::StrJoin(shown, ", "),
                                                 known.size() > shown.size() ? ", …" : "")
                                  : absl::StrCat("one of the scheme's ", what, "; perhaps \"", near, "\""));
  return false;
}

bool ReadDate(Cell& cell, absl::string_view text, std::string& out) {
  const absl::StatusOr<absl::CivilDay> day = ParseDate(text, cell.today());
  if (!day.ok()) {
    cell.Problem(text, kDateExpected);
    return false;
  }
  out = IsoDate(*day);
  return true;
}

// "home|phone" after the '@' of an offer or a need.
template <typename Item>
void ReadSettings(Cell& cell, absl::string_view text, Item& item) {
  for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar("|/+ "), absl::SkipEmpty())) {
    Member::Setting setting;
    if (ReadWord(SettingWords(), word, setting)) {
      item.add_settings(setting);
    } else {
      cell.Problem(word, "home, ward, phone or online after \"@\"");
    }
  }
}

// The text before `mark` stays; what follows it is returned. Empty when there is no mark.
absl::string_view TakeAfter(absl::string_view& text, char mark) {
  const size_t at = text.find(mark);
  if (at == absl::string_view::npos) return "";
  const absl::string_view after = absl::StripAsciiWhitespace(text.substr(at + 1));
  text = absl::StripAsciiWhitespace(text.substr(0, at));
  return after;
}

void ReadReference(Cell& cell, ImportedMember& out) {
  const absl::string_view text = cell.text();
  const bool good = text.size() <= kReferenceLengthMax && std::all_of(text.begin(), text.end(), [](char c) {
                      return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
                    });
  if (!good) cell.Problem(text, "letters, digits, '-', '_' and '.', at most 64");
  out.mutable_member()->set_reference(std::string(text));
}

void ReadName(Cell& cell, ImportedMember& out) {
  if (cell.text().size() > kNameLengthMax) cell.Problem(cell.text(), "a name of at most 120 bytes");
  out.mutable_member()->set_display_name(std::string(cell.text()));
}

void ReadKind(Cell& cell, ImportedMember& out) {
  Member::Kind kind;
  if (!ReadWord(KindWords(), cell.text(), kind)) return cell.Problem(cell.text(), "person or organisation");
  out.mutable_member()->set_kind(kind);
}

void ReadPhone(Cell& cell, ImportedMember& out) {
  out.mutable_member()->mutable_contact()->set_phone(std::string(cell.text()));
}

void ReadEmail(Cell& cell, ImportedMember& out) {
  if (!absl::StrContains(cell.text(), "@")) cell.Problem(cell.text(), "an email address with an \"@\"");
  out.mutable_member()->mutable_contact()->set_email(std::string(cell.text()));
}

void ReadJourneys(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    Member::Journey& journey = *out.mutable_member()->add_journeys();
    absl::string_view service = item.text;
    absl::string_view stage_text = TakeAfter(service, ':');
    const absl::string_view date = TakeAfter(stage_text, ':');
    ReadKnown(cell, service, cell.vocabulary().services, "services", *journey.mutable_service());
    Member::Stage stage = Member::STAGE_UNSPECIFIED;
    if (!ReadWord(StageWords(), stage_text, stage)) {
      cell.Problem(item.text, "service:stage, the stage being current, former or neighbour");
    }
    journey.set_stage(stage);
    if (!date.empty()) ReadDate(cell, date, *journey.mutable_expected_discharge_date());
  }
}

void ReadOffers(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    Member::Offer& offer = *out.mutable_member()->add_offers();
    absl::string_view category = item.text;
    ReadSettings(cell, TakeAfter(category, '@'), offer);
    ReadKnown(cell, category, cell.vocabulary().categories, "categories", *offer.mutable_category());
    offer.set_words(item.words);
  }
}

void ReadNeeds(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    Member::Need& need = *out.mutable_member()->add_needs();
    absl::string_view category = item.text;
    const absl::string_view urgency_text = TakeAfter(category, '!');
    ReadSettings(cell, TakeAfter(category, '@'), need);
    ReadKnown(cell, category, cell.vocabulary().categories, "categories", *need.mutable_category());
    need.set_words(item.words);
    Member::Urgency urgency = Member::URGENCY_UNSPECIFIED;
    if (!urgency_text.empty() && !ReadWord(UrgencyWords(), urgency_text, urgency)) {
      cell.Problem(urgency_text, "urgent, soon or whenever after \"!\"");
    }
    need.set_urgency(urgency);
  }
}

void ReadPlace(Cell& cell, ImportedMember& out) {
  ReadKnown(cell, cell.text(), cell.vocabulary().places, "places", *out.mutable_member()->mutable_place());
}

void ReadDistance(Cell& cell, ImportedMember& out, double metres_in_one) {
  double number = 0;
  const bool good = absl::SimpleAtod(cell.text(), &number) && number >= 0 && number * metres_in_one <= kTravelMetresMax;
  if (!good) {
    return cell.Problem(cell.text(), metres_in_one > 1 ? "kilometres from 0 to 200, such as 5 or 2.5"
                                                       : "whole metres from 0 to 200000");
  }
  out.mutable_member()->set_travel_metres(static_cast<int32_t>(std::llround(number * metres_in_one)));
}

void ReadKilometres(Cell& cell, ImportedMember& out) { ReadDistance(cell, out, 1000); }
void ReadMetres(Cell& cell, ImportedMember& out) { ReadDistance(cell, out, 1); }

void ReadLanguages(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    ReadKnown(cell, item.text, cell.vocabulary().languages, "languages", *out.mutable_member()->add_languages());
  }
}

void ReadFreeTimes(Cell& cell, ImportedMember& out) {
  if (!ReadAvailability(cell.text(), *out.mutable_member())) {
    cell.Problem(cell.text(), "days and parts such as \"mon-am tue-pm sat\", or any");
  }
}

void ReadGender(Cell& cell, ImportedMember& out) {
  Member::Gender gender;
  if (!ReadWord(GenderWords(), cell.text(), gender)) return cell.Problem(cell.text(), "woman, man or non-binary");
  out.mutable_member()->set_gender(gender);
}

void ReadWants(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    Member::Gender gender;
    if (!ReadWord(GenderWords(), item.text, gender)) {
      cell.Problem(item.text, "woman, man or non-binary; empty for anyone");
    } else {
      out.mutable_member()->add_wanted_genders(gender);
    }
  }
}

void ReadNotWith(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    if (item.text == out.member().reference()) cell.Problem(item.text, "somebody else's reference");
    out.mutable_member()->add_excluded_members(item.text);
  }
}

void ReadChecks(Cell& cell, ImportedMember& out) {
  for (const Item& item : cell.Items()) {
    absl::string_view kind = item.text;
    const absl::string_view date = TakeAfter(kind, ':');
    Member::Check& check = *out.mutable_member()->add_checks();
    if (date.empty()) cell.Problem(item.text, "check:date, such as dbs:2027-03-01");
    ReadKnown(cell, kind, cell.vocabulary().checks, "checks", *check.mutable_kind());
    if (!date.empty()) ReadDate(cell, date, *check.mutable_valid_until_date());
  }
}

bool ReadWhole(Cell& cell, int32_t limit, int32_t& out) {
  const bool good = absl::SimpleAtoi(cell.text(), &out) && out >= 0 && out <= limit;
  if (!good) cell.Problem(cell.text(), absl::StrCat("a whole number from 0 to ", limit));
  return good;
}

void ReadCapacity(Cell& cell, ImportedMember& out) {
  int32_t number = 0;
  if (ReadWhole(cell, kCapacityMax, number)) out.mutable_member()->set_capacity(number);
}

void ReadBuddiesWanted(Cell& cell, ImportedMember& out) {
  int32_t number = 0;
  if (ReadWhole(cell, kCapacityMax, number)) out.mutable_member()->set_buddies_wanted(number);
}

void ReadPledged(Cell& cell, ImportedMember& out) { ReadDate(cell, cell.text(), *out.mutable_pledged_date()); }
void ReadWaiting(Cell& cell, ImportedMember& out) { ReadDate(cell, cell.text(), *out.mutable_waiting_since_date()); }

void ReadDeferred(Cell& cell, ImportedMember& out) {
  const std::string text = absl::AsciiStrToLower(cell.text());
  const bool yes = text == "yes" || text == "y" || text == "true" || text == "1";
  const bool no = text == "no" || text == "n" || text == "false" || text == "0";
  if (!yes && !no) cell.Problem(cell.text(), "yes or no");
  out.set_deferred_until_discharge(yes);
}

void ReadPlan(Cell& cell, ImportedMember& out) { out.mutable_member()->set_plan(std::string(cell.text())); }

struct ColumnReader {
  absl::string_view name;
  void (*read)(Cell&, ImportedMember&);
  absl::string_view field;  // how the API's field path goes on after "members[3]."
};

// In the order in which they are read: the reference first, as not_with looks at it.
constexpr ColumnReader kReaders[] = {
    {"reference", ReadReference, "member.reference"},
    {"name", ReadName, "member.display_name"},
    {"kind", ReadKind, "member.kind"},
    {"phone", ReadPhone, "member.contact.phone"},
    {"email", ReadEmail, "member.contact.email"},
    {"journeys", ReadJourneys, "member.journeys"},
    {"offers", ReadOffers, "member.offers"},
    {"needs", ReadNeeds, "member.needs"},
    {"place", ReadPlace, "member.place"},
    {"travel_km", ReadKilometres, "member.travel_metres"},
    {"travel_metres", ReadMetres, "member.travel_metres"},
    {"languages", ReadLanguages, "member.languages"},
    {"availability", ReadFreeTimes, "member.availability"},
    {"gender", ReadGender, "member.gender"},
    {"wants", ReadWants, "member.wanted_genders"},
    {"not_with", ReadNotWith, "member.excluded_members"},
    {"checks", ReadChecks, "member.checks"},
    {"capacity", ReadCapacity, "member.capacity"},
    {"buddies_wanted", ReadBuddiesWanted, "member.buddies_wanted"},
    {"pledged", ReadPledged, "pledged_date"},
    {"deferred", ReadDeferred, "deferred_until_discharge"},
    {"waiting_since", ReadWaiting, "waiting_since_date"},
    {"plan", ReadPlan, "member.plan"},
};

std::string ColumnKey(absl::string_view heading) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(heading), {{" ", "_"}, {"-", "_"}});
}

// For each reader, the index of its column in the file, or -1. Notes what is ignored or twice there.
std::vector<int> FindColumns(const CsvRow& header, MemberRows& out) {
  std::vector<std::string> names;
  for (const ColumnReader& reader : kReaders) names.emplace_back(reader.name);
  std::vector<int> places(names.size(), -1);
  for (size_t i = 0; i < header.cells.size(); ++i) {
    const std::string key = ColumnKey(header.cells[i]);
    const auto at = std::find(names.begin(), names.end(), key);
    if (at == names.end()) {
      if (key.empty()) continue;
      const std::string near = NearMiss(key, names);
      out.notes.push_back(absl::StrCat("Column ", ColumnLetter(i), " (", header.cells[i], ") is ignored.",
                                       near.empty() ? "" : absl::StrCat(" Perhaps \"", near, "\" was meant.")));
    } else if (places[at - names.begin()] >= 0) {
      out.problems.push_back({header.line, ColumnLetter(i), key, header.cells[i], "each column only once"});
    } else {
      places[at - names.begin()] = static_cast<int>(i);
    }
  }
  for (size_t required = 0; required < 2; ++required) {
    if (places[required] >= 0) continue;
    out.problems.push_back(
        {header.line, "", "", absl::StrJoin(header.cells, ", "), absl::StrCat("a column called ", names[required])});
  }
  return places;
}

// Rules about a row as a whole.
void JudgeRow(const CsvRow& row, const CsvRow& header, const std::vector<int>& places, const ImportedMember& member,
              std::map<std::string, int>& lines, MemberRows& out) {
  const auto problem = [&](size_t reader, absl::string_view found, absl::string_view expected) {
    const int place = places[reader];
    out.problems.push_back({row.line, place < 0 ? "" : ColumnLetter(place), std::string(kReaders[reader].name),
                            std::string(found), std::string(expected)});
  };
  for (size_t i = header.cells.size(); i < row.cells.size(); ++i) {
    if (absl::StripAsciiWhitespace(row.cells[i]).empty()) continue;
    out.problems.push_back({row.line, ColumnLetter(i), "", row.cells[i],
                            absl::StrCat("no more cells than the ", header.cells.size(), " columns")});
    break;
  }
  const std::string& reference = member.member().reference();
  if (reference.empty()) problem(0, "", "a short reference for the person, such as ben");
  if (member.member().display_name().empty()) problem(1, "", "the name they like to be called");
  if (!reference.empty() && !lines.emplace(absl::AsciiStrToLower(reference), row.line).second) {
    const int before = lines[absl::AsciiStrToLower(reference)];
    problem(0, reference, absl::StrCat("a reference of its own; line ", before, " has the same"));
  }
  if (member.deferred_until_discharge() && member.pledged_date().empty()) {
    problem(20, "yes", "a date in the column pledged too");
  }
}

}  // namespace

MemberRows ParseMemberRows(const CsvTable& table, const Vocabulary& vocabulary, absl::CivilDay today) {
  MemberRows out;
  out.header = table.header;
  const std::vector<int> places = FindColumns(table.header, out);
  if (!out.problems.empty()) return out;
  std::map<std::string, int> lines;
  for (const CsvRow& row : table.rows) {
    const size_t before = out.problems.size();
    ImportedMember member;
    for (size_t i = 0; i < places.size(); ++i) {
      if (places[i] < 0 || static_cast<size_t>(places[i]) >= row.cells.size()) continue;
      const std::string text = PlainCell(absl::StripAsciiWhitespace(row.cells[places[i]]));
      if (text.empty()) continue;
      Cell cell(text, vocabulary, today, [&](absl::string_view found, absl::string_view expected) {
        out.problems.push_back({row.line, ColumnLetter(places[i]), std::string(kReaders[i].name), std::string(found),
                                std::string(expected)});
      });
      kReaders[i].read(cell, member);
    }
    JudgeRow(row, table.header, places, member, lines, out);
    if (out.problems.size() == before) out.rows.push_back({row.line, std::move(member)});
  }
  return out;
}

ColumnPlace ColumnOfField(absl::string_view field, const CsvRow& header) {
  const size_t dot = field.find("].");
  if (absl::StartsWith(field, "members[") && dot != absl::string_view::npos) field.remove_prefix(dot + 2);
  for (const ColumnReader& reader : kReaders) {
    absl::string_view rest = field;
    if (!absl::ConsumePrefix(&rest, reader.field) || !(rest.empty() || rest[0] == '.' || rest[0] == '[')) continue;
    for (size_t i = 0; i < header.cells.size(); ++i) {
      if (ColumnKey(header.cells[i]) == reader.name) return {ColumnLetter(i), std::string(reader.name)};
    }
  }
  return {};
}

std::string ProblemSentence(const RowProblem& problem) {
  const std::string column = problem.column.empty() ? "" : absl::StrCat(" (", problem.column, ")");
  const std::string where = problem.column_letter.empty()
                                ? (problem.column.empty() ? "" : absl::StrCat(", ", problem.column))
                                : absl::StrCat(", column ", problem.column_letter, column);
  if (problem.expected.empty()) return absl::StrCat("Line ", problem.line, where, ": ", Printable(problem.found));
  const std::string found =
      problem.found.empty() ? "nothing" : absl::StrCat("\"", Truncate(Printable(problem.found), 60), "\"");
  return absl::StrCat("Line ", problem.line, where, ": found ", found, "; expected ", problem.expected, ".");
}

}  // namespace turnabout::cli
