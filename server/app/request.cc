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
constexpr size_t kShortHashBytes = 2;
constexpr unsigned kMessageBit = 0x80;
constexpr char kContentMark = 1;  // no name of a field begins with it

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

// A field that is set, or a message that is there.
struct FieldHash {
  std::string path;  // field numbers, one byte each
  std::string hash;  // of the value; empty for a message, whose fields follow
};
using FieldHashes = std::vector<FieldHash>;

// Every set field below `message`, by the names along its path. Messages are looked into; lists are not.
void Collect(const Message& message, const std::string& above, absl::string_view unlike, FieldHashes& out) {
  for (const FieldDescriptor* field : FieldsByName(*message.GetDescriptor())) {
    if (!IsSet(message, *field)) continue;
    if (above.empty() && (IsAboutTheCallAlone(*field) || field->name() == unlike)) continue;
    FieldHash& each = out.emplace_back();
    each.path = above + static_cast<char>(field->number());
    if (!field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const std::string path = each.path;
      Collect(message.GetReflection()->GetMessage(message, field), path, "", out);
    } else {
      each.hash = std::string(AsView(Sha256({ValueText(message, *field)})).substr(0, kHashBytes));
    }
  }
}

// What is kept of them: kContentMark, a hash of all of it, and for each field the length of its path, the path and the
// start of its hash. The highest bit of the length is set for a message, which has no hash.
std::string Compact(const FieldHashes& fields) {
  std::string all;
  std::string each;
  for (const FieldHash& field : fields) {
    const char length = static_cast<char>(field.path.size() | (field.hash.empty() ? kMessageBit : 0));
    absl::StrAppend(&all, absl::string_view(&length, 1), field.path, field.hash);
    absl::StrAppend(&each, absl::string_view(&length, 1), field.path, field.hash.substr(0, kShortHashBytes));
  }
  return absl::StrCat(absl::string_view(&kContentMark, 1), AsView(Sha256({all})).substr(0, kHashBytes), each);
}

// The same of what the first release kept: `path=hash` for each field, names with dots between and hexadecimal digits,
// with commas between.
std::string CompactText(absl::string_view text, const Descriptor& descriptor) {
  FieldHashes fields;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> field = absl::StrSplit(part, absl::MaxSplits('=', 1));
    FieldHash& each = fields.emplace_back();
    const Descriptor* at = &descriptor;
    for (absl::string_view name : absl::StrSplit(field.first, '.')) {
      const FieldDescriptor* found = at == nullptr ? nullptr : at->FindFieldByName(std::string(name));
      if (found == nullptr) break;  // nobody's field: then it differs
      each.path += static_cast<char>(found->number());
      at = found->message_type();
    }
    each.hash = absl::HexStringToBytes(field.second);
  }
  return Compact(fields);
}

// The names along a path of field numbers.
std::string NamesOf(absl::string_view path, const Descriptor* descriptor) {
  std::string names;
  for (const char number : path) {
    const FieldDescriptor* field = descriptor == nullptr ? nullptr : descriptor->FindFieldByNumber(number);
    if (field == nullptr) break;
    absl::StrAppend(&names, names.empty() ? "" : ".", field->name());
    descriptor = field->message_type();
  }
  return names;
}

// The fields of a compact content, by path, with the starts of their hashes.
std::map<std::string, std::string> ShortHashes(absl::string_view content) {
  std::map<std::string, std::string> hashes;
  for (size_t at = 1 + kHashBytes; at < content.size();) {
    const size_t length = static_cast<unsigned char>(content[at]);
    const size_t path = length & (kMessageBit - 1);
    const size_t hash = (length & kMessageBit) != 0 ? 0 : kShortHashBytes;
    hashes.emplace(std::string(content.substr(at + 1, path)),
                   std::string(content.substr(std::min(at + 1 + path, content.size()), hash)));
    at += 1 + path + hash;
  }
  return hashes;
}

}  // namespace

RequestKey RequestKeyOf(absl::string_view method, absl::string_view scheme, absl::string_view request_id) {
  const absl::string_view zero("\0", 1);
  const Sha256Digest digest = Sha256({method, zero, scheme, zero, request_id});
  RequestKey key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

RequestIdentity IdentityOf(const Message& request, absl::string_view scheme, std::string request_id,
                           absl::string_view unlike) {
  RequestIdentity identity;
  identity.request_id = std::move(request_id);
  if (identity.request_id.empty()) return identity;
  identity.named = true;
  identity.key = RequestKeyOf(request.GetDescriptor()->full_name(), scheme, identity.request_id);
  identity.fields = request.GetDescriptor();
  FieldHashes fields;
  Collect(request, "", unlike, fields);
  identity.content = Compact(fields);
  return identity;
}

RequestIdentity IdentityOf(const Message& request, absl::string_view scheme) {
  const FieldDescriptor* id = request.GetDescriptor()->FindFieldByName("request_id");
  if (id == nullptr) return RequestIdentity();
  return IdentityOf(request, scheme, request.GetReflection()->GetString(request, id), "");
}

absl::Status CheckSameContent(const RequestIdentity& identity, const Remembered& remembered) {
  const bool is_compact = !remembered.content.empty() && remembered.content[0] == kContentMark;
  const std::string content = is_compact ? remembered.content : CompactText(remembered.content, *identity.fields);
  if (identity.content == content) return absl::OkStatus();
  const std::map<std::string, std::string> now = ShortHashes(identity.content);
  const std::map<std::string, std::string> before = ShortHashes(content);
  std::set<std::string> differing;
  for (const auto& [path, hash] : now) {
    const auto at = before.find(path);
    if (at == before.end() || at->second != hash) differing.insert(NamesOf(path, identity.fields));
  }
  for (const auto& [path, hash] : before) {
    if (!now.contains(path)) differing.insert(NamesOf(path, identity.fields));
  }
  return Refuse(Reason::kRequestIdReused,
                {{"request_id", identity.request_id}, {"fields", absl::StrJoin(differing, ", ")}});
}

}  // namespace turnabout
