// A status that leaves the process: the canonical code, the sentence, and the details that a client can act on.
//
//   return ToGrpcStatus(Refuse(Reason::kCreditLimitReached, {{"limit", "-600"}, {"would_be", "-660"}}));
//
// sends FAILED_PRECONDITION with a google.rpc.ErrorInfo of reason CREDIT_LIMIT_REACHED and both facts as its metadata.
#ifndef TURNABOUT_SERVER_SERVICES_STATUS_H_
#define TURNABOUT_SERVER_SERVICES_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::rpc {
class Status;
}
namespace grpc {
class Status;
}

namespace turnabout {

// The domain of every ErrorInfo.
inline constexpr absl::string_view kErrorDomain = "turnabout.v1";

// `status` as google.rpc.Status: one ErrorInfo, and a BadRequest where fields are wrong. A status that is neither OK
// nor made by Refuse is a mistake of ours: it is logged, and the answer is INTERNAL, which says nothing of it.
//
// The result is at most 4 KiB, because it travels in HTTP/2 headers, of which clients accept 8 KiB: long texts end in
// "...", bytes that are not UTF-8 become U+FFFD, and of very many wrong fields the first are named; the metadata then
// has `fields_left_out`. Threads: safe for concurrent use.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// The same for a handler to return; the google.rpc.Status is its error_details(), which clients receive as the trailer
// grpc-status-details-bin. OK gives OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_SERVICES_STATUS_H_
