#include "clients/generate/generate.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "clients/generate/towns.h"

namespace turnabout::generate {
namespace {

using v1::ImportedMember;
using v1::Member;

constexpr absl::string_view kFirstNames[] = {
    "Aled",  "Amal",   "Anwen",  "Asha",   "Bela",   "Bryn",  "Cara",  "Cledwyn", "Dafna", "Dilys", "Ebo",
    "Efa",   "Emrys",  "Farah",  "Gwenno", "Hana",   "Huw",   "Ifor",  "Inès",    "Jamal", "Jonah", "Kasia",
    "Keir",  "Lali",   "Llinos", "Malak",  "Mirela", "Nico",  "Olwen", "Pawel",   "Quila", "Ravi",  "Roisin",
    "Sabri", "Sioned", "Tamar",  "Tirion", "Ugo",    "Vesna", "Wafa",  "Yara",    "Zeb"};
constexpr absl::string_view kLastNames[] = {
    "Abara",  "Amberley", "Bowden",   "Caddow", "Castell", "Dragan",   "Dunmore",   "Eastlake",
    "Farrow", "Gethin",   "Haldane",  "Hussan", "Iveson",  "Jarrow",   "Kettering", "Lowther",
    "Mazur",  "Merrow",   "Nantlle",  "Okafo",  "Penhale", "Quayle",   "Rahimi",    "Rostron",
    "Sayle",  "Tamsin",   "Tregaron", "Umar",   "Vantage", "Wexcombe", "Yardley",   "Zeller"};
constexpr absl::string_view kCategories[] = {"shopping",    "visiting",  "company", "cooking",
                                             "cleaning",    "gardening", "lifts",   "forms",
                                             "phone-calls", "pets",      "repairs", "technology"};
constexpr absl::string_view kLanguages[] = {"English",
                                            "Welsh",
                                            "Polish",
                                            "Punjabi",
                                            "Urdu",
                                            "Bengali",
                                            "Gujarati",
                                            "Arabic",
                                            "Somali",
                                            "Romanian",
                                            "Tamil",
                                            "Ukrainian",
                                            "British Sign Language"};
constexpr absl::string_view kServices[] = {"stroke-ward", "cardiac",   "cancer-centre",
                                           "renal",       "maternity", "hip-and-knee"};

std::string DateIn(int64_t days) { return days < 0 ? absl::StrCat("today", days) : absl::StrCat("today+", days); }

template <size_t n>
absl::string_view OneOf(const absl::string_view (&list)[n], Random& random) {
  return list[random.Below(n)];
}

// `count` different numbers below `limit`, in increasing order.
std::vector<int> Different(int count, int limit, Random& random) {
  std::vector<int> out;
  while (static_cast<int>(out.size()) < count) {
    const int number = static_cast<int>(random.Below(limit));
    if (std::find(out.begin(), out.end(), number) == out.end()) out.push_back(number);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Picks a settlement with a chance in proportion to its people.
class PlacePicker {
 public:
  explicit PlacePicker(const std::vector<Settlement>& settlements) {
    for (const Settlement& settlement : settlements) {
      codes_.push_back(settlement.place.code());
      ends_.push_back((ends_.empty() ? 0 : ends_.back()) + std::max<uint64_t>(1, settlement.people));
    }
  }
  const std::string& Pick(Random& random) const {
    const uint64_t at = random.Below(ends_.back());
    return codes_[std::upper_bound(ends_.begin(), ends_.end(), at) - ends_.begin()];
  }

 private:
  std::vector<std::string> codes_;
  std::vector<uint64_t> ends_;
};

void AddFreeTimes(Member& member, Random& random) {
  if (random.OneIn(1, 4)) return;
  std::array<int, 7> week{};
  for (int slot : Different(static_cast<int>(random.Between(3, 9)), 21, random)) week[slot / 3] |= 1 << slot % 3;
  for (int day = 0; day < 7; ++day) {
    if (week[day] == 0) continue;
    Member::Availability& free = *member.add_availability();
    free.set_day(static_cast<Member::Day>(day + 1));
    for (int part = 0; part < 3; ++part) {
      if (week[day] & 1 << part) free.add_parts(static_cast<Member::PartOfDay>(part + 1));
    }
  }
}

void AddLanguages(Member& member, Random& random) {
  const bool english = random.OneIn(92, 100);
  if (english) member.add_languages(std::string(kLanguages[0]));
  if (!english || random.OneIn(1, 5))
    member.add_languages(std::string(kLanguages[1 + random.Below(std::size(kLanguages) - 1)]));
}

void AddGender(Member& member, Random& random) {
  member.set_gender(random.OneIn(2, 100) ? Member::GENDER_NON_BINARY
                    : random.OneIn(1, 2) ? Member::GENDER_WOMAN
                                         : Member::GENDER_MAN);
  if (random.OneIn(12, 100)) member.add_wanted_genders(member.gender());
}

void AddOffers(Member& member, Random& random) {
  for (int i : Different(static_cast<int>(random.Between(1, 4)), std::size(kCategories), random)) {
    Member::Offer& offer = *member.add_offers();
    offer.set_category(std::string(kCategories[i]));
    offer.add_settings(kCategories[i] == "phone-calls" ? Member::SETTING_PHONE : Member::SETTING_HOME);
    if (kCategories[i] == "visiting") offer.set_settings(0, Member::SETTING_WARD);
    if (kCategories[i] == "company") offer.add_settings(Member::SETTING_WARD);
  }
  member.set_capacity(static_cast<int32_t>(random.Between(1, 3)));
  if (random.OneIn(85, 100)) {
    Member::Check& check = *member.add_checks();
    check.set_kind("dbs");
    check.set_valid_until_date(DateIn(random.Between(30, 1000)));
  }
}

void AddNeeds(Member& member, bool on_ward, Random& random) {
  for (int i : Different(static_cast<int>(random.Between(1, 2)), std::size(kCategories), random)) {
    Member::Need& need = *member.add_needs();
    need.set_category(std::string(kCategories[i]));
    need.add_settings(kCategories[i] == "phone-calls" ? Member::SETTING_PHONE : Member::SETTING_HOME);
    if (kCategories[i] == "visiting" || (kCategories[i] == "company" && on_ward))
      need.set_settings(0, Member::SETTING_WARD);
    need.set_urgency(random.OneIn(1, 10)  ? Member::URGENCY_URGENT
                     : random.OneIn(1, 3) ? Member::URGENCY_SOON
                                          : Member::URGENCY_WHENEVER);
  }
  member.set_buddies_wanted(random.OneIn(1, 5) ? 2 : 1);
}

// One in three uses a service now and asks for help; one in two used it before and gives; the others are neighbours. A
// third of those who give ask for something too, and half of those who ask have pledged.
ImportedMember MakeMember(int number, const PlacePicker& places, Random& random) {
  ImportedMember row;
  Member& member = *row.mutable_member();
  member.set_reference(absl::StrFormat("p%07d", number));
  member.set_display_name(absl::StrCat(OneOf(kFirstNames, random), " ", OneOf(kLastNames, random)));
  member.set_place(places.Pick(random));
  member.set_travel_metres(static_cast<int32_t>(random.Between(5, 40)) * 1000);
  const uint64_t lot = random.Below(100);
  const bool current = lot < 34, former = !current && lot < 84;
  if (current || former) {
    Member::Journey& journey = *member.add_journeys();
    journey.set_service(std::string(OneOf(kServices, random)));
    journey.set_stage(current ? Member::STAGE_CURRENT : Member::STAGE_FORMER);
    if (current) journey.set_expected_discharge_date(DateIn(random.Between(2, 60)));
  }
  AddLanguages(member, random);
  AddFreeTimes(member, random);
  AddGender(member, random);
  const bool asks = current || random.OneIn(1, 3);
  if (!current) AddOffers(member, random);
  if (asks) {
    AddNeeds(member, current, random);
    row.set_waiting_since_date(DateIn(-random.Between(0, 180)));
    if (current ? random.OneIn(3, 4) : random.OneIn(1, 2)) {
      row.set_pledged_date(DateIn(-random.Between(0, 60)));
      row.set_deferred_until_discharge(current);
    }
  }
  if (number > 1 && random.OneIn(1, 200)) {
    const int64_t other = std::max<int64_t>(1, number - random.Between(1, 30));
    member.add_excluded_members(absl::StrFormat("p%07d", other));
  }
  return row;
}

v1::RuleSet MakeRules() {
  v1::RuleSet rules;
  for (absl::string_view category : kCategories) rules.add_categories()->set_id(std::string(category));
  for (absl::string_view service : kServices) rules.add_services()->set_id(std::string(service));
  for (absl::string_view language : kLanguages) rules.add_languages(std::string(language));
  rules.add_checks("dbs");
  rules.mutable_matching()->add_required_checks("dbs");
  return rules;
}

}  // namespace

GeneratedScheme GenerateScheme(const GenerateOptions& options) {
  TURNABOUT_CHECK(options.people >= 1 && options.people <= 5'000'000);
  Random random(options.seed);
  GeneratedScheme scheme;
  scheme.rule_set = MakeRules();
  const std::vector<Settlement> settlements = MakeSettlements(options.people, random);
  for (const Settlement& settlement : settlements) scheme.places.push_back(settlement.place);
  const PlacePicker places(settlements);
  scheme.members.reserve(options.people);
  for (int i = 1; i <= options.people; ++i) scheme.members.push_back(MakeMember(i, places, random));
  return scheme;
}

}  // namespace turnabout::generate
