#include "server/app/member_fields.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

constexpr int kSettingsMax = 4;  // each once
constexpr int kPartsOfDayMax = 3;
constexpr int kGendersMax = 3;

std::string At(const std::string& path, absl::string_view list, int index, absl::string_view field = "") {
  return absl::StrCat(path, list, "[", index, "]", field.empty() ? "" : ".", field);
}

// Settings, categories and words of an offer or a need.
template <typename List>
void CheckHelp(const List& list, absl::string_view name, int most, const Rules& rules, const std::string& path,
               Problems& problems) {
  problems.CheckRange(absl::StrCat(path, name), list.size(), 0, most);
  for (int i = 0; i < list.size(); ++i) {
    if (!rules.Category(list[i].category()).has_value()) {
      problems.Add(At(path, name, i, "category"),
                   absl::StrCat("Name one of the scheme's categories, not \"",
                                absl::string_view(list[i].category()).substr(0, 40), "\""));
    }
    problems.CheckText(At(path, name, i, "words"), list[i].words(), kNoteLengthMax, false);
    problems.CheckRange(At(path, name, i, "settings"), list[i].settings_size(), 0, kSettingsMax);
    for (int setting : list[i].settings()) {
      if (setting < v1::Member::SETTING_HOME || setting > v1::Member::SETTING_ONLINE) {
        problems.Add(At(path, name, i, "settings"), "Name home, ward, phone or online");
      }
    }
  }
}

void CheckJourneys(const v1::Member& member, const Rules& rules, const std::string& path, Problems& problems) {
  problems.CheckRange(path + "journeys", member.journeys_size(), 0, kJourneysPerMemberMax);
  std::set<std::string> services;
  for (int i = 0; i < member.journeys_size(); ++i) {
    const v1::Member::Journey& journey = member.journeys(i);
    if (!rules.Service(journey.service()).has_value()) {
      problems.Add(At(path, "journeys", i, "service"), "Name one of the scheme's services");
    }
    if (!services.insert(journey.service()).second) {
      problems.Add(At(path, "journeys", i, "service"), "Name each service once");
    }
    if (journey.stage() < v1::Member::STAGE_CURRENT || journey.stage() > v1::Member::STAGE_NEIGHBOUR) {
      problems.Add(At(path, "journeys", i, "stage"), "Name current, former or neighbour");
    }
    problems.CheckDate(At(path, "journeys", i, "expected_discharge_date"), journey.expected_discharge_date(), false);
  }
}

void CheckAvailability(const v1::Member& member, const std::string& path, Problems& problems) {
  std::set<int> days;
  for (int i = 0; i < member.availability_size(); ++i) {
    const v1::Member::Availability& each = member.availability(i);
    if (each.day() < v1::Member::DAY_MONDAY || each.day() > v1::Member::DAY_SUNDAY || !days.insert(each.day()).second) {
      problems.Add(At(path, "availability", i, "day"), "Name a day of the week, each at most once");
    }
    if (each.parts().empty()) problems.Add(At(path, "availability", i, "parts"), "Name at least one part of the day");
    problems.CheckRange(At(path, "availability", i, "parts"), each.parts_size(), 0, kPartsOfDayMax);
    for (int part : each.parts()) {
      if (part < v1::Member::PART_OF_DAY_MORNING || part > v1::Member::PART_OF_DAY_EVENING) {
        problems.Add(At(path, "availability", i, "parts"), "Name morning, afternoon or evening");
      }
    }
  }
}

void CheckListsOfWords(const v1::Member& member, const Rules& rules, const std::string& path, Problems& problems) {
  problems.CheckRange(path + "languages", member.languages_size(), 0, kLanguagesPerMemberMax);
  for (int i = 0; i < member.languages_size(); ++i) {
    if (!rules.Language(member.languages(i)).has_value()) {
      problems.Add(At(path, "languages", i), absl::StrCat("Name one of the scheme's languages, not \"",
                                                          absl::string_view(member.languages(i)).substr(0, 40), "\""));
    }
  }
  problems.CheckRange(path + "checks", member.checks_size(), 0, kChecksPerMemberMax);
  std::set<std::string> kinds;
  for (int i = 0; i < member.checks_size(); ++i) {
    if (!rules.Check(member.checks(i).kind()).has_value() || !kinds.insert(member.checks(i).kind()).second) {
      problems.Add(At(path, "checks", i, "kind"), "Name one of the scheme's checks, each at most once");
    }
    problems.CheckDate(At(path, "checks", i, "valid_until_date"), member.checks(i).valid_until_date(), true);
  }
  problems.CheckRange(path + "wanted_genders", member.wanted_genders_size(), 0, kGendersMax);
  for (int gender : member.wanted_genders()) {
    if (gender < v1::Member::GENDER_WOMAN || gender > v1::Member::GENDER_NON_BINARY) {
      problems.Add(path + "wanted_genders", "Name woman, man or non-binary; leave it empty for anyone");
    }
  }
  problems.CheckRange(path + "excluded_members", member.excluded_members_size(), 0, kExclusionsPerMemberMax);
}

}  // namespace

bool IsReference(absl::string_view text) {
  if (text.empty() || text.size() > kReferenceLengthMax) return false;
  for (char c : text) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

void CheckMember(const v1::Member& member, const Rules& rules, const std::string& path, Problems& problems) {
  problems.CheckText(path + "display_name", member.display_name(), kNameLengthMax, true);
  if (!member.reference().empty() && !IsReference(member.reference())) {
    problems.Add(path + "reference", "Use letters, digits, -, _ and . only, at most 64");
  }
  if (!v1::Member::Kind_IsValid(member.kind())) problems.Add(path + "kind", "Name person or organisation");
  if (!v1::Member::Gender_IsValid(member.gender())) problems.Add(path + "gender", "Name woman, man or non-binary");
  problems.CheckText(path + "contact.phone", member.contact().phone(), kContactLengthMax, false);
  problems.CheckText(path + "contact.email", member.contact().email(), kContactLengthMax, false);
  problems.CheckText(path + "plan", member.plan(), kNoteLengthMax, false);
  problems.CheckText(path + "place", member.place(), kSlugLengthMax, false);
  problems.CheckRange(path + "travel_metres", member.travel_metres(), 0, kTravelMetresMax);
  problems.CheckRange(path + "capacity", member.capacity(), 0, kCapacityMax);
  problems.CheckRange(path + "buddies_wanted", member.buddies_wanted(), 0, kCapacityMax);
  CheckJourneys(member, rules, path, problems);
  CheckHelp(member.offers(), "offers", kOffersPerMemberMax, rules, path, problems);
  CheckHelp(member.needs(), "needs", kNeedsPerMemberMax, rules, path, problems);
  CheckAvailability(member, path, problems);
  CheckListsOfWords(member, rules, path, problems);
}

void ClearOutputOnly(v1::Member& member) {
  member.clear_name();
  member.clear_state();
  member.clear_giving_count();
  member.clear_receiving_count();
  member.clear_etag();
  member.clear_create_time();
  member.clear_update_time();
  member.clear_waiting_since_time();
}

v1::Member ToApi(const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row, v1::MemberView view) {
  v1::Member member = row.member();
  member.set_name(NameOf(scheme.slug(), kMembers, id));
  member.set_giving_count(row.giving_count());
  member.set_receiving_count(row.receiving_count());
  member.set_etag(absl::StrCat(row.version()));
  *member.mutable_create_time() = TimestampOf(row.create_micros());
  *member.mutable_update_time() = TimestampOf(row.update_micros());
  if (row.waiting_since_micros() > 0) {
    *member.mutable_waiting_since_time() = TimestampOf(row.waiting_since_micros());
  }
  member.clear_excluded_members();
  if (view != v1::MEMBER_VIEW_FULL) {
    member.clear_contact();
    member.clear_gender();
    member.clear_wanted_genders();
    member.clear_plan();
    return member;
  }
  for (const std::string& excluded : row.excluded()) {
    member.add_excluded_members(NameOf(scheme.slug(), kMembers, IdFromRow<MemberId>(excluded)));
  }
  return member;
}

}  // namespace turnabout
