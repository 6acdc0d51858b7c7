#include "server/app/member_filter.h"

#include "absl/strings/strip.h"

namespace turnabout {

std::string ShortEnumName(absl::string_view full, absl::string_view prefix) {
  return std::string(absl::StripPrefix(full, prefix));
}

std::vector<std::string> MemberValues(const rows::MemberRow& row, absl::string_view field) {
  const v1::Member& member = row.member();
  std::vector<std::string> values;
  if (field == "reference") return {member.reference()};
  if (field == "display_name") return {member.display_name()};
  if (field == "place") return {member.place()};
  if (field == "state") return {ShortEnumName(v1::Member::State_Name(member.state()), "STATE_")};
  if (field == "kind") {
    const bool organisation = member.kind() == v1::Member::KIND_ORGANISATION;
    return {organisation ? "ORGANISATION" : "PERSON"};
  }
  if (field == "waiting") return {row.waiting_since_micros() > 0 ? "true" : "false"};
  if (field == "pledged") return {row.live_pledge().empty() ? "false" : "true"};
  if (field == "language") values.assign(member.languages().begin(), member.languages().end());
  for (const v1::Member::Journey& journey : member.journeys()) {
    if (field == "service") values.push_back(journey.service());
    if (field == "stage") values.push_back(ShortEnumName(v1::Member::Stage_Name(journey.stage()), "STAGE_"));
  }
  if (field == "need") {
    for (const v1::Member::Need& need : member.needs()) values.push_back(need.category());
  }
  if (field == "offer") {
    for (const v1::Member::Offer& offer : member.offers()) values.push_back(offer.category());
  }
  return values;
}

}  // namespace turnabout
