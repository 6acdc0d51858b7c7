#include "server/edge/connect_error.h"

#include <iterator>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/reason.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/edge/json.h"

namespace turnabout {
namespace {

constexpr int kUnknown = 2;

// In the order of the codes' numbers, 0 to 16.
struct Mapping {
  absl::string_view name;
  int http_status;
};
constexpr Mapping kMappings[] = {
    {"unknown", 500},              // OK is no error
    {"canceled", 499},             // 1
    {"unknown", 500},              // 2
    {"invalid_argument", 400},     // 3
    {"deadline_exceeded", 504},    // 4
    {"not_found", 404},            // 5
    {"already_exists", 409},       // 6
    {"permission_denied", 403},    // 7
    {"resource_exhausted", 429},   // 8
    {"failed_precondition", 400},  // 9
    {"aborted", 409},              // 10
    {"out_of_range", 400},         // 11
    {"unimplemented", 501},        // 12
    {"internal", 500},             // 13
    {"unavailable", 503},          // 14
    {"data_loss", 500},            // 15
    {"unauthenticated", 401},      // 16
};

const Mapping& MappingFor(int code) {
  return kMappings[code > 0 && code < static_cast<int>(std::size(kMappings)) ? code : kUnknown];
}

std::string DetailJson(const google::protobuf::Any& detail) {
  const std::string& url = detail.type_url();
  const std::string type = url.substr(url.rfind('/') + 1);
  std::string base64 = absl::Base64Escape(detail.value());
  base64.erase(base64.find_last_not_of('=') + 1);
  std::string json = absl::StrCat("{\"type\":\"", JsonEscape(type), "\",\"value\":\"", base64, "\"");
  if (detail.Is<google::rpc::ErrorInfo>() || detail.Is<google::rpc::BadRequest>()) {
    const absl::StatusOr<std::string> debug = WireToJson(type, detail.value());
    if (debug.ok()) absl::StrAppend(&json, ",\"debug\":", *debug);
  }
  return json + "}";
}

}  // namespace

absl::string_view ConnectCode(int code) { return MappingFor(code).name; }

int HttpStatusFor(const google::rpc::Status& error) {
  google::rpc::ErrorInfo info;
  if (error.details_size() > 0 && error.details(0).UnpackTo(&info)) {
    if (info.reason() == InfoOf(Reason::kMethodNotFound).name) return 404;
    if (info.reason() == InfoOf(Reason::kBadContentType).name) return 415;
    if (info.reason() == InfoOf(Reason::kBodyTooLarge).name) return 413;
  }
  return MappingFor(error.code()).http_status;
}

std::string ConnectErrorJson(const google::rpc::Status& error) {
  std::vector<std::string> details;
  for (const google::protobuf::Any& detail : error.details()) details.push_back(DetailJson(detail));
  return absl::StrCat("{\"code\":\"", ConnectCode(error.code()), "\",\"message\":\"", JsonEscape(error.message()),
                      "\",\"details\":[", absl::StrJoin(details, ","), "]}");
}

}  // namespace turnabout
