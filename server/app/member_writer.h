// Members as they are written: created, changed, imported. Everything here runs inside a Txn.
#ifndef TURNABOUT_SERVER_APP_MEMBER_WRITER_H_
#define TURNABOUT_SERVER_APP_MEMBER_WRITER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/problems.h"
#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {

// Looks up what `member` names within the scheme and puts it into `row`: its place's point and the people it must not
// be paired with (by name, or by reference). Adds a problem for each that is not there.
void Resolve(const Snapshot& snapshot, const SchemeView& scheme, const v1::Member& member, const std::string& path,
             rows::MemberRow& row, Problems& problems);

// Saves a row with its next version: waiting is counted from now where it begins, its reference points to it.
// `before` is the row it replaces, or null.
void SaveMember(const SchemeView& scheme, const MemberId& id, const rows::MemberRow* before, rows::MemberRow& row,
                Txn& txn);

// Opens a new member's accounts and saves the row.
void AddMember(const Context& context, const SchemeView& scheme, const MemberId& id, rows::MemberRow& row, Txn& txn);

// The member with this reference, or an empty id.
MemberId MemberByReference(const Snapshot& snapshot, const SchemeView& scheme, absl::string_view reference);

// REFERENCE_TAKEN when it is another's.
absl::Status CheckReferenceIsFree(const Snapshot& snapshot, const SchemeView& scheme, const MemberId& id,
                                  const v1::Member& member);

// FAILED_PRECONDITION/MEMBER_LEFT for one who has.
absl::Status CheckActive(const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MEMBER_WRITER_H_
