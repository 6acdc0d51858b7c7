// What a member may say, and a member's row as the API shows it.
#ifndef TURNABOUT_SERVER_APP_MEMBER_FIELDS_H_
#define TURNABOUT_SERVER_APP_MEMBER_FIELDS_H_

#include <string>

#include "server/app/problems.h"
#include "server/records/rows.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {

// Adds what is wrong with `member` by the scheme's rules, its fields being below `path`. Says nothing of what only the
// writer can know: whether a reference is free, a place known, an excluded member there.
void CheckMember(const v1::Member& member, const Rules& rules, const std::string& path, Problems& problems);

// Letters, digits, '-', '_' and '.', at most kReferenceLengthMax.
bool IsReference(absl::string_view text);

// Clears every field that only the server sets.
void ClearOutputOnly(v1::Member& member);

v1::Member ToApi(const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row, v1::MemberView view);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MEMBER_FIELDS_H_
