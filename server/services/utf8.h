// UTF-8, one character at a time.
#ifndef TURNABOUT_SERVER_SERVICES_UTF8_H_
#define TURNABOUT_SERVER_SERVICES_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

// How many bytes the well-formed UTF-8 character at the start of `text` has; 0 when there is none: cut short, overlong,
// a surrogate, or beyond U+10FFFF. REQUIRES: !text.empty().
size_t Utf8CharacterLength(absl::string_view text);

// `text` as UTF-8 of at most `limit` bytes: every byte that is part of no character becomes U+FFFD, and a text that is
// cut is cut between characters and ends in "...", which comes on top of the limit.
std::string Readable(absl::string_view text, size_t limit);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_SERVICES_UTF8_H_
