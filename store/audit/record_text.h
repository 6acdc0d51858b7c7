// How the journal's keys look to a person who reads it without the server.
#ifndef TURNABOUT_STORE_AUDIT_RECORD_TEXT_H_
#define TURNABOUT_STORE_AUDIT_RECORD_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "store/journal/block.h"

namespace turnabout {

// "entry", "put", "delete", "request", "account".
absl::string_view NameOf(RecordKind kind);

// "member 1 01jd3v9k6t0000000000000000": the table, the scheme's number, and ids as the API writes them. What people
// chose themselves, which is a member's reference, is shown as "(reference)" unless `personal`. Bytes that are no key
// of a known table are shown in hexadecimal, or as a size unless `personal`.
std::string KeyText(absl::string_view key, bool personal);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_RECORD_TEXT_H_
