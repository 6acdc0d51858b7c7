#include "server/app/request.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "absl/container/flat_hash_map.h"
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

// As TextFormat writes one value.
void AppendValue(const Message& message, const FieldDescriptor& field, int at, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  if (at < 0 && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string scratch;
    absl::StrAppend(&out, "\"", absl::CEscape(reflection.GetStringReference(message, &field, &scratch)), "\"");
  } else if (at < 0 && field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    absl::StrAppend(&out, reflection.GetInt64(message, &field));
  } else if (at < 0 && field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    absl::StrAppend(&out, reflection.GetEnum(message, &field)->name());
  } else {
    std::string text;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, at, &text);
    out += text;
  }
}

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  std::string text;
  if (!field.is_repeated()) {
    AppendValue(message, field, -1, text);
    return text;
  }
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    std::string each;
    AppendValue(message, field, i, each);
    absl::StrAppend(&text, each.size(), ":", each);
  }
  return text;
}

// The fields of a message by name, so that their paths come in order.
const std::vector<const FieldDescriptor*>& FieldsByName(const Descriptor& descriptor) {
  thread_local absl::flat_hash_map<const Descriptor*, std::vector<const FieldDescriptor*>> known;
  const auto [at, is_new] = known.try_emplace(&descriptor);
  if (is_new) {
    for (int i = 0; i < descriptor.field_count(); ++i) at->second.push_back(descriptor.field(i));
    std::sort(at->second.begin(), at->second.end(),
              [](const FieldDescriptor* a, const FieldDescriptor* b) { return a->name() < b->name(); });
  }
  return at->second;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
}

// Every set field below `message`, as path=hash by path, with commas between. Messages are looked into; lists are not.
void Collect(const Message& message, const std::string& prefix, absl::string_view unlike, std::string& out) {
  const std::vector<const FieldDescriptor*> fields = FieldsByName(*message.GetDescriptor());
  for (const FieldDescriptor* field : fields) {
    if (!IsSet(message, *field)) continue;
    if (prefix.empty() && (IsAboutTheCallAlone(*field) || field->name() == unlike)) continue;
    const std::string path = absl::StrCat(prefix, field->name());
    absl::StrAppend(&out, out.empty() ? "" : ",", path, "=");
    if (!field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Collect(message.GetReflection()->GetMessage(message, field), absl::StrCat(path, "."), "", out);
    } else {
      const Sha256Digest digest = Sha256({ValueText(message, *field)});
      absl::StrAppend(&out, absl::BytesToHexString(AsView(digest).substr(0, kHashBytes)));
    }
  }
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

RequestIdentity IdentityOf(const Message& request, absl::string_view scheme, std::string request_id,
                           absl::string_view unlike) {
  RequestIdentity identity;
  identity.request_id = std::move(request_id);
  if (identity.request_id.empty()) return identity;
  identity.named = true;
  const absl::string_view zero("\0", 1);
  const Sha256Digest digest = Sha256({request.GetDescriptor()->full_name(), zero, scheme, zero, identity.request_id});
  std::copy_n(digest.begin(), identity.key.size(), identity.key.begin());
  Collect(request, "", unlike, identity.content);
  return identity;
}

RequestIdentity IdentityOf(const Message& request, absl::string_view scheme) {
  const FieldDescriptor* id = request.GetDescriptor()->FindFieldByName("request_id");
  if (id == nullptr) return RequestIdentity();
  return IdentityOf(request, scheme, request.GetReflection()->GetString(request, id), "");
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
