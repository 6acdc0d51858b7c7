// Errors as Connect clients expect them: an HTTP status and a JSON object.
//
//   {"code":"failed_precondition","message":"…","details":[{"type":"google.rpc.ErrorInfo","value":"Ch…","debug":{…}}]}
//
// `value` is the detail's wire bytes in base64 without padding; `debug` is the same for people.
#ifndef TURNABOUT_SERVER_EDGE_CONNECT_ERROR_H_
#define TURNABOUT_SERVER_EDGE_CONNECT_ERROR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace google::rpc {
class Status;
}

namespace turnabout {

// "failed_precondition" for 9, and so on; "unknown" for a number that is no code.
absl::string_view ConnectCode(int code);

// The HTTP status for an error: 404 for METHOD_NOT_FOUND, 415 for BAD_CONTENT_TYPE, 413 for BODY_TOO_LARGE, and for all
// others what Connect assigns to the code.
int HttpStatusFor(const google::rpc::Status& error);

// The body. REQUIRES: error.code() != 0.
std::string ConnectErrorJson(const google::rpc::Status& error);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_EDGE_CONNECT_ERROR_H_
