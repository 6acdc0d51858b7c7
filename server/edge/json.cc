#include "server/edge/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/reason.h"

namespace turnabout {
namespace {

constexpr absl::string_view kUrlPrefix = "type.googleapis.com";

google::protobuf::util::TypeResolver* Resolver() {
  static google::protobuf::util::TypeResolver* const resolver =
      google::protobuf::util::NewTypeResolverForDescriptorPool(std::string(kUrlPrefix),
                                                               google::protobuf::DescriptorPool::generated_pool());
  return resolver;
}

std::string UrlOf(absl::string_view message) { return absl::StrCat(kUrlPrefix, "/", message); }

// Protobuf says "(a.b) c: Cannot find field." or "(a.b): invalid value …"; the caller reads "a.b.c: there is no such
// field".
std::string Plain(absl::string_view said) {
  std::string path;
  if (absl::ConsumePrefix(&said, "(")) {
    const size_t close = said.find(')');
    path = std::string(said.substr(0, close));
    said = close == absl::string_view::npos ? "" : absl::StripLeadingAsciiWhitespace(said.substr(close + 1));
    if (!said.empty() && said[0] != ':') path += '.';
  }
  absl::ConsumePrefix(&said, ": ");
  const bool has_path = !path.empty() && path.back() != '.';
  return absl::StrReplaceAll(absl::StrCat(path, has_path ? ": " : "", said),
                             {{"Cannot find field.", "there is no such field"},
                              {absl::StrCat(kUrlPrefix, "/"), ""},
                              {"Root element must be a message.", "expected an object, {…}"}});
}

}  // namespace

absl::StatusOr<std::string> JsonToWire(absl::string_view message, absl::string_view text) {
  const auto refuse = [message](absl::string_view problem) {
    return Refuse(Reason::kBadJson, {{"message", message}, {"problem", problem}});
  };
  if (text.empty()) return refuse("it is empty; send {} for no fields");
  const std::optional<std::string> problem = JsonProblem(text);
  if (problem.has_value()) return refuse(*problem);
  std::string wire;
  const auto status = google::protobuf::util::JsonToBinaryString(Resolver(), UrlOf(message), std::string(text), &wire);
  if (!status.ok()) return refuse(Plain({status.message().data(), status.message().size()}));
  return wire;
}

absl::StatusOr<std::string> WireToJson(absl::string_view message, const std::string& wire) {
  std::string json;
  const auto status = google::protobuf::util::BinaryToJsonString(Resolver(), UrlOf(message), wire, &json,
                                                                 google::protobuf::util::JsonPrintOptions());
  if (status.ok()) return json;
  Log(Severity::kError, "a message does not print as JSON", {{"message", std::string(message)}});
  return Refuse(Reason::kInternal);
}

}  // namespace turnabout
