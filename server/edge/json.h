// JSON at the edge: proto3's JSON mapping, read strictly.
//
//   JsonToWire("turnabout.v1.LogExchangeRequest", R"({"parent": 3})")   BAD_JSON, problem "parent: invalid value 3 …"
//   JsonToWire("turnabout.v1.LogExchangeRequest", R"({"parent" "x"})")  BAD_JSON, "line 1, column 11: expected ':'"
//
// What goes out has lowerCamelCase names, 64-bit integers as texts, and no field that has its default value. What comes
// in may also use the names as they are written in the .proto files, and numbers either as numbers or as texts.
#ifndef TURNABOUT_SERVER_EDGE_JSON_H_
#define TURNABOUT_SERVER_EDGE_JSON_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout {

// How deep objects and lists may be nested.
inline constexpr int kJsonDepthMax = 64;

// Where `text` stops being one JSON value (RFC 8259, in UTF-8), and what is missing there; nothing when it is one.
// Columns count characters, from 1.
std::optional<std::string> JsonProblem(absl::string_view text);

// The wire bytes of the message type `message`, by full name, that `text` describes. BAD_JSON for what is not JSON, for
// a field that the message has not, and for a value that the field cannot hold. REQUIRES: the type is linked in.
absl::StatusOr<std::string> JsonToWire(absl::string_view message, absl::string_view text);

// The other way about. INTERNAL when JSON cannot hold a value, such as a time after the year 9999. REQUIRES: the type
// is linked in, and `wire` is such a message; of other bytes, what can be read is printed.
absl::StatusOr<std::string> WireToJson(absl::string_view message, const std::string& wire);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_EDGE_JSON_H_
