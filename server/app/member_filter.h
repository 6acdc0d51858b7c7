// What a filter over members may ask for.
#ifndef TURNABOUT_SERVER_APP_MEMBER_FILTER_H_
#define TURNABOUT_SERVER_APP_MEMBER_FILTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/records/rows.h"

namespace turnabout {

inline constexpr absl::string_view kMemberFilterFields[] = {"reference", "display_name", "place",   "state",
                                                            "kind",      "language",     "service", "stage",
                                                            "need",      "offer",        "waiting", "pledged"};

// The values of one of those fields.
std::vector<std::string> MemberValues(const rows::MemberRow& row, absl::string_view field);

// The name of an enum's value without the enum's own prefix: "STATE_ACTIVE" is "ACTIVE".
std::string ShortEnumName(absl::string_view full, absl::string_view prefix);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MEMBER_FILTER_H_
