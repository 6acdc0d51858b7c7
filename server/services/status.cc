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

namespace turnabout {
namespace {

constexpr size_t kMessageBytesMax = 1000;
constexpr size_t kFactBytesMax = 200;
constexpr size_t kViolationsBytesMax = 1500;

// How many bytes the UTF-8 character at the start of `text` has; 0 when there is none.
size_t CharacterLength(absl::string_view text) {
  const auto at = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool surrogate = lead == 0xED && at(1) > 0x9F;
  const bool beyond = lead == 0xF4 && at(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

// `text` as UTF-8 of at most `limit` bytes and an ellipsis.
std::string Readable(absl::string_view text, size_t limit) {
  std::string out;
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    const absl::string_view next = length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    if (out.size() + next.size() > limit) return out + "...";
    absl::StrAppend(&out, next);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

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
