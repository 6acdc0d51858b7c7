#include "server/services/status.h"

#include <grpcpp/support/status.h>

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/services/utf8.h"

namespace turnabout {
namespace {

constexpr size_t kMessageBytesMax = 1000;
constexpr size_t kFactBytesMax = 200;
constexpr size_t kViolationsBytesMax = 1500;

// As many of the wrong fields as fit; how many did not.
size_t AddViolations(const Refusal& refusal, google::rpc::BadRequest& bad) {
  for (size_t i = 0; i < refusal.fields.size(); ++i) {
    google::rpc::BadRequest::FieldViolation violation;
    violation.set_field(Readable(refusal.fields[i].field, kFactBytesMax));
    violation.set_description(Readable(refusal.fields[i].description, kFactBytesMax));
    if (bad.ByteSizeLong() + violation.ByteSizeLong() > kViolationsBytesMax) return refusal.fields.size() - i;
    *bad.add_field_violations() = violation;
  }
  return 0;
}

// A refusal for `status`, whatever it is.
absl::Status AsRefusal(const absl::Status& status) {
  if (RefusalOf(status).has_value()) return status;
  Log(Severity::kError, "a status without a reason", {{"status", status.ToString()}});
  return Refuse(Reason::kInternal);
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status out;
  if (status.ok()) return out;
  const absl::Status refused = AsRefusal(status);
  const std::optional<Refusal> refusal = RefusalOf(refused);
  out.set_code(static_cast<int>(refused.code()));
  out.set_message(Readable(refused.message(), kMessageBytesMax));

  google::rpc::ErrorInfo info;
  info.set_reason(std::string(InfoOf(refusal->reason).name));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : refusal->facts) (*info.mutable_metadata())[key] = Readable(value, kFactBytesMax);
  google::rpc::BadRequest bad;
  const size_t left_out = AddViolations(*refusal, bad);
  if (left_out > 0) (*info.mutable_metadata())["fields_left_out"] = absl::StrCat(left_out);

  out.add_details()->PackFrom(info);
  if (!refusal->fields.empty()) out.add_details()->PackFrom(bad);
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status out = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(out.code()), out.message(), out.SerializeAsString());
}

}  // namespace turnabout
