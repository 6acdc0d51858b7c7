// What a change of a row is to those who watch a scheme: the name of the resource that it is part of.
#ifndef TURNABOUT_SERVER_RECORDS_CHANGES_H_
#define TURNABOUT_SERVER_RECORDS_CHANGES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/records/rows.h"

namespace turnabout {

// The resource whose row has this key. Nothing for a row of another scheme, and for rows that only the service itself
// reads: counters, what falls due, what it looks things up by.
std::optional<std::string> ChangedResource(const SchemeView& scheme, absl::string_view key);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_CHANGES_H_
