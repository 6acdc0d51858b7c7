#include "server/app/masks.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string ToSnakeCase(absl::string_view path) {
  std::string snake;
  for (char c : path) {
    if (absl::ascii_isupper(c)) snake += '_';
    snake += absl::ascii_tolower(c);
  }
  return snake;
}

void CopyField(const Message& from, const FieldDescriptor& field, Message& to) {
  const Reflection& reflection = *from.GetReflection();
  to.GetReflection()->ClearField(&to, &field);
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(from, &set);
  if (std::find(set.begin(), set.end(), &field) == set.end()) return;
  // Everything but this field goes from a copy, and what is left is merged: one way for every type of field.
  const std::unique_ptr<Message> copy(from.New());
  copy->CopyFrom(from);
  for (const FieldDescriptor* other : set) {
    if (other != &field) copy->GetReflection()->ClearField(copy.get(), other);
  }
  to.MergeFrom(*copy);
}

}  // namespace

absl::Status ApplyMask(const Message& from, const google::protobuf::FieldMask& mask,
                       std::initializer_list<absl::string_view> updatable, Message& to) {
  const auto can_update = [&](absl::string_view name) {
    return std::find(updatable.begin(), updatable.end(), name) != updatable.end();
  };
  std::set<const FieldDescriptor*> fields;  // a mask may name one very often
  if (mask.paths().empty()) {
    std::vector<const FieldDescriptor*> listed;
    from.GetReflection()->ListFields(from, &listed);
    for (const FieldDescriptor* field : listed) {
      if (can_update(field->name())) fields.insert(field);
    }
  }
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      for (absl::string_view name : updatable) {
        fields.insert(from.GetDescriptor()->FindFieldByName(std::string(name)));
      }
      continue;
    }
    const std::string name = ToSnakeCase(path);
    if (!can_update(name)) return Refuse(Reason::kUnknownMaskPath, {{"path", absl::string_view(path).substr(0, 80)}});
    fields.insert(from.GetDescriptor()->FindFieldByName(name));
  }
  for (const FieldDescriptor* field : fields) CopyField(from, *field, to);
  return absl::OkStatus();
}

absl::Status CheckEtag(absl::string_view etag, int64_t version, absl::string_view name) {
  if (etag.empty() || etag == absl::StrCat(version)) return absl::OkStatus();
  return Refuse(Reason::kEtagMismatch, {{"name", name}});
}

}  // namespace turnabout
