#include "server/app/request.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/reason.h"
#include "base/sha256.h"
#include "google/protobuf/text_format.h"

namespace turnabout {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kHashBytes = 8;

bool IsAboutTheCallAlone(const FieldDescriptor& field) {
  return field.name() == "request_id" || field.name() == "validate_only";
}

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  std::string text;
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, -1, &text);
    return text;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    std::string each;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, i, &each);
    absl::StrAppend(&text, each.size(), ":", each);
  }
  return text;
}

// Every set field below `message`, by its path, with a hash of its value. Messages are looked into; lists are not.
void Collect(const Message& message, const std::string& prefix, bool top, std::map<std::string, std::string>& out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (top && IsAboutTheCallAlone(*field)) continue;
    const std::string path = absl::StrCat(prefix, field->name());
    if (!field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      out.emplace(path, "");
      Collect(message.GetReflection()->GetMessage(message, field), absl::StrCat(path, "."), false, out);
    } else {
      const Sha256Digest digest = Sha256({ValueText(message, *field)});
      out.emplace(path, absl::BytesToHexString(AsView(digest).substr(0, kHashBytes)));
    }
  }
}

std::string WriteContent(const std::map<std::string, std::string>& fields) {
  return absl::StrJoin(fields, ",", absl::PairFormatter("="));
}

std::map<std::string, std::string> ReadContent(absl::string_view content) {
  std::map<std::string, std::string> fields;
  for (absl::string_view part : absl::StrSplit(content, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> field = absl::StrSplit(part, absl::MaxSplits('=', 1));
    fields.insert(field);
  }
  return fields;
}

}  // namespace

RequestIdentity IdentityOf(const Message& request, absl::string_view scheme) {
  RequestIdentity identity;
  const FieldDescriptor* id = request.GetDescriptor()->FindFieldByName("request_id");
  if (id == nullptr) return identity;
  identity.request_id = request.GetReflection()->GetString(request, id);
  if (identity.request_id.empty()) return identity;
  identity.named = true;
  const std::string zero(1, '\0');
  const Sha256Digest digest = Sha256({request.GetDescriptor()->full_name(), zero, scheme, zero, identity.request_id});
  std::copy_n(digest.begin(), identity.key.size(), identity.key.begin());
  std::map<std::string, std::string> fields;
  Collect(request, "", true, fields);
  identity.content = WriteContent(fields);
  return identity;
}

absl::Status CheckSameContent(const RequestIdentity& identity, const Remembered& remembered) {
  if (identity.content == remembered.content) return absl::OkStatus();
  const std::map<std::string, std::string> now = ReadContent(identity.content);
  const std::map<std::string, std::string> before = ReadContent(remembered.content);
  std::set<std::string> differing;
  for (const auto& [path, hash] : now) {
    const auto at = before.find(path);
    if (at == before.end() || at->second != hash) differing.insert(path);
  }
  for (const auto& [path, hash] : before) {
    if (!now.contains(path)) differing.insert(path);
  }
  return Refuse(Reason::kRequestIdReused,
                {{"request_id", identity.request_id}, {"fields", absl::StrJoin(differing, ", ")}});
}

}  // namespace turnabout
