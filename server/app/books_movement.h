// What the ways of writing entries have in common: one at a time, many at once, between schemes.
#ifndef TURNABOUT_SERVER_APP_BOOKS_MOVEMENT_H_
#define TURNABOUT_SERVER_APP_BOOKS_MOVEMENT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "base/status_macros.h"
#include "google/protobuf/duration.pb.h"
#include "server/app/entry_view.h"
#include "server/app/problems.h"
#include "server/app/request.h"
#include "server/records/rows.h"

namespace turnabout {

// True for the kinds that move minutes on somebody's word alone, or, with `hold`, reserve them; every other kind has a
// service of its own.
bool IsFreeKind(v1::Entry::Kind kind, bool hold);

// The name of an account in some scheme, whether or not it is there.
void CheckAccountName(absl::string_view field, absl::string_view name, Problems& problems);

// From a second to 10 years, in whole seconds.
void CheckHoldFor(const google::protobuf::Duration& hold_for, Problems& problems);

// The number of a day of help, which is neither in the future nor too long ago; 0 for an empty text.
int32_t ReadHappenedOn(absl::string_view date, absl::CivilDay today, Problems& problems);

// The place of a category in the scheme's rules, from 1; 0 for an empty text. UNKNOWN_CATEGORY.
absl::StatusOr<uint16_t> CategoryNumber(const SchemeView& scheme, absl::string_view category);

// OK when minutes of this kind leave and reach owners like these; else BAD_FIELDS.
absl::Status CheckFit(v1::Entry::Kind kind, const AccountKey& from, const AccountKey& to);

// A new draft of the kind and amount of `movement`, between two of the scheme's accounts. BAD_FIELDS.
template <typename Movement>
absl::StatusOr<Draft> MinutesDraft(const Context& context, const SchemeView& scheme, const Movement& movement,
                                   const AccountKey& from, const AccountKey& to) {
  RETURN_IF_ERROR(CheckFit(movement.kind(), from, to));
  return Draft{.id = context.ids.Next<EntryId>(),
               .scheme = scheme.number(),
               .kind = static_cast<EntryKind>(movement.kind()),
               .from = from.owner,
               .to = to.owner,
               .amount = movement.amount()};
}

// Undoes the other half of a movement between schemes, when `reversed` is one half. Errors: as Ledger::Reverse.
absl::Status ReverseOtherHalf(const Context& context, const EntryId& reversed, bool overridden, absl::string_view actor,
                              absl::string_view note, Txn& txn);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_BOOKS_MOVEMENT_H_
