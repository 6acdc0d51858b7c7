#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/cell.h"
#include "clients/cli/member_row.h"
#include "clients/cli/member_words.h"

namespace turnabout::cli {
namespace {

using v1::ImportedMember;
using v1::Member;

// "@home|phone"; empty for no setting.
template <typename Item>
std::string Settings(const Item& item) {
  if (item.settings().empty()) return "";
  return absl::StrCat("@", absl::StrJoin(item.settings(), "|", [](std::string* out, int setting) {
                        absl::StrAppend(out, WordFor(SettingWords(), static_cast<Member::Setting>(setting)));
                      }));
}

std::string Journeys(const Member& member) {
  return absl::StrJoin(member.journeys(), "; ", [](std::string* out, const Member::Journey& journey) {
    absl::StrAppend(out, journey.service(), ":", WordFor(StageWords(), journey.stage()),
                    journey.expected_discharge_date().empty() ? "" : ":", journey.expected_discharge_date());
  });
}

std::string Offers(const Member& member) {
  return absl::StrJoin(member.offers(), "; ", [](std::string* out, const Member::Offer& offer) {
    absl::StrAppend(out, offer.category(), Settings(offer), InBrackets(offer.words()));
  });
}

std::string Needs(const Member& member) {
  return absl::StrJoin(member.needs(), "; ", [](std::string* out, const Member::Need& need) {
    const bool stated = need.urgency() != Member::URGENCY_UNSPECIFIED;
    absl::StrAppend(out, need.category(), Settings(need), stated ? "!" : "",
                    stated ? WordFor(UrgencyWords(), need.urgency()) : "", InBrackets(need.words()));
  });
}

// 5000 is "5", 2500 is "2.5", 123 is "0.123".
std::string Kilometres(int32_t metres) {
  if (metres == 0) return "";
  std::string text = absl::StrFormat("%d.%03d", metres / 1000, metres % 1000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Checks(const Member& member) {
  return absl::StrJoin(member.checks(), "; ", [](std::string* out, const Member::Check& check) {
    absl::StrAppend(out, check.kind(), ":", check.valid_until_date());
  });
}

std::string Wants(const Member& member) {
  return absl::StrJoin(member.wanted_genders(), "; ", [](std::string* out, int gender) {
    absl::StrAppend(out, WordFor(GenderWords(), static_cast<Member::Gender>(gender)));
  });
}

}  // namespace

std::vector<std::string> MemberColumns() {
  return {"reference", "name",           "kind",      "phone",        "email",         "journeys", "offers",   "needs",
          "place",     "travel_km",      "languages", "availability", "gender",        "wants",    "not_with", "checks",
          "capacity",  "buddies_wanted", "pledged",   "deferred",     "waiting_since", "plan"};
}

std::vector<std::string> FormatMemberRow(const ImportedMember& row) {
  const Member& member = row.member();
  return {member.reference(),
          member.display_name(),
          WordFor(KindWords(), member.kind()),
          member.contact().phone(),
          member.contact().email(),
          Journeys(member),
          Offers(member),
          Needs(member),
          member.place(),
          Kilometres(member.travel_metres()),
          absl::StrJoin(member.languages(), "; "),
          FormatAvailability(member),
          WordFor(GenderWords(), member.gender()),
          Wants(member),
          absl::StrJoin(member.excluded_members(), "; "),
          Checks(member),
          member.has_capacity() ? absl::StrCat(member.capacity()) : "",
          member.has_buddies_wanted() ? absl::StrCat(member.buddies_wanted()) : "",
          row.pledged_date(),
          row.pledged_date().empty() ? "" : (row.deferred_until_discharge() ? "yes" : "no"),
          row.waiting_since_date(),
          member.plan()};
}

}  // namespace turnabout::cli
