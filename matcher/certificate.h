// The fixed encoding of a certificate's prices. For each person by id who would give or receive: what a place of theirs
// to give, a place to receive and one more turn is worth, each a whole number of 128 bits, zigzag, seven bits a byte.
#ifndef TURNABOUT_MATCHER_CERTIFICATE_H_
#define TURNABOUT_MATCHER_CERTIFICATE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

// Appends one price.
void PutPrice(std::string& out, __int128 price);

// Takes one price off the front of `in`. False when it is cut short, too long or not the shortest form.
bool TakePrice(absl::string_view& in, __int128& price);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CERTIFICATE_H_
