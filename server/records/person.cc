#include "server/records/person.h"

#include <algorithm>

#include "base/clock.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

SettingSet SettingsOf(const google::protobuf::RepeatedField<int>& settings) {
  SettingSet set = 0;
  for (int setting : settings) {
    if (setting >= v1::Member::SETTING_HOME && setting <= v1::Member::SETTING_ONLINE) {
      set |= static_cast<SettingSet>(1 << (setting - v1::Member::SETTING_HOME));
    }
  }
  return set == 0 ? SettingSet{kHome} : set;
}

SlotSet SlotsOf(const v1::Member& member) {
  if (member.availability().empty()) return kAnyTime;
  SlotSet slots = 0;
  for (const v1::Member::Availability& each : member.availability()) {
    for (int part : each.parts()) {
      slots |= SlotSet{1} << (3 * (each.day() - v1::Member::DAY_MONDAY) + (part - v1::Member::PART_OF_DAY_MORNING));
    }
  }
  return slots;
}

Stage StageOf(v1::Member::Stage stage) {
  switch (stage) {
    case v1::Member::STAGE_CURRENT:
      return Stage::kCurrent;
    case v1::Member::STAGE_FORMER:
      return Stage::kFormer;
    default:
      return Stage::kNeighbour;
  }
}

uint8_t UrgencyOf(v1::Member::Urgency urgency) {
  return urgency == v1::Member::URGENCY_URGENT ? 2 : urgency == v1::Member::URGENCY_SOON ? 1 : 0;
}

void FillWords(const v1::Member& member, const Rules& rules, absl::Time now, Person& person) {
  for (const std::string& language : member.languages()) {
    if (const std::optional<int> at = rules.Language(language)) person.languages |= LanguageSet{1} << *at;
  }
  if (member.languages().empty()) person.languages = 1;
  for (const v1::Member::Journey& journey : member.journeys()) {
    if (const std::optional<int> at = rules.Service(journey.service())) {
      person.journeys.push_back({static_cast<uint8_t>(*at), StageOf(journey.stage())});
    }
  }
  for (const v1::Member::Offer& offer : member.offers()) {
    if (const std::optional<int> at = rules.Category(offer.category())) {
      person.offers.push_back({static_cast<uint8_t>(*at), SettingsOf(offer.settings())});
    }
  }
  for (const v1::Member::Need& need : member.needs()) {
    if (const std::optional<int> at = rules.Category(need.category())) {
      person.needs.push_back({static_cast<uint8_t>(*at), SettingsOf(need.settings()), UrgencyOf(need.urgency())});
    }
  }
  const absl::CivilDay today = DayOf(now);
  for (const v1::Member::Check& check : member.checks()) {
    const std::optional<int> at = rules.Check(check.kind());
    const std::optional<absl::CivilDay> until = ParseDate(check.valid_until_date());
    if (at.has_value() && until.has_value() && *until >= today) person.checks |= CheckSet{1} << *at;
  }
}

}  // namespace

int32_t CapacityOf(const v1::Member& member) {
  return member.has_capacity() ? member.capacity() : member.offers().empty() ? 0 : 1;
}

int32_t BuddiesWantedBy(const v1::Member& member) {
  return member.has_buddies_wanted() ? member.buddies_wanted() : member.needs().empty() ? 0 : 1;
}

bool IsWaiting(const rows::MemberRow& row) {
  return row.member().state() == v1::Member::STATE_ACTIVE && BuddiesWantedBy(row.member()) > row.receiving_count();
}

Person PersonOf(const MemberId& id, const rows::MemberRow& row, const Account& turns, const Rules& rules,
                absl::Time now) {
  const v1::Member& member = row.member();
  Person person;
  person.id = id;
  person.has_place = row.has_point();
  person.place = {row.latitude_e6(), row.longitude_e6()};
  person.travel_metres = member.travel_metres() == 0 ? kTravelMetresDefault : member.travel_metres();
  person.slots = SlotsOf(member);
  person.gender = static_cast<uint8_t>(member.gender());
  for (int gender : member.wanted_genders()) person.wanted_genders |= static_cast<uint8_t>(1 << gender);
  for (const std::string& excluded : row.excluded()) person.excluded.push_back(IdFromRow<MemberId>(excluded));
  std::sort(person.excluded.begin(), person.excluded.end());
  FillWords(member, rules, now, person);
  if (member.state() == v1::Member::STATE_ACTIVE) {
    person.groups = rules.GroupsOf(member, person.languages);
    person.give_capacity = std::max(0, CapacityOf(member) - row.giving_count() - row.proposed_giving_count());
    person.receive_need = std::max(0, BuddiesWantedBy(member) - row.receiving_count() - row.proposed_receiving_count());
  }
  const int64_t available = turns.posted - turns.held_out - turns.limits.floor;
  person.turns = static_cast<int32_t>(std::clamp<int64_t>(available, 0, person.receive_need));
  if (row.waiting_since_micros() > 0) {
    const absl::Duration waited = now - absl::FromUnixMicros(row.waiting_since_micros());
    person.waiting_days = static_cast<int32_t>(std::max<int64_t>(0, waited / absl::Hours(24)));
  }
  return person;
}

}  // namespace turnabout
